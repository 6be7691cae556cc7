import type { TracedHop, TracedPolicy, TracedRule } from '../../trace/traced-hop.js';
import { sortBy } from '../../util/order.js';
import { printable } from '../display-width.js';
import { type Page, plain } from '../layout.js';
import { marks, paints, railFact, step } from './layout.js';
import { lineOf } from './line-of.js';
import { placeOf, type TraceReport } from './trace-report.js';

export const pointNames = {
  sidecar: 'sidecar of',
  ztunnel: 'ztunnel of',
  waypoint: 'waypoint',
  gateway: 'gateway',
  route: 'route',
  pod: 'pod of',
  host: 'host',
} as const;

/** What needs no name to be understood. */
const bare = ['caller', 'request'];

/** One step of the way: what stands there, what it saw, and every policy that it considered. */
export function hopLines(
  hop: TracedHop,
  isLast: boolean,
  displayPath: TraceReport['displayPath'],
  page: Page,
): readonly string[] {
  const { kind, name, because, outcome, decision, sees, policies } = hop;
  const { pen } = page;
  const paint = paints(pen)[outcome];
  const rail = isLast ? ' ' : outcome === 'passes' ? '│' : '┆';
  const sights = sees.map((seen) => (bare.includes(seen.name) ? seen.value : `${seen.name} ${seen.value}`)).join(', ');
  const title = step(marks[outcome], printable(`${pointNames[kind]} ${name}`), stateOf(hop), page, paint);
  if (outcome === 'not reached') return title;
  return [
    ...title,
    ...(because === '' ? [] : railFact(rail, 'here', because, page, pen.dim)),
    ...(hop.rule === undefined ? [] : railFact(rail, 'rule', placeOf(hop.rule, displayPath), page)),
    ...(sights === '' ? [] : railFact(rail, 'request', sights, page)),
    ...inOrder(policies).flatMap((policy) => policyLines(policy, rail, displayPath, page)),
    ...(decision === undefined ? [] : railFact(rail, 'so', decision, page, paint)),
    ...(isLast ? [] : [`  ${pen.dim(rail)}`]),
  ].filter((line) => line.trim() !== '');
}

/** As they are asked: authorizers, DENY, then ALLOW policies; of each, those that matched come first (§1.2). */
function inOrder(policies: readonly TracedPolicy[]): readonly TracedPolicy[] {
  const actions = ['CUSTOM', 'DENY', 'ALLOW', 'AUDIT'];
  const truths = ['yes', 'unknown', 'no'];
  return sortBy(
    policies,
    ({ action }) => actions.indexOf(action),
    ({ matched }) => truths.indexOf(matched),
  );
}

function stateOf({ kind, outcome, reads }: TracedHop): string {
  if ((kind === 'pod' || kind === 'host') && outcome === 'passes') return 'reached';
  const state = outcome === 'unknown' ? 'undecided' : outcome;
  return reads === undefined ? state : `reads ${reads} · ${state}`;
}

const shownMisses = 5;

function policyLines(
  policy: TracedPolicy,
  rail: string,
  displayPath: TraceReport['displayPath'],
  page: Page,
): readonly string[] {
  const { kind, namespace, name, action, matched, span, rules, lost } = policy;
  const { pen } = page;
  if (kind === 'PeerAuthentication') return mutualTlsLines(policy, rail, displayPath, page);
  const verb = matched === 'yes' ? 'matches' : matched === 'no' ? 'does not match' : 'cannot be decided';
  const own = kind === 'AuthorizationPolicy' ? '' : `${kind} `;
  const misses = rules.filter((rule) => rule.matched === 'no');
  const hits = rules.filter((rule) => rule.matched !== 'no');
  const shown = [...hits, ...misses.slice(0, shownMisses)];
  const hidden = misses.length - Math.min(misses.length, shownMisses);
  return [
    ...railFact(rail, action, `${own}${namespace}/${name} ${verb}`, page, matched === 'no' ? plain : pen.bold),
    ...railFact(rail, '', displayPath(span.file.path), page, pen.dim),
    ...(rules.length === 0 ? railFact(rail, '', '· it has no rule that could match here', page) : []),
    ...shown.flatMap((rule) => ruleLines(rule, rail, page)),
    ...(hidden > 0 ? railFact(rail, '', `· and ${hidden} more rules that do not match`, page) : []),
    ...lost.flatMap((loss) => railFact(rail, '', `! line ${lineOf(loss.span)}: ${loss.because}`, page, pen.yellow)),
  ];
}

const mutualTlsWords = {
  yes: 'accepts mutual TLS only: the caller has no certificate',
  no: 'is satisfied',
  unknown: 'cannot be decided',
} as const;

/** What ztunnel holds as a policy that denies is for a person the mode of mutual TLS. */
function mutualTlsLines(
  { kind, namespace, name, matched, span }: TracedPolicy,
  rail: string,
  displayPath: TraceReport['displayPath'],
  page: Page,
): readonly string[] {
  const text = `${kind} ${namespace}/${name} ${mutualTlsWords[matched]}`;
  return [
    ...railFact(rail, 'mTLS', text, page, matched === 'no' ? plain : page.pen.bold),
    ...railFact(rail, '', `${displayPath(span.file.path)}:${lineOf(span)}`, page, page.pen.dim),
  ];
}

const ruleMarks = { yes: '✓', no: '·', unknown: '?' } as const;

function ruleLines({ matched, because, span }: TracedRule, rail: string, page: Page): readonly string[] {
  return railFact(rail, '', `${ruleMarks[matched]} line ${lineOf(span)}: ${because}`, page);
}
