import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { suggest } from '../util/suggest.js';
import { type Cursor, cursorAt } from './cursor.js';
import type { Document } from './document.js';
import flags from './istiod-flags.json' with { type: 'json' };
import type { IstioVersion } from './mesh.js';
import { defaultVersion } from './parse-istio.js';
import { listed, quoted } from './schema-words.js';

/** The releases that have a flag, as `first-last`; empty for all that are supported, an open end for no end. */
const known: ReadonlyMap<string, string> = new Map(Object.entries(flags));

/** Flags in a `Mesh` document that the istiod of their cluster does not have: they would change nothing. */
export function checkFlags(document: Document): Diagnostic[] {
  const clusters = cursorAt(document, []).field('spec').field('clusters').items();
  return clusters.flatMap((cluster) => {
    const istio = cluster.optional('istio', (node) => node);
    const version = istio?.optional('version', (node) => node.text().value as IstioVersion) ?? defaultVersion;
    const written = istio?.optional('flags', (node) => node.fields()) ?? [];
    return written.flatMap((flag) => checkFlag(flag, version));
  });
}

function checkFlag({ key: flag, keySpan }: Cursor, version: IstioVersion): Diagnostic[] {
  const releases = known.get(flag);
  const [first = '', last = ''] = releases?.split('-') ?? [];
  if (releases !== undefined && first <= version && (last === '' || version <= last)) return [];
  return [diagnostic('unknown-flag', { flag, version }, keySpan, { help: helpFor(flag, releases, first, last) })];
}

function helpFor(flag: string, releases: string | undefined, first: string, last: string): string {
  if (releases !== undefined)
    return first === '' ? `it is there up to Istio ${last}` : `it is there from Istio ${first} on`;
  const near = suggest(flag, known.keys());
  return near.length > 0 ? `did you mean ${listed(near.map(quoted), 'or')}?` : 'take it out: it would change nothing';
}
