import { groupBy } from '../../util/order.js';
import { type Numbering, type Target, targetsFor } from '../names/targets.js';
import { closesTheRest, type OutsideMesh } from '../outside-mesh.js';
import type { Written } from '../policies.js';
import type { Reason } from '../reason.js';
import { idOf, type Subject } from '../subjects.js';
import { type Draft, type DraftRule, type DraftScope, meshScope, namespaceScope } from './draft.js';
import { type Obstacles, ruleId } from './obstacles.js';
import { ruleName } from './rule-names.js';
import { toEverybody, toTargets } from './to.js';

export interface Arranged {
  readonly drafts: readonly Draft[];
  /** The policies that stay, and why. */
  readonly left: ReadonlyMap<string, Reason>;
}

/**
 * In which settings each policy is said: those of the mesh or of a namespace where everything there is closed by policies,
 * and else those of single Services, workloads and gateways. Where an ALLOW policy stays, all that it adds up with stays.
 */
export function arrangeAuthorization(
  policies: readonly Written[],
  { subjects, outside }: { readonly subjects: readonly Subject[]; readonly outside: OutsideMesh },
  obstacles: Obstacles,
  stage: Draft['stage'],
): Arranged {
  const left = whatStays(policies, obstacles, outside);
  const open = new Set(policies.filter((each) => left.has(each.key) && addsUp(each)).flatMap((each) => each.subjects));
  const sayable = policies.filter((each) => isSayable(each, left, open));
  const context: Context = { obstacles, stage, open, outside, ofSubject: policiesOf(sayable) };
  const workloads = subjects.filter(({ kind }) => kind === 'workload');
  const wide = sayable.filter(({ isWide, isOfMesh }) => isWide && isOfMesh);
  const isMeshClosed = wide.some(isAllow) && workloads.every((each) => !open.has(each));
  const ofMesh = wide.filter((each) => isMeshClosed || !isAllow(each));
  const namespaces = [...groupBy(workloads, ({ namespace }) => namespace)];
  const gateways = subjects.filter(({ kind }) => kind === 'gateway');
  return {
    left,
    drafts: [
      ...draftOf(context, meshScope, ofMesh, (rules) => toEverybody(rules, workloads)),
      ...namespaces.flatMap(([name, own]) => ofNamespace(context, name, own, new Set(ofMesh))),
      ...gateways.flatMap((each) =>
        ofTarget(context, { kind: 'gateway', key: each.key, subjects: [each] }, context.ofSubject(each)),
      ),
    ],
  };
}

interface Context {
  readonly obstacles: Obstacles;
  readonly stage: Draft['stage'];
  /** Subjects for which an ALLOW policy stays. */
  readonly open: ReadonlySet<Subject>;
  readonly outside: OutsideMesh;
  ofSubject(subject: Subject): readonly Written[];
}

/** A policy that stays takes along what else allows something to the same pods: what is allowed is the union. */
function whatStays(
  policies: readonly Written[],
  { policies: refused, subjects }: Obstacles,
  outside: OutsideMesh,
): ReadonlyMap<string, Reason> {
  const left = new Map<string, Reason>();
  const held = new Map<Subject, string>();
  const closing = closingBesideOthers(policies, outside);
  for (const each of policies) {
    const { key, policy, forNobody, unsaid, subjects: own } = each;
    const learnt = refused.get(key);
    const reason =
      forNobody ?? unsaid[0] ?? (learnt === undefined ? undefined : { because: learnt }) ?? closing.get(each);
    if (reason === undefined) continue;
    left.set(key, reason);
    if (policy.action === 'ALLOW' && !closing.has(each))
      for (const each of own) held.set(each, `${policy.namespace}/${policy.name}`);
  }
  for (const { key, policy, subjects: own, staysBeside } of policies) {
    if (policy.action !== 'ALLOW' || left.has(key)) continue;
    const doubtful = own.flatMap((each) => subjects.get(idOf(each)) ?? [])[0];
    const beside = own.flatMap((each) => held.get(each) ?? [])[0];
    if (doubtful !== undefined) left.set(key, differing(doubtful, staysBeside));
    else if (beside !== undefined)
      left.set(key, { because: `it adds up with \`${beside}\`, which ${staysBeside ? 'stays unsaid' : 'stays'}` });
  }
  return left;
}

/**
 * Policies that close a namespace of which not all is in the mesh, and allow nothing: they go on to close what is deployed later.
 * Where there is none, one with rules is all that closes it.
 */
function closingBesideOthers(policies: readonly Written[], outside: OutsideMesh): ReadonlyMap<Written, Reason> {
  const wide = policies.filter(
    (each) => isAllow(each) && each.isWide && !each.isOfMesh && !each.staysBeside && outside.has(each.policy.namespace),
  );
  const closed = new Set(wide.filter((each) => !addsUp(each)).map(({ policy }) => policy.namespace));
  const closing = wide.filter((each) => !addsUp(each) || !closed.has(each.policy.namespace));
  return new Map(closing.map((each) => [each, closesTheRest(outside.get(each.policy.namespace) ?? '')]));
}

