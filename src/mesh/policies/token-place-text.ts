import type { TokenPlace } from '../../parse/tokens/token-place.js';

/** `header x-jwt`, `cookie session`, `parameter token`: a place in words, with the prefix that its header needs. */
export function placeText(place: TokenPlace): string {
  const prefix = place.kind === 'header' && place.prefix !== '' ? `: ${place.prefix}` : '';
  return `${place.kind} ${place.name}${prefix}`;
}

/** The place that a text names. Any other text is a place where nobody looks. */
export function placeOf(text: string): TokenPlace {
  const [, kind, name = '', prefix = ''] = /^(header|cookie|parameter) ([^:]*)(?:: (.*))?$/s.exec(text) ?? [];
  if (kind === 'header') return { kind, name, prefix };
  return kind === 'cookie' ? { kind, name } : { kind: 'parameter', name: name || text };
}

/** The header in which a place is; `undefined` of a parameter. */
export function headerOf({ kind, name }: TokenPlace): string | undefined {
  if (kind === 'parameter') return undefined;
  return kind === 'cookie' ? 'cookie' : name;
}
