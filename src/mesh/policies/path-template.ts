import { escapeRegExp } from '../../util/escape-reg-exp.js';

/** One segment of a path template: a literal, `{*}` (one segment) or `{**}` (any number of characters, `/` included). */
export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'segment' }
  | { readonly kind: 'rest' };

/** The characters that `{*}` takes; `{**}` takes these and `/` (§1.5). */
export const segmentCharacter = /[A-Za-z0-9\-._~%!$&'()+,;:@=*]/;

/** A `paths` value is a template when it has `{*}` or `{**}` anywhere (§1.5). */
export function isTemplate(path: string): boolean {
  return path.includes('{*}') || path.includes('{**}');
}

/** The literals and operators of a template, in order. */
export function templateParts(template: string): TemplatePart[] {
  return template
    .split(/(\{\*\*\}|\{\*\})/)
    .filter((text) => text !== '')
    .map((text) => {
      if (text === '{**}') return { kind: 'rest' };
      return text === '{*}' ? { kind: 'segment' } : { kind: 'literal', text };
    });
}

/** Whether the whole path is of the template's form, as Envoy's URI template matcher reads it (§1.5). */
export function matchesTemplate(template: string, path: string): boolean {
  const source = templateParts(template)
    .map((part) => {
      if (part.kind === 'literal') return escapeRegExp(part.text);
      const character = segmentCharacter.source.slice(1, -1);
      return part.kind === 'segment' ? `[${character}]+` : `[${character}/]*`;
    })
    .join('');
  return new RegExp(`^${source}$`, 's').test(path);
}
