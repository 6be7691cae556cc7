import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import type { AuthorizationPolicy, Item, Rule } from '../../../mesh/policies/policy.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import { alreadyReported, describe, itemsAt, namespaceOf, textAt } from '../../../topology/fields.js';
import { keyOf, type Service, type ServiceEntry, type Waypoint } from '../../../topology/model.js';
import { type Blocker, hasTargets, type MigrationContext, named } from '../context.js';
import { type PolicyAtPods, policiesAtPods } from '../policies.js';

/** What is decided at a waypoint about calls: a sidecar goes past it (I-02). What selects the pods as well stays. */
export const policiesAtWaypoints: Blocker = (context) => {
  const atPods = policiesAtPods(context).filter(({ policy }) => waypointsIn(context, policy).length === 0);
  return [...context.at.authorization.values()].flat().flatMap(({ http: { policy } }) => {
    if (policy.kind !== 'AuthorizationPolicy' || policy.scope.kind !== 'targets') return [];
    const alike = atPods.filter((each) => each.policy.action === policy.action);
    return passedBy(context, policy.object)
      .filter(({ subject }) => !isHeldAtPods(subject, alike))
      .slice(0, 1)
      .map(({ subject, waypoint }) =>
        diagnostic(
          'migrate-back-target-policy',
          { policy: describe(policy.object), waypoint: keyOf(waypoint), subject: keyOf(subject) },
          spanIn(policy.object, ['spec', 'targetRefs']),
        ),
      );
  });
};

function isHeldAtPods(subject: Service | ServiceEntry, alike: readonly PolicyAtPods[]): boolean {
  if (!('workloads' in subject) || subject.workloads.length === 0) return false;
  const held = new Set(alike.flatMap(({ workloads }) => workloads.map(keyOf)));
  return subject.workloads.every((key) => held.has(key));
}

/** What else a waypoint reads: tokens, plugins, what is recorded. */
export const settingsAtWaypoints: Blocker = (context) => {
  const { policies, extensions, telemetries } = context.cluster;
  const all = [...policies.filter(({ kind }) => kind === 'RequestAuthentication'), ...extensions, ...telemetries];
  return all.flatMap((object) =>
    passedBy(context, object)
      .slice(0, 1)
      .map(({ subject, waypoint }) =>
        diagnostic(
          'migrate-back-target-settings',
          { object: describe(object), waypoint: keyOf(waypoint), subject: keyOf(subject) },
          spanIn(object, ['spec']),
        ),
      ),
  );
};

interface Passed {
  readonly subject: Service | ServiceEntry;
  readonly waypoint: Waypoint;
}

/** What an object with targets is for, where calls come through a waypoint now and pods that move may be among the callers. */
function passedBy({ cluster, moving }: MigrationContext, object: ManifestObject): readonly Passed[] {
  if (moving.length === 0 || isManaged(object) || !hasTargets(object)) return [];
  const namespace = namespaceOf(object);
  const targets = targetsOf(object);
  return [...cluster.services.values(), ...cluster.serviceEntries.values()].flatMap((subject): readonly Passed[] => {
    const { binding } = subject;
    const waypoint = binding.kind === 'bound' ? cluster.waypoints.get(binding.waypoint) : undefined;
    if (waypoint === undefined) return [];
    const kind = 'workloads' in subject ? 'Service' : 'ServiceEntry';
    const isMeant = targets.some((target) => {
      if (target.kind === 'GatewayClass') return target.name === waypoint.className;
      const { namespace: home, name } = target.kind === 'Gateway' ? waypoint : subject;
      return (target.kind === 'Gateway' || target.kind === kind) && target.name === name && namespace === home;
    });
    return isMeant ? [{ subject, waypoint }] : [];
  });
}

function targetsOf(object: ManifestObject): ReadonlyArray<{ readonly kind: string; readonly name: string }> {
  const paths = [...itemsAt(object, ['spec', 'targetRefs'], alreadyReported), ['spec', 'targetRef']];
  return paths.flatMap((path) => {
    const [kind, name] = ['kind', 'name'].map((field) => textAt(object, [...path, field], alreadyReported));
    return kind === undefined || name === undefined ? [] : [{ kind, name }];
  });
}

/** Policies at pods that know no caller but a waypoint, where no other policy admits anybody else. */
export const waypointsAlone: Blocker = (context) => {
  const all = policiesAtPods(context);
  const allowing = all.filter(({ policy }) => policy.action === 'ALLOW');
  const open = new Set(
    allowing
      .filter(({ policy }) => policy.rules.length > 0 && waypointsIn(context, policy).length === 0)
      .flatMap(({ workloads }) => workloads),
  );
  return all.flatMap(({ policy, workloads }): readonly Diagnostic[] => {
    const [waypoint] = waypointsIn(context, policy);
    const closed = policy.action === 'ALLOW' ? workloads.filter((workload) => !open.has(workload)) : workloads;
    if (waypoint === undefined || closed.length === 0) return [];
    const parameters = { policy: describe(policy.object), waypoint: keyOf(waypoint), workloads: named(closed) };
    return [diagnostic('migrate-back-waypoint-alone', parameters, spanIn(policy.object, ['spec', 'rules']))];
  });
};

/** The waypoints that a policy admits, where it admits nobody else: as an ALLOW, or as a DENY for all others. */
function waypointsIn({ cluster }: MigrationContext, { action, rules }: AuthorizationPolicy): readonly Waypoint[] {
  if (action !== 'ALLOW' && action !== 'DENY') return [];
  const waypoints = [...cluster.waypoints.values()];
  const values = action === 'ALLOW' ? 'values' : 'notValues';
  const found = rules.map((rule) => {
    const named = sourcesOf(rule, values);
    const own = named.map((text) => waypoints.find((waypoint) => isNamed(text, waypoint)));
    return named.length > 0 && !own.includes(undefined) ? own : undefined;
  });
  const admitted = action === 'ALLOW' && found.includes(undefined) ? [] : found.flatMap((own) => own ?? []);
  return admitted.flatMap((waypoint) => waypoint ?? []);
}

/** By whom a rule tells callers apart; nothing where some part of it does not ask who calls. */
function sourcesOf({ from }: Rule, values: 'values' | 'notValues'): readonly string[] {
  const named = from.map((item) => accountsIn(item, values));
  return named.some(({ length }) => length === 0) ? [] : named.flat();
}

function accountsIn({ tests }: Item, values: 'values' | 'notValues'): readonly string[] {
  return tests
    .filter(({ attribute }) => attribute === 'source.principal' || attribute === 'source.serviceAccount')
    .flatMap((test) => test[values]);
}

/** A principal ends with the account, and accounts are written with their namespace or without. */
function isNamed(text: string, { namespace, serviceAccount }: Waypoint): boolean {
  return text.endsWith(`/ns/${namespace}/sa/${serviceAccount}`) || text === `${namespace}/${serviceAccount}`;
}
