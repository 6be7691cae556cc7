import { isDoubt } from '../diagnostics/doubts.js';
import type { CompileResult } from '../pipeline.js';
import type { OutputProof } from '../proof/prove-output.js';
import type { UnmentionedFinding } from '../proof/unmentioned/prove-unmentioned.js';
import { type Gateway, keyInMesh, keyOf, type Service } from '../topology/model.js';
import { type Otherwise, otherwiseIn, unknownCuts } from './otherwise.js';
import { counted } from './words.js';

/** What a run proved, and what it did not. */
export interface Proved {
  /** How many workloads that intents speak of are treated as they say, in part undecided, and treated otherwise. */
  readonly workloads: Count;
  /** How many ways into them were compared. */
  readonly waysIn: number;
  /** Likewise of the gateways of which settings say who may call them. */
  readonly gateways: Count;
  /** Likewise of the Services and Gateways of traffic settings. */
  readonly routes: Count;
  /** Likewise of those of which settings say how their pods are called. */
  readonly endpoints: Count;
  /** Likewise of the proxies of which settings say what they record. */
  readonly telemetry: Count;
  /** Likewise of the Services whose requests are limited. */
  readonly limits: Count;
  /** Likewise of the workloads of which settings say what their sidecars know. */
  readonly reachability: Count;
  /** Likewise of the workloads of which settings say what they may call outside the mesh. */
  readonly egress: Count;
  /** How many hosts outside the mesh are not made known as settings say. */
  readonly hosts: Pick<Count, 'refuted'>;
  /** Of the workloads and gateways that no intent mentions: those of which it is undecided whether they stay as they were, and those that do not. */
  readonly unmentioned: Omit<Count, 'proved'>;
  readonly guardrails: Count;
  /** Whether nothing can be said of requests between some clusters. */
  readonly leavesOutClusters: boolean;
  /** How many of the doubts somebody accepts. */
  readonly accepted: number;
}

interface Count {
  readonly proved: number;
  readonly undecided: number;
  readonly refuted: number;
}

type Judged = Pick<CompileResult, 'proof' | 'tests' | 'accepted'>;

/** Nothing where nothing was compared. */
export function provedOf({ proof, tests, accepted }: Judged): Proved | undefined {
  const checks = tests.filter(({ kind }) => kind === 'Guardrail');
  if (proof === undefined && checks.length === 0) return undefined;
  const outcomes = (status: (typeof checks)[number]['status']) =>
    checks.filter((each) => each.status === status).length;
  return {
    ...(proof === undefined ? nothingProved : countsOf(proof)),
    guardrails: {
      proved: outcomes('passed'),
      undecided: outcomes('undecided'),
      refuted: outcomes('failed') + outcomes('vacuous'),
    },
    accepted: accepted.filter(({ diagnostic }) => isDoubt(diagnostic)).length,
  };
}

const nothingProved = {
  workloads: { proved: 0, undecided: 0, refuted: 0 },
  waysIn: 0,
  gateways: { proved: 0, undecided: 0, refuted: 0 },
  routes: { proved: 0, undecided: 0, refuted: 0 },
  endpoints: { proved: 0, undecided: 0, refuted: 0 },
  telemetry: { proved: 0, undecided: 0, refuted: 0 },
  limits: { proved: 0, undecided: 0, refuted: 0 },
  reachability: { proved: 0, undecided: 0, refuted: 0 },
  egress: { proved: 0, undecided: 0, refuted: 0 },
  hosts: { refuted: 0 },
  unmentioned: { undecided: 0, refuted: 0 },
  leavesOutClusters: false,
};

function countsOf(proof: OutputProof) {
  const { lanes, doubts, unmentioned, traffic, endpoints, telemetry, limits } = proof;
  const otherwise = otherwiseIn(proof);
  return {
    workloads: workloadsOf(proof, otherwise),
    waysIn: lanes,
    gateways: gatewaysOf(proof.gateways, otherwise),
    routes: routesOf(traffic),
    endpoints: servicesOf(endpoints),
    telemetry: recordersOf(telemetry),
    limits: limitedOf(limits),
    reachability: knowingOf(proof.reachability),
    egress: leavingOf(proof.egress),
    hosts: { refuted: namesOf(otherwise, 'host').length },
    unmentioned: {
      undecided: sizeOf(unmentioned, ['unjudged', 'too-large']),
      refuted: sizeOf(unmentioned, ['gained', 'lost']),
    },
    leavesOutClusters: doubts.some(({ isCrossing }) => isCrossing),
  };
}

