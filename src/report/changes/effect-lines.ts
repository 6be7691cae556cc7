import { groupBy, sortedUnique } from '../../util/order.js';
import { printable } from '../display-width.js';
import { hanging, type Page } from '../layout.js';
import { counted, shortList } from '../words.js';
import type { Effect, EffectKind } from './effects.js';

interface EffectWords {
  readonly sign: string;
  readonly one: (effect: Effect) => string;
  /** How many there are of them, where they are too many for a line each. */
  readonly many: (count: number) => string;
}

/** What takes access away comes first. */
const effectWords: Readonly<Record<EffectKind, EffectWords>> = {
  'denies-by-default': {
    sign: '!',
    one: ({ subject }) => `${subject}: what no rule allows is denied`,
    many: (count) => `what no rule allows is denied in ${counted(count, 'scope')}`,
  },
  'denies-no-longer': {
    sign: '!',
    one: ({ subject }) => `${subject}: what no rule allows is no longer denied`,
    many: (count) => `what no rule allows is no longer denied in ${counted(count, 'scope')}`,
  },
  'waypoint-added': {
    sign: '+',
    one: ({ subject }) => `waypoint ${subject}`,
    many: (count) => counted(count, 'waypoint'),
  },
  'waypoint-removed': {
    sign: '-',
    one: ({ subject }) => `waypoint ${subject}`,
    many: (count) => counted(count, 'waypoint'),
  },
  enrolled: {
    sign: '+',
    one: ({ subject, waypoint }) => `${subject} goes through waypoint ${waypoint}`,
    many: (count) => `${counted(count, 'object')} enrolled at a waypoint`,
  },
  moved: {
    sign: '~',
    one: ({ subject, waypoint }) => `${subject} goes through waypoint ${waypoint} from now on`,
    many: (count) => `${counted(count, 'object')} enrolled at another waypoint`,
  },
  withdrawn: {
    sign: '-',
    one: ({ subject, waypoint }) => `${subject} goes no longer through waypoint ${waypoint}`,
    many: (count) => `${counted(count, 'object')} enrolled no longer`,
  },
};

/** More of one kind share a line. */
const mostLines = 5;
const shownSubjects = 12;

/** What changes do to the mesh, for a person: a line each, or a line for many of one kind. */
export function effectLines(effects: readonly Effect[], page: Page): readonly string[] {
  if (effects.length === 0) return [];
  const kinds = Object.entries(effectWords).flatMap(([kind, words]) => {
    const own = effects.filter((effect) => effect.kind === kind);
    return own.length === 0 ? [] : [{ words, own }];
  });
  return [page.pen.bold('in the mesh'), ...kinds.flatMap(({ words, own }) => kindLines(words, own, page))];
}

function kindLines({ sign, one, many }: EffectWords, effects: readonly Effect[], page: Page): readonly string[] {
  const alike = [...groupBy(effects, one)];
  const line = (text: string) => hanging(`  ${sign} `, printable(text), page.columns);
  if (alike.length <= mostLines) {
    return alike.flatMap(([text, own]) => line(`${text}, in ${sortedUnique(own.map(clusterOf)).join(' and ')}`));
  }
  const subjects = sortedUnique(effects.map(({ subject }) => subject));
  return line(`${many(subjects.length)}: ${shortList(subjects, shownSubjects)}`);
}

function clusterOf({ cluster }: Effect): string {
  return cluster;
}
