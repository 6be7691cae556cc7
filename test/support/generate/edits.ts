import { dump, loadAll } from 'js-yaml';
import type { Source } from '../../../src/pipeline.js';
import { fc } from '../fast-check.js';

/** A project, and the same project after each of a few small edits, whatever becomes of it: some of them nobody can compile. */
export function editedStates(sources: readonly Source[]): fc.Arbitrary<ReadonlyArray<readonly Source[]>> {
  const first = sources.flatMap(oneDocumentEach);
  return fc
    .array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.constantFrom(...edits)), { minLength: 1, maxLength: 4 })
    .map((chosen) => {
      const states: Array<readonly Source[]> = [first];
      for (const [place, field, other, edit] of chosen) states.push(edit(states.at(-1) ?? first, place, field, other));
      return states;
    });
}

/** A file for each document, so that an edit leaves the texts of all others as they are. */
function oneDocumentEach({ path, text, ...rest }: Source): readonly Source[] {
  return loadAll(text).map((value, index) => ({
    ...rest,
    path: path.replace('.yaml', `-${index}.yaml`),
    text: textOf(value),
  }));
}

function textOf(value: unknown): string {
  return dump(value, { noRefs: true, lineWidth: -1 });
}

type Edit = (sources: readonly Source[], place: number, field: number, other: number) => readonly Source[];

const edits: readonly Edit[] = [changeField, changeField, changeField, removeField, removeFile, moveText, touch];

function changed(sources: readonly Source[], place: number, change: (source: Source) => readonly Source[]) {
  return sources.flatMap((source, index) => (index === place % sources.length ? change(source) : source));
}

/** Gives a field what a field of that name says elsewhere. */
function changeField(sources: readonly Source[], place: number, field: number, other: number): readonly Source[] {
  const said = sources.flatMap(({ text }) => fieldsOf(loadAll(text)[0]));
  return changed(sources, place, (source) => {
    const [value] = loadAll(source.text);
    const fields = fieldsOf(value);
    const chosen = fields[field % fields.length];
    const values = said.filter(({ key }) => key === chosen?.key);
    const taken = values[other % values.length];
    if (chosen === undefined || taken === undefined) return [source];
    chosen.holder[chosen.key] = structuredClone(taken.holder[taken.key]);
    return [{ ...source, text: textOf(value) }];
  });
}

function removeField(sources: readonly Source[], place: number, field: number): readonly Source[] {
  return changed(sources, place, (source) => {
    const [value] = loadAll(source.text);
    const fields = fieldsOf(value);
    const chosen = fields[field % fields.length];
    if (chosen !== undefined) delete chosen.holder[chosen.key];
    return [{ ...source, text: textOf(value) }];
  });
}

function removeFile(sources: readonly Source[], place: number): readonly Source[] {
  return changed(sources, place, () => []);
}

/** Nothing means anything else, and every line is another. */
function moveText(sources: readonly Source[], place: number): readonly Source[] {
  return changed(sources, place, (source) => [{ ...source, text: `# moved\n${source.text}` }]);
}

function touch(sources: readonly Source[]): readonly Source[] {
  return sources.map((source) => ({ ...source }));
}

interface Field {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function fieldsOf(value: unknown): readonly Field[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  const own = Array.isArray(value) ? [] : Object.keys(holder).map((key) => ({ holder, key }));
  return [...own, ...Object.values(holder).flatMap(fieldsOf)];
}
