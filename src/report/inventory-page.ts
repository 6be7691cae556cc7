import type { Entry, Kind } from '../inventory/entry.js';
import { type Found, shortName } from '../inventory/find.js';
import { inventory } from '../inventory/inventory.js';
import { groupBy } from '../util/order.js';

const introduction = [
  '# Kinds',
  'What becomes of everything that a manifest may say: every field of the kinds that decide who gets in or where a request ends, and ' +
    'the labels and annotations that Istio reads.',
  list([
    '**modelled**: verdicts follow from it;',
    '**said**: it may change who gets in, what it concerns is undecided, and a code tells of it where nothing is asked;',
    '**irrelevant**: it changes nobody’s access, nor where a request ends.',
  ]),
  'A field stands for all that lies below it; `spec.*` is whatever no other line names.',
];

/** The whole inventory as one page of Markdown. */
export function inventoryPage(): string {
  const groups = inventory.flatMap(({ title, kinds }) => [
    `## ${title}`,
    ...kinds.flatMap((kind) => sections(kind, '###')),
  ]);
  return `${[...introduction, ...groups].join('\n\n')}\n`;
}

/** Which kinds there are, and how much of each is modelled. */
export function inventoryContentsPage(): string {
  const groups = inventory.flatMap(({ title: heading, kinds }) => [`## ${heading}`, list(kinds.map(line))]);
  const more =
    '`ambit explain kinds VirtualService` prints one; `ambit explain VirtualService.spec.http.fault` a field of it; `ambit explain istio.io/rev` a label.';
  return `${[...introduction, more, ...groups].join('\n\n')}\n`;
}

function line(kind: Kind): string {
  const count = (becomes: Entry['becomes']) =>
    kind.entries.filter((entry) => entry.becomes === becomes).reduce((sum, { fields }) => sum + fields.length, 0);
  const counts = (['modelled', 'said', 'irrelevant'] as const).map((becomes) => [count(becomes), becomes] as const);
  const shown = counts.filter(([number]) => number > 0).map(([number, becomes]) => `${number} ${becomes}`);
  return `**${shortName(kind)}**: ${kind.about}; ${shown.join(', ')}`;
}

/** What was asked about: whole kinds, or what is said of a field; kinds of which one thing is said stand together. */
export function foundPage(found: readonly Found[]): string {
  const whole = found.filter(({ path }) => path === undefined).flatMap(({ kind }) => sections(kind, '#'));
  const fields = found.flatMap(({ kind, path, entries }) => (path === undefined ? [] : [{ kind, path, entries }]));
  const alike = groupBy(fields, ({ path, entries }) => `${path}\n${entries.map(textOf).join('\n')}`);
  const answers = [...alike.values()].flatMap((group) => {
    const [{ path = '', entries = [] } = {}] = group;
    const names = group.map(({ kind }) => shortName(kind)).join(', ');
    return [`# ${fieldText([path])} of ${names}`, list(entries.map(sentence))];
  });
  return `${[...whole, ...answers].join('\n\n')}\n`;
}

function sections({ name, about, entries }: Kind, heading: string): readonly string[] {
  return [`${heading} ${title(name)}`, `For ${about}.`, list(entries.map(sentence))];
}

function title(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name;
}

function sentence(entry: Entry): string {
  const codes = entry.becomes === 'said' && entry.codes.length > 0 ? ` (${entry.codes.join(', ')})` : '';
  return `${fieldText(entry.fields)}: **${entry.becomes}**${codes}; ${textOf(entry)}`;
}

/** Fields of one owner together: `spec.http.{match, route}`; labels and annotations by their keys. */
function fieldText(fields: readonly string[]): string {
  const groups = [...groupBy(fields, ownerOf)].map(([owner, all]) => {
    const names = all.map((field) => field.slice(owner.length));
    if (owner.endsWith('['))
      return `${keyWord(owner, names.length)} ${names.map((name) => code(name.slice(0, -1))).join(', ')}`;
    return names.length === 1 ? code(`${owner}${names[0]}`) : code(`${owner}{${names.join(', ')}}`);
  });
  return groups.join('; ');
}

/** All of a path before its last name: `spec.http.`, `metadata.labels[`. */
function ownerOf(field: string): string {
  const bracket = field.indexOf('[');
  return bracket < 0 ? field.slice(0, field.lastIndexOf('.') + 1) : field.slice(0, bracket + 1);
}

function keyWord(owner: string, count: number): string {
  const word = owner.startsWith('metadata.labels') ? 'label' : 'annotation';
  return count === 1 ? word : `${word}s`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function textOf(entry: Entry): string {
  switch (entry.becomes) {
    case 'modelled':
      return `${entry.decides} (${entry.where.map((path) => code(`src/${path}`)).join(', ')})`;
    case 'said':
      return `undecided: ${entry.undecided}`;
    case 'irrelevant':
      return entry.why;
  }
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
