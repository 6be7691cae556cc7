import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { suggest } from '../util/suggest.js';
import { type Cursor, cursorAt } from './cursor.js';
import type { Document } from './document.js';
import flags from './istiod-flags.json' with { type: 'json' };
import variables from './istiod-variables.json' with { type: 'json' };
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
  const fault = flagFault(flag, version);
  return fault === undefined ? [] : [diagnostic('unknown-flag', { flag, version }, keySpan, { help: fault.help })];
}

/** Whether some release of istiod has a feature flag of this name. */
export function isFlag(name: string): boolean {
  return known.has(name);
}

/** Whether istiod reads an environment variable of this name that is not true or false. */
export function isVariable(name: string): boolean {
  return variables.includes(name);
}

/** What to do about a name that is no flag of a release. */
export interface FlagFault {
  readonly help: string;
  /** Whether another flag may be meant. */
  readonly isNear: boolean;
}

/** `undefined` where the release has the flag. */
export function flagFault(flag: string, version: IstioVersion): FlagFault | undefined {
  const releases = known.get(flag);
  const [first = '', last = ''] = releases?.split('-') ?? [];
  if (releases !== undefined && first <= version && (last === '' || version <= last)) return undefined;
  if (releases !== undefined) {
    const help = first === '' ? `it is there up to Istio ${last}` : `it is there from Istio ${first} on`;
    return { help, isNear: false };
  }
  const near = suggest(flag, known.keys());
  const meant = `did you mean ${listed(near.map(quoted), 'or')}?`;
  return { help: near.length > 0 ? meant : 'take it out: it would change nothing', isNear: near.length > 0 };
}
