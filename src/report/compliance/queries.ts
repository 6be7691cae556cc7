import type { EvidenceQuery } from '../../parse/framework.js';
import type {
  AccessReport,
  AnswerStatus,
  MeshReport,
  RuleReport,
  WayReport,
  WorkloadReport,
} from '../mesh/mesh-report.js';
import { provedToText } from '../proved.js';
import { counted } from '../words.js';

/** What the rest of the report says: evidence is read off it, and nothing is looked up anew. */
export type Facts = Omit<MeshReport, 'compliance'>;

/** An answer without what was asked. */
export interface Found {
  readonly status: AnswerStatus;
  readonly says: string;
  readonly evidence: readonly string[];
}

/** What each query says of the workloads of some namespaces. */
export const queries: Readonly<
  Record<EvidenceQuery, (facts: Facts, isMeant: (namespace: string) => boolean) => Found>
> = {
  EveryCallEncrypted: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    const isPlain = ({ access }: Call) => access.encryption === 'plaintext';
    return held(
      calls,
      isPlain,
      isDoubtful,
      (count) => `${count} are plaintext, or may be`,
      'every call comes by mutual TLS',
    );
  },
  EveryCallAuthenticated: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    const isOpen = ({ access }: Call) => access.encryption === 'plaintext' && !access.needsToken;
    const all = 'every call comes by mutual TLS or with a valid token';
    return held(calls, isOpen, isDoubtful, (count) => `${count} need neither an identity nor a token`, all);
  },
  DefaultDeny: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant).filter(({ access }) => access.kind === 'rest' || access.kind === 'outside');
    const isByDefault = ({ access }: Call) => access.verdict !== 'undecided' && access.rules.length === 0;
    const isOpen = ({ access }: Call) => access.verdict === 'undecided' && access.rules.length === 0;
    const all = 'nothing gets through that no rule allows';
    return held(calls, isByDefault, isOpen, (count) => `${count} get through though no rule says so`, all);
  },
  CallsListed: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    return {
      status: 'listed',
      says: `${counted(calls.length, 'call')} that may be made, under Access`,
      evidence: calls.map(inWords),
    };
  },
  EntriesListed: ({ entries }, isMeant) => {
    const own = entries.filter(({ pods }) => pods.some((pod) => isMeant(pod.slice(0, pod.indexOf('/')))));
    const says = `${counted(own.length, 'name')} by which gateways lead on from outside, under From outside`;
    const told = own.flatMap(({ url, gateway, access }) =>
      access.map(({ who, verdict, through }) => `${url} by gateway ${gateway}: ${who}, ${amountOf(verdict, through)}`),
    );
    return { status: 'listed', says, evidence: told };
  },
  IntentsProved: ({ proved, state }) => {
    if (proved === null) return { status: 'undecided', says: 'nothing was compared with intents', evidence: [] };
    const counts = [
      proved.workloads,
      proved.gateways,
      proved.routes,
      proved.endpoints,
      proved.telemetry,
      proved.limits,
      proved.reachability,
      proved.egress,
    ];
    const isRefuted =
      counts.some(({ refuted }) => refuted > 0) || proved.unmentioned.refuted > 0 || state === 'refused';
    const isOpen = counts.some(({ undecided }) => undecided > 0) || proved.leavesOutClusters;
    return { status: isRefuted ? 'fails' : isOpen ? 'undecided' : 'holds', says: provedToText(proved), evidence: [] };
  },
  GuardrailsHold: ({ tests }) => {
    const guardrails = tests.filter(({ kind }) => kind === 'Guardrail');
    if (guardrails.length === 0) return { status: 'fails', says: 'there is no guardrail', evidence: [] };
    const told = (all: typeof guardrails) => all.map(({ claim, file, line }) => `${claim}  ${file}:${line}`);
    const failing = guardrails.filter(({ status }) => status === 'failed' || status === 'vacuous');
    if (failing.length > 0)
      return { status: 'fails', says: `${counted(failing.length, 'guardrail')} not held`, evidence: told(failing) };
    const open = guardrails.filter(({ status, leavesOut }) => status === 'undecided' || leavesOut !== null);
    if (open.length > 0)
      return {
        status: 'undecided',
        says: `${counted(open.length, 'guardrail')} not proved for everybody`,
        evidence: told(open),
      };
    return {
      status: 'holds',
      says: `${counted(guardrails.length, 'guardrail')} proved for all requests`,
      evidence: told(guardrails),
    };
  },
  RulesTested: ({ rules }) => {
    const own = rules.filter(isDecision);
    return ofRules(
      own,
      ({ tests }) => tests.length === 0,
      'without a test that hangs on it',
      'each has a test that passes',
    );
  },
  RulesOwned: ({ rules }) => {
    const own = rules.filter(isDecision);
    return ofRules(
      own,
      ({ owner, reason }) => owner === null || reason === null,
      'without a reason or an owner',
      'each has a reason and an owner',
    );
  },
  GapsListed: ({ accepted }) => {
    const told = accepted.map(({ what, until, reason, owner, file, line }) =>
      [
        what,
        until === null ? 'without a last day' : `until ${until}`,
        reason,
        owner ?? 'no owner',
        `${file}:${line}`,
      ].join(', '),
    );
    const endless = told.filter((_, index) => accepted[index]?.until === null);
    if (endless.length > 0)
      return { status: 'fails', says: `${endless.length} accepted without a last day`, evidence: endless };
    return { status: 'listed', says: `${accepted.length} accepted, each with its last day`, evidence: told };
  },
};

