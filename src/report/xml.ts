/** Attributes of an XML element, in the order given. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value))}"`)
    .join(' ');
}

/** What XML gives a meaning to is written as an entity; control characters, for which it has no form, are dropped. */
export function escapeXml(text: string): string {
  return text
    .replace(/(?!\n)\p{Cc}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