/** Rules know callers by their identities, and a NetworkPolicy knows pods, which need not show one. */
function differing(because: string, staysBeside: boolean): Reason {
  return staysBeside
    ? { because, help: 'ask for mutual TLS there, by a PeerAuthentication with mode STRICT' }
    : { because };
}

/** What stays for some subjects is said for the others all the same. */
function isSayable(written: Written, left: ReadonlyMap<string, Reason>, open: ReadonlySet<Subject>): boolean {
  if (!left.has(written.key)) return true;
  return written.unsaid.length === 0 && addsUp(written) && written.subjects.some((each) => !open.has(each));
}

/** Whether it allows anything: one without rules goes on to close what it closes, and takes nothing from what others say. */
function addsUp(policy: Written): boolean {
  return isAllow(policy) && policy.policy.rules.length > 0;
}

function isAllow({ policy }: Written): boolean {
  return policy.action === 'ALLOW';
}

function policiesOf(policies: readonly Written[]): Context['ofSubject'] {
  const found = new Map<Subject, Written[]>();
  for (const policy of policies) {
    for (const subject of policy.subjects) {
      const own = found.get(subject);
      if (own) own.push(policy);
      else found.set(subject, [policy]);
    }
  }
  return (subject) => found.get(subject) ?? [];
}

function ofNamespace(
  context: Context,
  name: string,
  workloads: readonly Subject[],
  ofMesh: ReadonlySet<Written>,
): readonly Draft[] {
  const ownOf = (each: Subject) => context.ofSubject(each).filter((policy) => !ofMesh.has(policy));
  const isClosed = (each: Subject) => !context.open.has(each) && context.ofSubject(each).some(isAllow);
  const all = [...new Set(workloads.flatMap(ownOf))];
  if (workloads.every(isClosed) && !context.outside.has(name)) {
    return draftOfNamespace(context, name, workloads, all);
  }
  const wide = all.filter((policy) => policy.isWide && !isAllow(policy));
  const units = workloads.map((each) => ({
    subject: each,
    policies: ownOf(each).filter((policy) => !wide.includes(policy) && (!isAllow(policy) || isClosed(each))),
  }));
  const alike = groupBy(units, ({ policies }) => policies.map(({ key }) => key).join());
  const single = [...alike.values()].flatMap((group) =>
    targetsFor(group.map(({ subject }) => subject)).flatMap((target) =>
      ofTarget(context, target, group[0]?.policies ?? []),
    ),
  );
  return [...draftOfNamespace(context, name, workloads, wide), ...single];
}

function draftOfNamespace(
  context: Context,
  name: string,
  workloads: readonly Subject[],
  policies: readonly Written[],
): readonly Draft[] {
  return draftOf(context, namespaceScope(name), policies, (requests, { isWide, subjects, policy }) => {
    if (isWide) return toEverybody(requests, workloads);
    const own = new Set(workloads);
    return toTargets(requests, targetsFor(subjects.filter((each) => own.has(each))), false, numberingOf(policy));
  });
}

function ofTarget(context: Context, target: Target, policies: readonly Written[]): readonly Draft[] {
  const { kind, key, subjects } = target;
  const scope: DraftScope = { kind, key, namespace: subjects[0]?.namespace ?? '' };
  const told = policies.filter((policy) => !isAllow(policy) || subjects.every((each) => !context.open.has(each)));
  return draftOf(context, scope, told, (requests, { policy }) =>
    toTargets(requests, [target], true, numberingOf(policy)),
  );
}

function numberingOf({ scope }: Written['policy']): Numbering {
  return scope.kind === 'targets' ? 'service' : 'pods';
}

type ToOf = (requests: Written['rules'][number]['requests'], policy: Written) => DraftRule['to'];

function draftOf(
  { obstacles, stage }: Context,
  scope: DraftScope,
  policies: readonly Written[],
  toOf: ToOf,
): readonly Draft[] {
  if (policies.length === 0) return [];
  const rules = policies.flatMap((policy) =>
    policy.rules.flatMap((rule, index): DraftRule[] => {
      const id = ruleId(policy.key, index);
      // Only waypoints are let in, for which Ambit writes guards by itself.
      if (rule.from?.length === 0 || obstacles.rules.has(id)) return [];
      const { requests, count, ...said } = rule;
      return [{ ...said, name: ruleName(policy, rule), to: toOf(requests, policy), sources: [id] }];
    }),
  );
  const closedBy = policies.filter(isAllow).map(({ key }) => key);
  return [{ scope, stage, mode: undefined, plaintext: [], closedBy, rules }];
}
