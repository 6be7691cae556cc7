import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import { printable } from '../display-width.js';
import { hanging, type Page, wrap } from '../layout.js';
import { counted, plural, shortList } from '../words.js';
import type { ChangeReport } from './change-report.js';
import type { Change, ChangedObject } from './changed-objects.js';
import { effectLines } from './effect-lines.js';

/** What a compilation changes, for a person: object by object, what that does to the mesh, and a count. */
export function changesToText(report: ChangeReport, page: Page): string {
  const { objects, effects } = report;
  const blocks = [objectLines(objects, page), effectLines(effects, page), summaryLines(report, page)];
  return blocks.flatMap((lines) => (lines.length === 0 ? [] : [`${lines.join('\n')}\n`])).join('\n');
}

const signs = { added: '+', changed: '~', annotated: '~', removed: '-' } as const;

/** More namespaces than these are counted, not listed. */
const shownGroups = 40;

function objectLines(objects: readonly ChangedObject[], page: Page): readonly string[] {
  const groups = groupBy(objects, ({ cluster, namespace }) => `${cluster} ${namespace ?? ''}`);
  const isShort = groups.size > shownGroups;
  return [...groupBy(objects, ({ cluster }) => cluster)].flatMap(([cluster, own]) => [
    page.pen.bold(printable(`cluster ${cluster}`)),
    ...(isShort ? countLines(own, page) : namespaceLines(own, page)),
  ]);
}

function namespaceLines(objects: readonly ChangedObject[], page: Page): readonly string[] {
  const namespaces = groupBy(
    sortBy(objects, ({ namespace }) => namespace ?? ''),
    ({ namespace }) => namespace,
  );
  return [...namespaces].flatMap(([namespace, own]) => [
    printable(`  ${namespace ?? 'no namespace'}`),
    ...kindGroups(own).flatMap(([title, sign, members]) =>
      nameLines(title, sign, sortedUnique(members.map(({ name }) => name)), page),
    ),
  ]);
}

function countLines(objects: readonly ChangedObject[], page: Page): readonly string[] {
  return kindGroups(objects).map(([title, sign, members]) => {
    const places = counted(new Set(members.map(({ namespace }) => namespace)).size, 'namespace');
    return paintOf(sign, page)(`  ${sign} ${members.length} ${title} in ${places}`);
  });
}

type Sign = (typeof signs)[keyof typeof signs];

/** Objects of one kind to which the same happens. */
function kindGroups(objects: readonly ChangedObject[]): ReadonlyArray<readonly [string, Sign, ChangedObject[]]> {
  const groups = groupBy(objects, (object) => `${object.kind} ${object.change} ${remarkOf(object)}`);
  const named = [...groups.values()].flatMap((members): Array<readonly [string, Sign, ChangedObject[]]> => {
    const [first] = members;
    if (first === undefined) return [];
    const title = members.length === 1 ? first.kind : plural(first.kind);
    return [[`${title}${remarkOf(first)}`, signs[first.change], members]];
  });
  return sortBy(
    named,
    ([title]) => title,
    ([, sign]) => sign,
  );
}

function remarkOf({ change, phase }: ChangedObject): string {
  if (change === 'annotated') return ' (comments only)';
  return phase === '30-enrolment' ? ' (labels)' : '';
}

const shownNames = 12;
const titleWidth = 26;

function nameLines(title: string, sign: Sign, names: readonly string[], page: Page): readonly string[] {
  const introduction = `    ${sign} ${title.padEnd(titleWidth)}  `;
  return hanging(introduction, printable(shortList(names, shownNames)), page.columns).map((line) =>
    paintOf(sign, page)(line),
  );
}

function paintOf(sign: Sign, { pen }: Page): (text: string) => string {
  return { '+': pen.green, '~': pen.yellow, '-': pen.red }[sign];
}

const countWords: Readonly<Record<Change, string>> = {
  added: 'added',
  changed: 'changed',
  annotated: 'changed in comments only',
  removed: 'removed',
};

function summaryLines({ directory, objects, unchanged, writing }: ChangeReport, { columns }: Page): readonly string[] {
  const changed = Object.entries(countWords).map(
    ([change, words]) => [objects.filter((object) => object.change === change).length, words] as const,
  );
  const counts = [...changed, [unchanged.length, 'unchanged'] as const]
    .flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`]))
    .join(', ');
  if (objects.length + unchanged.length === 0) return [`${printable(directory)} is empty: the intents need no objects`];
  if (objects.length === 0) return wrap(printable(`${directory} is up to date: ${counts}`), columns);
  const text =
    writing === undefined ? `wrote ${directory}: ${counts}` : `${directory} is stale: ${counts}; run \`${writing}\``;
  return wrap(printable(text), columns);
}
