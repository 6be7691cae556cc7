import type { Truth } from '../../truth.js';
import type { Mirror, RedirectTarget, RouteMatch, RouteRule, WeightedDestination } from '../route.js';
import { sharesOf } from '../shares.js';
import type { RouteTable, RouteTables } from '../table.js';
import { type AppliedChanges, changed } from './changes.js';
import { entryMatches, type RoutedRequest } from './matching.js';
import { answersPreflight } from './preflights.js';

/** What a proxy does with a request. */
export interface Followed {
  /** The rule that decides; absent where none matches, or where it is not known which does. */
  readonly rule: RouteRule | undefined;
  readonly match: RouteMatch | undefined;
  readonly outcomes: readonly RouteOutcome[];
  /** Which entry decides, of requests that are told apart by nothing else; the number of entries stands for none. */
  readonly choice?: RouteChoice;
}

export interface RouteChoice {
  readonly table: RouteTable;
  readonly entry: number;
  /** What stands for all requests there, with what is not known of them. */
  readonly sent: RoutedRequest;
}

/** What becomes of some of the requests. The shares are parts of 1, and their sum is 1. */
export type RouteOutcome = { readonly share: number } & (
  | {
      readonly kind: 'forward';
      readonly destination: WeightedDestination;
      readonly applied: AppliedChanges;
      readonly request: RoutedRequest;
      readonly mirrors: readonly Mirror[];
    }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly because: string;
      readonly body?: string;
      readonly redirect?: RedirectTarget;
    }
  | { readonly kind: 'not-modelled'; readonly because: string }
);

/** The same for each table that may count; where they do not agree it is not known. */
export function followTables({ tables, open }: RouteTables, sent: RoutedRequest): Followed {
  const [first = nothing, ...others] = tables.map((table) => followTable(table, sent));
  if (others.every((other) => isAlike(first, other))) return first;
  return undecided(open);
}

const nothing: Followed = { rule: undefined, match: undefined, outcomes: [] };

export function undecided(because: string): Followed {
  return { ...nothing, outcomes: [{ share: 1, kind: 'not-modelled', because }] };
}

function isAlike(left: Followed, right: Followed): boolean {
  return left.rule === right.rule || whatComesOf(left) === whatComesOf(right);
}

/** Wherever it is written, and whichever match led there. */
function whatComesOf({ outcomes }: Followed): string {
  return JSON.stringify(outcomes, (key, value: unknown) => (key === 'place' || key === 'applied' ? undefined : value));
}

/** The first entry that matches decides; one of which it is not known whether it does leaves it open (T-10). */
function followTable({ entries }: RouteTable, sent: RoutedRequest): Followed {
  for (const entry of entries) {
    const matches = entryMatches(entry, sent);
    if (matches === 'unknown') {
      return undecided(entry.match?.doubt ?? sent.pathDoubt ?? 'a match that depends on what is not known');
    }
    if (matches === 'yes') {
      return { rule: entry.rule, match: entry.match, outcomes: outcomesOf(entry.rule, entry.match, sent) };
    }
  }
  return unmatched;
}

export const unmatched: Followed = {
  ...nothing,
  outcomes: [{ share: 1, kind: 'answer', status: 404, because: 'no rule matches (T-10)' }],
};

/** A fault goes before CORS, and that before anything else (T-99). */
export function outcomesOf(
  rule: RouteRule,
  match: RouteMatch | undefined,
  sent: RoutedRequest,
  isPreflight = answersPreflight(rule, sent),
): readonly RouteOutcome[] {
  const aborted = (rule.abort?.percent ?? 0) / 100;
  const results = preflightOutcomes[isPreflight] ?? resultsOf(rule, match, sent);
  const rest = results.map((outcome) => ({ ...outcome, share: outcome.share * (1 - aborted) }));
  if (rule.abort === undefined) return rest;
  const because = 'the rule aborts the request';
  const abort: RouteOutcome = { share: aborted, kind: 'answer', status: rule.abort.status, because };
  return aborted === 1 ? [abort] : [abort, ...rest];
}

const preflightOutcomes: Readonly<Record<Truth, readonly RouteOutcome[] | undefined>> = {
  yes: [{ share: 1, kind: 'answer', status: 200, because: 'the CORS policy answers preflight requests (T-99)' }],
  no: undefined,
  unknown: [{ share: 1, kind: 'not-modelled', because: 'whether the CORS policy answers a preflight request' }],
};

function resultsOf(
  { result, mirrors }: RouteRule,
  match: RouteMatch | undefined,
  sent: RoutedRequest,
): readonly RouteOutcome[] {
  switch (result.kind) {
    case 'forward': {
      const shareOf = sharesOf(result.destinations);
      return result.destinations.map((destination) => ({
        share: shareOf(destination),
        kind: 'forward',
        destination,
        applied: { changes: destination.changes, match },
        request: changed(sent, { changes: destination.changes, match }),
        mirrors,
      }));
    }
    case 'redirect':
      return [{ share: 1, kind: 'answer', status: result.status, because: 'the rule redirects', redirect: result.to }];
    case 'answer':
      return [{ share: 1, ...result }];
    default:
      return [{ share: 1, kind: 'not-modelled', because: result.why }];
  }
}
