import { hasNoSelector, oldest } from '../../mesh/policies/peer-authentication.js';
import type { PeerMode } from '../../mesh/policies/policy.js';
import { selects } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import type { LiftedPeers } from '../lift/peer-authentication.js';
import { liftPeers } from '../lift/peer-authentication.js';
import { commentsOf, remarksOfObject } from '../lift/remarks.js';
import { label } from '../names/label.js';
import { itemsFor, type Target, targetsFor } from '../names/targets.js';
import { closesTheRest, type OutsideMesh } from '../outside-mesh.js';
import type { WrittenPeers } from '../policies.js';
import type { Reason } from '../reason.js';
import type { Subject } from '../subjects.js';
import { type Draft, type DraftRule, type DraftScope, meshScope, namespaceScope } from './draft.js';
import type { Obstacles } from './obstacles.js';

export interface ArrangedPeers {
  readonly drafts: readonly Draft[];
  readonly left: ReadonlyMap<string, Reason>;
  /** Policies beside an older one of the same scope: they have no effect, and why. */
  readonly dead: ReadonlyMap<string, string>;
}

/** What there is in the mesh. */
interface Around {
  readonly subjects: readonly Subject[];
  readonly rootNamespace: string;
  readonly outside: OutsideMesh;
}

/** In which settings the mode of mutual TLS is said: at the scope of each PeerAuthentication. */
export function arrangePeers(
  policies: readonly WrittenPeers[],
  { subjects, rootNamespace, outside }: Around,
  obstacles: Obstacles,
): ArrangedPeers {
  const left = new Map<string, Reason>();
  const dead = new Map<string, string>();
  const drafts: Draft[] = [];
  const workloads = subjects.filter(({ kind }) => kind === 'workload');
  const modeOf = (namespace: string) =>
    effective(policies, namespace) ?? effective(policies, rootNamespace) ?? 'PERMISSIVE';
  for (const group of groupBy(policies, scopeOf).values()) {
    const eldest = oldest(group.map(({ policy }) => policy));
    for (const each of group) {
      const { key, policy, unsaid } = each;
      const learnt = obstacles.policies.get(key);
      const beside = hasNoSelector(policy) && policy.mode === 'STRICT' ? outside.get(policy.namespace) : undefined;
      if (unsaid !== undefined) left.set(key, unsaid);
      else if (learnt !== undefined) left.set(key, { because: learnt });
      else if (policy !== eldest) dead.set(key, `\`${eldest?.name}\` of the same scope is older, or the first by name`);
      else {
        const inherited = policy.namespace === rootNamespace ? 'PERMISSIVE' : modeOf(rootNamespace);
        const lifted = liftPeers(policy, hasNoSelector(policy) ? inherited : modeOf(policy.namespace));
        const said = 'because' in lifted ? lifted.because : draftsOf(each, lifted, workloads, rootNamespace);
        if (typeof said === 'string') left.set(key, { because: said });
        else if (beside !== undefined && policy.namespace !== rootNamespace) left.set(key, closesTheRest(beside));
        else drafts.push(...said);
      }
    }
  }
  return { drafts, left, dead };
}

function scopeOf({ policy }: WrittenPeers): string {
  return hasNoSelector(policy)
    ? policy.namespace
    : `${policy.namespace} ${JSON.stringify(Object.entries(policy.matchLabels ?? {}).sort())}`;
}

function effective(policies: readonly WrittenPeers[], namespace: string): Exclude<PeerMode, 'UNSET'> | undefined {
  const own = policies
    .map(({ policy }) => policy)
    .filter((policy) => policy.namespace === namespace && hasNoSelector(policy));
  const mode = oldest(own)?.mode;
  return mode === 'UNSET' ? undefined : mode;
}

function draftsOf(
  { key, policy, object }: WrittenPeers,
  { mode, plaintext }: LiftedPeers,
  workloads: readonly Subject[],
  rootNamespace: string,
): readonly Draft[] | string {
  const draft = (scope: DraftScope, rules: readonly DraftRule[]): Draft => ({
    scope,
    stage: 'Enforce',
    mode: { mode, sources: [key] },
    plaintext: rules,
    closedBy: [],
    rules: [],
  });
  if (hasNoSelector(policy)) {
    if (plaintext.length > 0) return 'ports of their own are for policies with a selector';
    if (policy.mode === 'UNSET') return 'it says no mode';
    return [draft(policy.namespace === rootNamespace ? meshScope : namespaceScope(policy.namespace), [])];
  }
  const selected = workloads.filter(
    ({ namespace, instances }) =>
      namespace === policy.namespace &&
      instances.some(({ object: { ...pod } }) => 'labels' in pod && selects(policy.matchLabels ?? {}, pod.labels)),
  );
  if (selected.length === 0) return 'it selects nothing that is in the mesh';
  const remarks = remarksOfObject(object, commentsOf(object));
  return targetsFor(selected).map((target) => {
    const rules = plaintext.map((port): DraftRule => {
      const to = itemsFor(target, port, true);
      return { name: label(`${policy.name}-${port}`), section: 'allow', from: ['anyone'], to, remarks, sources: [key] };
    });
    return draft(scopeOfTarget(target), rules.map(namedByPort(policy.name)));
  });
}

function scopeOfTarget({ kind, key }: Target): DraftScope {
  return { kind, key, namespace: key.slice(0, key.indexOf('/')) };
}

/** A port that has a name gives it to the rule. */
function namedByPort(policy: string): (rule: DraftRule) => DraftRule {
  return (rule) => {
    const port = rule.to?.[0]?.port;
    return typeof port === 'string' ? { ...rule, name: label(`${policy}-${port}`) } : rule;
  };
}
