import type { SourceFile, Span } from '../diagnostics/diagnostic.js';
import { kinds } from '../parse/kinds.js';
import { originsOf } from '../report/explain.js';
import type { Known } from './known.js';
import { placesNamed } from './named-objects.js';
import { referredBy } from './references.js';
import { idsAround } from './rule-ids.js';
import { type Spot, spotAt, textAt, valueAt } from './spot.js';

/** A place in what the project reads, or a line of what it has written. */
export type Target =
  | { readonly kind: 'source'; readonly span: Span }
  | { readonly kind: 'line'; readonly path: string; readonly line: number }
  | { readonly kind: 'output'; readonly path: string; readonly ids: readonly string[] };

/** Where it is written what stands at an offset: of a name what it names, of a rule the objects that it became. */
export function targetsAt(file: SourceFile, offset: number, known: Known): readonly Target[] {
  const spot = spotAt(file, offset);
  if (spot === undefined || spot.part === 'key') return [];
  const { document, path } = spot;
  if (!kinds.some((kind) => kind === textAt(document.value, ['kind']))) return [];
  const value = valueAt(document.value, path);
  const referred = referredBy(path);
  if (referred === undefined) return path.at(-1) === 'name' ? outputOf(spot, known) : [];
  const where = { document: document.value, path };
  return placesNamed(referred, String(value), known, where).map((span) => ({ kind: 'source', span }));
}

function outputOf(spot: Spot, { whole }: Known): readonly Target[] {
  const manifests = whole?.manifests ?? [];
  const around = idsAround(spot);
  const settings = around.at(-1) ?? '';
  const nearest = around.find((id) => manifests.some(({ realises }) => realises.includes(id)));
  const isDocument = spot.path[0] === 'metadata';
  const isMeant = (id: string) => (isDocument ? id === settings || id.startsWith(`${settings}/`) : id === nearest);
  return manifests.flatMap(({ realises }, index): readonly Target[] => {
    const ids = realises.filter(isMeant);
    const path = whole?.files[index]?.path;
    return ids.length === 0 || path === undefined ? [] : [{ kind: 'output', path, ids }];
  });
}

/** The line of an emitted text that tells of one of the rules: its comment, or that of its object, or the first. */
export function lineAbout(text: string, ids: readonly string[]): number {
  const lines = text.split('\n');
  const begins = (prefix: string) =>
    lines.findIndex((line) =>
      ids.some((id) => new RegExp(`^\\s*# ${prefix}`).test(line) && wordsOf(line).includes(id)),
    );
  return [begins('(?!for )'), begins('for '), 0].find((line) => line >= 0) ?? 0;
}

/** Back from an emitted object: the rules that its line names, or else all that it stands for. */
export function intentsBehind(text: string, line: number, known: Known | undefined): readonly Target[] {
  const lines = text.split('\n');
  const annotation = lines.filter((each) => /^\s*ambit\.dev\/intents:/.test(each));
  const [here, whole] = [[lines[line] ?? ''], annotation].map((each) =>
    each.flatMap((one) => named(one, lines, known)),
  );
  return here !== undefined && here.length > 0 ? here : (whole ?? []);
}

function named(line: string, lines: readonly string[], known: Known | undefined): readonly Target[] {
  const origins = new Map((known?.whole ? originsOf(known.whole) : []).map((origin) => [origin.id, origin.span]));
  const ids = wordsOf(line).filter((word) => origins.has(word) || commented(word, lines) !== undefined);
  return ids.flatMap((id): readonly Target[] => {
    const span = origins.get(id);
    if (span !== undefined) return [{ kind: 'source', span }];
    const place = commented(id, lines);
    return place === undefined ? [] : [{ kind: 'line', ...place }];
  });
}

/** What a comment says of where a rule is written: `# payments/scrape (intents/payments.yaml:12)`. */
function commented(id: string, lines: readonly string[]): { readonly path: string; readonly line: number } | undefined {
  for (const line of lines) {
    const [, found, path, number] = /^\s*# (?:for )?(\S+) \((.+):(\d+)\)/.exec(line) ?? [];
    if (found === id && path !== undefined) return { path, line: Number(number) - 1 };
  }
  return undefined;
}

function wordsOf(line: string): readonly string[] {
  return line.split(/[\s",()]+/);
}