function workloadsOf(
  { workloads, differences, doubts, undecided, cuts }: OutputProof,
  otherwise: readonly Otherwise[],
): Count {
  const demands = differences.map(({ demand }) => demand);
  const refuted = new Set([...demands.map(({ workload }) => keyInMesh(workload)), ...namesOf(otherwise, 'workload')]);
  const present = new Set([
    ...demands.filter(({ isFuture }) => !isFuture).map(({ workload }) => keyInMesh(workload)),
    ...namesOf(
      otherwise.filter(({ isFuture }) => !isFuture),
      'workload',
    ),
  ]);
  const inside = doubts.filter(({ isCrossing }) => !isCrossing);
  const doubtful = [
    ...[...inside, ...undecided].flatMap((each) => each.demands),
    ...unknownCuts({ cuts }).map(({ demand }) => demand),
  ];
  const open = new Set(doubtful.map(({ workload }) => keyInMesh(workload)).filter((name) => !refuted.has(name)));
  return {
    proved: Math.max(0, workloads - present.size - open.size),
    undecided: open.size,
    refuted: refuted.size,
  };
}

function gatewaysOf({ gateways, findings, through }: OutputProof['gateways'], otherwise: readonly Otherwise[]): Count {
  const named = (found: ReadonlyArray<(typeof findings | typeof through)[number]>) =>
    found.map(({ security }) => keyInMesh(security.gateway));
  const refuted = new Set([...named(findings.filter((each) => 'decision' in each)), ...namesOf(otherwise, 'gateway')]);
  const undecided = new Set(named([...findings, ...through]).filter((name) => !refuted.has(name)));
  return { proved: gateways - refuted.size - undecided.size, undecided: undecided.size, refuted: refuted.size };
}

function servicesOf({ services, deviating, open }: OutputProof['endpoints']): Count {
  const refuted = new Set<Service>(deviating.map(({ asked }) => asked.service));
  const undecided = new Set<Service>(open.map(({ asked }) => asked.service).filter((each) => !refuted.has(each)));
  const left = services - refuted.size - undecided.size;
  return { proved: left, undecided: undecided.size, refuted: refuted.size };
}

function limitedOf({ services, deviating, unasked, open, atGateways }: OutputProof['limits']): Count {
  const refuted = new Set<Service | Gateway>([
    ...[...deviating, ...unasked].map(({ service }) => service),
    ...[...atGateways.deviating, ...atGateways.unasked].map(({ gateway }) => gateway),
  ]);
  const doubtful = [...open.map(({ service }) => service), ...atGateways.open.map(({ gateway }) => gateway)];
  const undecided = new Set(doubtful.filter((each) => !refuted.has(each)));
  const limited = services.length + atGateways.gateways.length;
  return { proved: limited - refuted.size - undecided.size, undecided: undecided.size, refuted: refuted.size };
}

function knowingOf({ workloads, known, hidden, open }: OutputProof['reachability']): Count {
  const without = known.filter(({ missingProviders }) => missingProviders.length > 0);
  const refuted = new Set([
    ...hidden.map(({ workload }) => keyInMesh(workload)),
    ...without.flatMap(({ cluster, namespace, workloads: names }) =>
      names.map((name) => keyInMesh({ cluster, namespace, name })),
    ),
  ]);
  const undecided = new Set(open.map(({ workload }) => keyInMesh(workload)).filter((key) => !refuted.has(key)));
  return { proved: workloads - refuted.size - undecided.size, undecided: undecided.size, refuted: refuted.size };
}

function leavingOf({ subjects, findings }: OutputProof['egress']): Count {
  const refuted = new Set(findings.flatMap(({ kind, subject }) => (kind === 'unknown' ? [] : [subject])));
  const undecided = new Set(findings.map(({ subject }) => subject).filter((each) => !refuted.has(each)));
  const present = subjects.filter((each) => !each.isFuture);
  const left = present.filter((each) => !refuted.has(each) && !undecided.has(each));
  return { proved: left.length, undecided: undecided.size, refuted: refuted.size };
}

function recordersOf({ recorders, deviating, open }: OutputProof['telemetry']): Count {
  const refuted = new Set(deviating.map(({ recorder }) => recorder));
  const undecided = new Set(open.map(({ recorder }) => recorder).filter((each) => !refuted.has(each)));
  return { proved: recorders - refuted.size - undecided.size, undecided: undecided.size, refuted: refuted.size };
}

function routesOf({ subjects, listeners, deviating, open }: OutputProof['traffic']): Count {
  const named = ({ asked: { at, name } }: Pick<OutputProof['traffic']['open'][number], 'asked'>) =>
    `${at.cluster.name} ${name}`;
  const closed = listeners.map(({ planned }) => `${planned.cluster} ${keyOf(planned)}`);
  const refuted = new Set([...deviating.map(named), ...closed]);
  const undecided = new Set(open.map(named).filter((name) => !refuted.has(name)));
  const left = subjects.length - refuted.size - undecided.size;
  return { proved: left, undecided: undecided.size, refuted: refuted.size };
}

