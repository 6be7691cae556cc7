import { diagnostic } from '../../diagnostics/create.js';
import type { Cors, TextPattern } from '../../parse/traffic/settings.js';
import type { ResolveContext } from '../context.js';
import { textOf } from './matches.js';
import { regexFault } from './regex-fault.js';

/** Reports origins that say nothing beside `*`, and a permission to send cookies that is given to every site. */
export function checkOrigins(context: ResolveContext, cors: Cors | undefined): void {
  if (cors === undefined) return;
  const { origins, credentials } = cors;
  const any = origins.find(({ kind }) => kind === 'any');
  // Every origin is among all of them, and the API server refuses to hear both.
  if (any !== undefined && origins.length > 1) context.report(diagnostic('origins-beside-any', {}, any.span));
  const open = credentials === true ? origins.find(admitsAnybody) : undefined;
  if (open === undefined) return;
  const notes = [
    {
      message:
        'the proxy answers with the very origin that asked, never with `*`, which browsers would refuse here (istio-traffic-topology F-21)',
    },
  ];
  context.report(diagnostic('credentials-for-any-origin', { origin: textOf(open) }, open.span, { notes }));
}

/** Whether it lets in a site of anybody; what matches the text `*` admits every origin for Envoy (F-21). */
function admitsAnybody(origin: TextPattern): boolean {
  return ['*', 'https://anybody.invalid'].some((text) => matches(origin, text));
}

function matches({ kind, value }: TextPattern, text: string): boolean {
  if (kind === 'any') return true;
  if (kind === 'exact') return text === value;
  if (kind === 'prefix') return text.startsWith(value);
  if (kind === 'suffix') return text.endsWith(value);
  if (regexFault(value) !== undefined) return false;
  const [, flags = '', expression = ''] = /^(?:\(\?([is]+)\))?(.*)$/s.exec(value) ?? [];
  return new RegExp(`^(?:${expression})$`, [...new Set(`u${flags}`)].join('')).test(text);
}
