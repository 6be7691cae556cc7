/**
 * How a plain scalar reads by YAML 1.2, where that is not how kubectl reads it; `undefined` where both agree.
 * YAML 1.2 has neither `yes`, `on` and `y` nor octals that begin with `0`; YAML 1.1 has sexagesimal numbers.
 */
export function otherReading(text: string, value: unknown): 'text' | 'a number' | 'another number' | undefined {
  if (typeof value === 'string') return sexagesimal.test(text) ? 'a number' : undefined;
  if (typeof value === 'boolean') return /^(?:true|false)$/i.test(text) ? undefined : 'text';
  if (typeof value !== 'number') return undefined;
  const other = readCoreNumber(text);
  if (other === undefined) return 'text';
  return other === value ? undefined : 'another number';
}

/** What kubectl reads, in words for a message. */
export function describeReading(value: unknown): string {
  return typeof value === 'string' ? 'text' : `\`${String(value)}\``;
}

const sexagesimal = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const coreNumber = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const corePrefixed = /^0(?:o[0-7]+|x[\da-fA-F]+)$/;

function readCoreNumber(text: string): number | undefined {
  return coreNumber.test(text) || corePrefixed.test(text) ? Number(text) : undefined;
}
