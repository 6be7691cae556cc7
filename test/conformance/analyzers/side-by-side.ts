import type { JsonObject } from '../../../src/parse/document.js';
import { verify } from '../../../src/pipeline.js';
import { sortBy, sortedUnique } from '../../../src/util/order.js';
import { type Finding, securityFindings } from './findings.js';

/** What Ambit says of the objects of one input, by `Kind namespace/name`. */
export type Said = ReadonlyMap<string, readonly string[]>;

/** Each object is a text of its own, so that a diagnostic shows of which object it speaks. */
export function saidOf(objects: readonly JsonObject[]): Said {
  const sources = objects.map((object) => ({
    path: placeOf(object),
    text: JSON.stringify(object),
    cluster: 'default',
  }));
  const said = new Map<string, string[]>();
  const found = verify(sources).diagnostics.filter(({ code }) => !isOfSurroundings(code));
  for (const { code, span, notes } of found) {
    for (const place of [span, ...notes.map((note) => note.span)]) {
      const path = place?.file.path;
      if (path !== undefined) said.set(path, [...(said.get(path) ?? []), code]);
    }
  }
  return new Map([...said].map(([path, codes]) => [path, sortedUnique(codes)]));
}

/** That the manifests lack a Namespace, or pods for a Service, is none of what the analyzers find. */
function isOfSurroundings(code: string): boolean {
  return ['AMB2520', 'AMB2523'].includes(code);
}

function placeOf({ kind, metadata }: JsonObject): string {
  const { name, namespace } = Object(metadata);
  return `${kind} ${kind === 'Namespace' ? name : `${namespace ?? 'default'}/${name}`}`;
}

/** A finding of an analyzer, and what Ambit says of the same object. */
export interface Beside {
  readonly input: string;
  readonly finding: Finding;
  readonly codes: readonly string[];
}

export function besides(input: string, findings: readonly Finding[], said: Said): Beside[] {
  return findings.map((finding) => {
    const name = finding.kind === 'Namespace' || finding.name.includes('/') ? finding.name : `default/${finding.name}`;
    return { input, finding, codes: said.get(`${finding.kind} ${name}`) ?? [] };
  });
}

/** One line a code: how many objects it was found at, of how many Ambit speaks, and with which codes. */
export function besideTable(all: readonly Beside[]): string {
  const codes = sortedUnique(all.map(({ finding }) => finding.code));
  const rows = codes.map((code) => {
    const own = all.filter(({ finding }) => finding.code === code);
    const spoken = own.filter((each) => each.codes.length > 0);
    const names = sortedUnique(spoken.flatMap((each) => each.codes)).join(', ');
    const { says = '', unsaid = '' } = securityFindings[code] ?? {};
    return `| ${[code, says, own.length, spoken.length, names, spoken.length < own.length ? unsaid : ''].join(' | ')} |`;
  });
  return [
    '| Analyzer | what it finds | at | Ambit speaks of | with | why not of all |',
    '| --- | --- | ---: | ---: | --- | --- |',
    ...rows,
  ].join('\n');
}

/** What an analyzer finds and Ambit does not speak of, where nobody has written down why. */
export function unspoken(all: readonly Beside[]): string[] {
  return sortBy(
    all,
    ({ input }) => input,
    ({ finding }) => finding.code,
  )
    .filter(({ codes, finding }) => codes.length === 0 && securityFindings[finding.code]?.unsaid === undefined)
    .map(({ input, finding }) => `${input}: ${finding.code} ${finding.kind} ${finding.name}: ${finding.text}`);
}
