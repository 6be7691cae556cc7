import type { EvidenceQuery } from '../../parse/framework.js';
import type { AccessReport, EntryReport, RuleReport, WayReport, WorkloadReport } from '../mesh/mesh-report.js';
import { provedToText } from '../proved.js';
import { counted } from '../words.js';
import { callsOutClosed, callsOutEncrypted, callsOutListed } from './calls-out.js';
import { amountOf, type Facts, type Found } from './found.js';

/** What each query says of the workloads of some namespaces. */
export const queries: Readonly<
  Record<EvidenceQuery, (facts: Facts, isMeant: (namespace: string) => boolean) => Found>
> = {
  EveryCallEncrypted: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    const isPlain = ({ access }: Call) => access.encryption === 'plaintext';
    const besides = entriesTo(facts, isMeant)
      .filter(({ url }) => /^(?:http|tcp):/.test(url))
      .flatMap(entryInWords);
    return held(facts, {
      calls,
      fails: isPlain,
      isOpen: isDoubtful,
      failing: (count) => `${count} are plaintext, or may be`,
      holds: 'every call comes by mutual TLS',
      besides,
    });
  },
  EveryCallAuthenticated: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    const isOpen = ({ access }: Call) => access.encryption === 'plaintext' && !access.needsToken;
    return held(facts, {
      calls,
      fails: isOpen,
      isOpen: isDoubtful,
      failing: (count) => `${count} need neither an identity nor a token`,
      holds: 'every call comes by mutual TLS or with a valid token',
    });
  },
  DefaultDeny: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    const isByDefault = ({ access: { kind, rules } }: Call) =>
      (kind === 'rest' || kind === 'outside') && rules.length === 0;
    const isSure = ({ access }: Call) => access.verdict !== 'undecided';
    return held(facts, {
      calls,
      fails: (call) => isByDefault(call) && isSure(call),
      isOpen: isByDefault,
      failing: (count) => `${count} get through though no rule says so`,
      holds: 'nothing gets through that no rule allows',
    });
  },
  CallsListed: (facts, isMeant) => {
    const calls = callsOf(facts, isMeant);
    return {
      status: 'listed',
      says: `${counted(calls.length, 'call')} that may be made, under Access`,
      evidence: calls.map(inWords),
    };
  },
  EntriesListed: (facts, isMeant) => {
    const own = entriesTo(facts, isMeant);
    const says = `${counted(own.length, 'name')} by which gateways lead on from outside, under From outside`;
    return { status: 'listed', says, evidence: own.flatMap(entryInWords) };
  },
  CallsOutListed: callsOutListed,
  CallsOutClosed: callsOutClosed,
  CallsOutEncrypted: callsOutEncrypted,
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
    const own = rules.filter((rule) => isDecision(rule) || rule.effect === 'allow out');
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

function entriesTo({ entries }: Facts, isMeant: (namespace: string) => boolean): readonly EntryReport[] {
  return entries.filter(({ pods }) => pods.some((pod) => isMeant(pod.slice(0, pod.indexOf('/')))));
}

function entryInWords({ url, gateway, access }: EntryReport): readonly string[] {
  return access
    .filter(({ verdict }) => verdict !== 'none')
    .map(({ who, verdict, through }) => `${who} → ${url} by gateway ${gateway}: ${amountOf(verdict, through)}`);
}

/** A call with what an auditor asks of it: the rule, its line and owner, where it is enforced, and which test shows it. */
function inWords({ workload, way, access, rules }: Call): string {
  const points = way.points.map(({ name }) => name).join(' and ');
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
    points === '' ? 'enforced nowhere' : `enforced at ${points}`,
    ...(cited.length > 0 ? cited : ['no rule']),
  ].join('; ');
}

function isDoubtful({ access }: Call): boolean {
  return access.encryption === 'unknown';
}

/** Calls between clusters that are not judged stand against no claim, and leave each undecided. */
function held({ crossings }: Facts, found: Held): Found {
  const { calls, fails, isOpen, failing, holds, besides = [] } = found;
  const wrong = [...calls.filter(fails).map(inWords), ...besides];
  if (wrong.length > 0) return { status: 'fails', says: failing(counted(wrong.length, 'call')), evidence: wrong };
  const open = calls.filter(isOpen);
  const says = `of ${counted(open.length, 'call')} it is not known`;
  if (open.length > 0) return { status: 'undecided', says, evidence: open.map(inWords) };
  const all = `${holds} (${counted(calls.length, 'call')})`;
  if (crossings.length > 0) {
    return { status: 'undecided', says: `${all}, but calls between clusters are not judged`, evidence: crossings };
  }
  return { status: 'holds', says: all, evidence: calls.map(inWords) };
}

interface Held {
  readonly calls: readonly Call[];
  readonly fails: (call: Call) => boolean;
  readonly isOpen: (call: Call) => boolean;
  readonly failing: (count: string) => string;
  readonly holds: string;
  /** What else stands against it, in words. */
  readonly besides?: readonly string[];
}

/** Whether it decides who may call, and is no setting of a scope. */
function isDecision({ effect }: RuleReport): boolean {
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