/** Something that gets through, or may. */
interface Call {
  readonly workload: WorkloadReport;
  readonly way: WayReport;
  readonly access: AccessReport;
  readonly rules: readonly RuleReport[];
}

function callsOf({ workloads, rules }: Facts, isMeant: (namespace: string) => boolean): readonly Call[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return workloads
    .filter(({ namespace }) => isMeant(namespace))
    .flatMap((workload) =>
      workload.ways.flatMap((way) =>
        way.access
          .filter(({ verdict }) => verdict !== 'none')
          .map((access) => ({ workload, way, access, rules: access.rules.flatMap((id) => byId.get(id) ?? []) })),
      ),
    );
}

/** A call with what an auditor asks of it: the rule, its line and owner, where it is enforced, and which test shows it. */
function inWords({ workload, way, access, rules }: Call): string {
  const points = way.points.map(({ name }) => name).join(' and ') || 'nowhere';
  const cited = rules.map(
    ({ id, owner, file, line, tests }) =>
      `${[
        `rule ${id} (${file}:${line}`,
        ...(owner === null ? [] : [`owner ${owner}`]),
        ...tests.slice(0, 1).map((test) => `test ${test}`),
      ].join(', ')})`,
  );
  const base = `${access.who} → ${workload.namespace}/${workload.name} by ${way.by} in ${workload.cluster}`;
  return [
    `${base}: ${amountOf(access.verdict, access.through)}`,
    `enforced at ${points}`,
    ...(cited.length > 0 ? cited : ['no rule']),
  ].join('; ');
}

const shownAlternatives = 3;

function amountOf(verdict: AccessReport['verdict'], through: readonly string[]): string {
  const rest = through.length - shownAlternatives;
  const some = [...through.slice(0, shownAlternatives), ...(rest > 0 ? [`${rest} more`] : [])].join(' or ');
  return { all: 'anything', some: `only ${some}`, none: 'nothing', undecided: 'undecided' }[verdict];
}

function isDoubtful({ access }: Call): boolean {
  return access.encryption === 'unknown';
}

function held(
  calls: readonly Call[],
  fails: (call: Call) => boolean,
  isOpen: (call: Call) => boolean,
  failing: (count: string) => string,
  holds: string,
): Found {
  const wrong = calls.filter(fails);
  if (wrong.length > 0)
    return { status: 'fails', says: failing(counted(wrong.length, 'call')), evidence: wrong.map(inWords) };
  const open = calls.filter(isOpen);
  if (open.length > 0)
    return {
      status: 'undecided',
      says: `of ${counted(open.length, 'call')} it is not known`,
      evidence: open.map(inWords),
    };
  return { status: 'holds', says: `${holds} (${counted(calls.length, 'call')})`, evidence: calls.map(inWords) };
}

/** Whether it decides who may call, and is no setting of a scope. */
export function isDecision({ effect }: RuleReport): boolean {
  return effect === 'allow' || effect === 'deny' || effect === 'ask';
}

function ofRules(
  rules: readonly RuleReport[],
  lacks: (rule: RuleReport) => boolean,
  lacking: string,
  all: string,
): Found {
  const told = (some: readonly RuleReport[]) =>
    some.map(({ id, file, line, owner, tests }) =>
      [`${id} (${file}:${line})`, owner ?? 'no owner', tests.join(', ') || 'no test'].join('; '),
    );
  if (rules.length === 0) return { status: 'undecided', says: 'there are no rules', evidence: [] };
  const wrong = rules.filter(lacks);
  if (wrong.length > 0)
    return {
      status: 'fails',
      says: `${wrong.length} of ${counted(rules.length, 'rule')} ${lacking}`,
      evidence: told(wrong),
    };
  return { status: 'holds', says: `${counted(rules.length, 'rule')}, ${all}`, evidence: told(rules) };
}
