/** The fields of a line in JSON that are texts or numbers, as texts; none where it is no such object. */
export function jsonFields(text: string): Readonly<Record<string, string>> {
  const texts = Object.entries(objectIn(text)).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
}

function objectIn(text: string): object {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
