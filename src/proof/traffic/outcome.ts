import type { Known } from '../../mesh/truth.js';
import { known } from '../../mesh/truth.js';
import { groupBy, sortBy } from '../../util/order.js';

/** What may be said of what becomes of a request. */
export type Aspect =
  | 'destination'
  | 'start weights'
  | 'path'
  | 'host'
  | 'request headers'
  | 'response headers'
  | 'timeout'
  | 'retries'
  | 'delay'
  | 'copies'
  | 'CORS policy';

/**
 * What becomes of a request, each aspect in words that are the same exactly where the meaning is; those of which there is
 * nothing to say are absent.
 */
export type Outcome = ReadonlyMap<Aspect, Known<string>>;

/** What becomes of some of all requests that are alike. */
export interface Part {
  /** Out of 1. */
  readonly share: number;
  /** Whether a rollout controller changes the share, so that any is as good as that. */
  readonly isExternal?: boolean | undefined;
  /** Where it goes, or what it is answered. */
  readonly where: string;
  /** As whoever gets it sees it; absent where it is answered. */
  readonly sent?: Sent;
}

export interface Sent {
  readonly path: Known<string>;
  readonly host: string;
  readonly requestHeaders: string;
  readonly responseHeaders: string;
}

/** What is kept to on the way, as far as it is sent on. */
export type Kept = ReadonlyArray<readonly [Aspect, Known<string>]>;

/** Where connections go that nobody takes. */
export const nowhere = 'nowhere';

export function outcomeOf(parts: readonly Part[], copies: readonly Part[], kept: Kept): Outcome {
  const sent = parts.flatMap(({ where, sent: each }) => (each === undefined ? [] : [{ where, ...each }]));
  const of = (read: (each: Sent) => Known<string>) => agreedIn(sent.map((each) => [each.where, read(each)]));
  return new Map<Aspect, Known<string>>([
    ['destination', known(distribution(parts))],
    ...(isOfController(parts) ? [['start weights', known(distribution(parts, 'as written'))] as const] : []),
    ['copies', known(distribution(copies) || 'none')],
    ...(sent.length === 0
      ? []
      : ([
          ['path', of(({ path }) => path)],
          ['host', of(({ host }) => known(host))],
          ['request headers', of(({ requestHeaders }) => known(requestHeaders))],
          ['response headers', of(({ responseHeaders }) => known(responseHeaders))],
        ] as const)),
    ...kept,
  ]);
}

/** `a (90 %) and b (10 %)`, as exactly as Envoy has shares; of several places one gets any share where it is a controller's. */
function distribution(parts: readonly Part[], written?: 'as written'): string {
  const groups = groupBy(parts, ({ where }) => where);
  const shares = [...groups].map(([where, group]) => {
    const isAny = written === undefined && groups.size > 1 && group.some(({ isExternal }) => isExternal);
    const share = isAny ? 'any share' : shareOf(group);
    return share === '100 %' ? where : `${where} (${share})`;
  });
  return sortBy(shares, (text) => text).join(' and ');
}

function shareOf(group: readonly Part[]): string {
  return `${Math.round(group.reduce((sum, each) => sum + each.share, 0) * 1_000_000) / 10_000} %`;
}

/** Whether a rollout controller goes on from the shares that are written. */
function isOfController(parts: readonly Part[]): boolean {
  return new Set(parts.map(({ where }) => where)).size > 1 && parts.some(({ isExternal }) => isExternal);
}

/** The one text of all, or each with where it holds. */
function agreedIn(all: ReadonlyArray<readonly [where: string, text: Known<string>]>): Known<string> {
  const unknown = all.find(([, text]) => !text.known);
  if (unknown !== undefined) return unknown[1];
  const texts = all.map(([where, text]) => ({ where, text: text.known ? text.value : '' }));
  const distinct = new Set(texts.map(({ text }) => text));
  if (distinct.size === 1) return known([...distinct].join());
  return known([...new Set(texts.map(({ where, text }) => `${text} to ${where}`))].sort().join(', '));
}

/** An aspect in which what the mesh does is not what is meant, or is not known. */
export interface Deviation {
  readonly aspect: Aspect;
  readonly meant: string;
  readonly found: Known<string>;
}

/** Where requests go to the wrong place nothing else is compared. */
export function deviations(meant: Outcome, found: Outcome): readonly Deviation[] {
  const aspects = [...new Set([...meant.keys(), ...found.keys()])];
  const all = aspects.flatMap((aspect): readonly Deviation[] => {
    const [wanted, seen] = [wordsOf(meant, aspect), found.get(aspect) ?? known(nothing)];
    return seen.known && seen.value === wanted ? [] : [{ aspect, meant: wanted, found: seen }];
  });
  const misled = all.filter(({ aspect }) => aspect === 'destination');
  return misled.length > 0 ? misled : all;
}

const nothing = 'none';

/** What intents mean is always known. */
function wordsOf(outcome: Outcome, aspect: Aspect): string {
  const words = outcome.get(aspect);
  return words?.known ? words.value : nothing;
}