function namesOf(otherwise: readonly Otherwise[], of: Otherwise['of']): readonly string[] {
  const own = otherwise.filter((each) => each.of === of);
  return [...new Set(own.map(({ cluster, name }) => `${cluster}/${name}`))];
}

function sizeOf(found: readonly UnmentionedFinding[], kinds: ReadonlyArray<UnmentionedFinding['finding']['kind']>) {
  const some = found.filter(({ finding }) => kinds.includes(finding.kind));
  return some.reduce((total, { others }) => total + 1 + others, 0);
}

/** The same in a line. */
export function provedToText(proved: Proved | undefined): string {
  if (proved === undefined) return 'nothing is proved: nothing was compared with the intents';
  const { workloads, waysIn, unmentioned, leavesOutClusters, accepted } = proved;
  const inAll = ({ proved: certain, undecided, refuted }: Count) => certain + undecided + refuted;
  const total = compared.reduce((sum, { of }) => (of === 'guardrails' ? sum : sum + inAll(proved[of])), 0);
  const ways = inAll(workloads) === 0 ? '' : ` (${counted(waysIn, 'way')} in)`;
  const open = listed(proved, 'undecided');
  const parts = [
    `${listed(proved, 'proved') || (total === 0 ? 'nothing to be' : 'nothing')} proved${ways}`,
    ...(open === '' ? [] : [`${open} undecided`]),
    ...(unmentioned.undecided === 0 ? [] : [`${unmentioned.undecided} of those that no intent mentions undecided`]),
    ...(leavesOutClusters ? ['some callers in other clusters undecided'] : []),
    ...refutedOf(proved),
    ...(accepted === 0 ? [] : [`${counted(accepted, 'doubt')} accepted`]),
  ];
  const isWhole = parts.length === 1 && total > 0;
  return [...parts, ...(isWhole ? ['nothing undecided'] : [])].join(', ');
}

/** What is compared, in words, and what is wrong with it where it is otherwise. */
const compared: ReadonlyArray<{
  readonly of:
    | 'workloads'
    | 'gateways'
    | 'routes'
    | 'endpoints'
    | 'limits'
    | 'telemetry'
    | 'reachability'
    | 'egress'
    | 'guardrails';
  readonly inWords: (count: number) => string;
  readonly wrong: string;
}> = [
  { of: 'workloads', inWords: (count) => counted(count, 'workload'), wrong: 'not as the intents say' },
  { of: 'gateways', inWords: (count) => counted(count, 'gateway'), wrong: 'not as the intents say' },
  { of: 'routes', inWords: (count) => `routes of ${counted(count, 'host')}`, wrong: 'not as the intents say' },
  { of: 'endpoints', inWords: (count) => `settings of ${counted(count, 'Service')}`, wrong: 'not kept to' },
  { of: 'limits', inWords: (count) => `limits in ${counted(count, 'place')}`, wrong: 'not kept to' },
  { of: 'telemetry', inWords: (count) => `records of ${counted(count, 'proxy')}`, wrong: 'not as the intents say' },
  { of: 'reachability', inWords: (count) => `reach of ${counted(count, 'workload')}`, wrong: 'too short' },
  {
    of: 'egress',
    inWords: (count) => `calls outside of ${counted(count, 'workload')}`,
    wrong: 'not as the intents say',
  },
  { of: 'guardrails', inWords: (count) => counted(count, 'guardrail'), wrong: 'not held' },
];

function refutedOf(proved: Proved): readonly string[] {
  const { unmentioned, hosts } = proved;
  const unknown = hosts.refuted === 0 ? [] : [`${counted(hosts.refuted, 'host')} not made known as the intents say`];
  const changed = unmentioned.refuted === 0 ? [] : [`${unmentioned.refuted} of those that no intent mentions changed`];
  return compared.flatMap(({ of, inWords, wrong }) => {
    const { refuted } = proved[of];
    const said = refuted === 0 ? [] : [`${inWords(refuted)} ${wrong}`];
    return of === 'guardrails' ? [...unknown, ...changed, ...said] : said;
  });
}

function listed(proved: Proved, outcome: keyof Count): string {
  const parts = compared.flatMap(({ of, inWords }) =>
    proved[of][outcome] === 0 ? [] : [inWords(proved[of][outcome])],
  );
  return parts.length > 2 ? parts.join(', ') : parts.join(' and ');
}
