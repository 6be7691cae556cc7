import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isTokenAttribute } from '../../mesh/fields.js';
import type { AuthorizationPolicy, Test } from '../../mesh/policies/policy.js';
import type { Attribute } from '../../mesh/view.js';
import { isManaged, type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { keyOf, type Service, type Workload } from '../../topology/model.js';
import { type Blocker, hasTargets, type MigrationContext, named, selectedBy, selectorOf } from './context.js';

/** A mode that ztunnel takes for PERMISSIVE (B-03). */
export const mutualTlsOff: Blocker = mutualTlsOffAs('migrate-mtls-disabled');

export function mutualTlsOffAs(name: 'migrate-mtls-disabled' | 'migrate-back-mtls-disabled'): Blocker {
  return (context) =>
    [...context.at.peerAuthentication.values()].flat().flatMap(({ object, matchLabels, mode, ports }) => {
      const port = ports.find((each) => each.mode === 'DISABLE');
      const path = port === undefined ? ['spec', 'mtls', 'mode'] : ['spec', 'portLevelMtls', String(port.port), 'mode'];
      const workloads = selectedBy(context, object, matchLabels);
      if ((mode !== 'DISABLE' && port === undefined) || workloads.length === 0) return [];
      return [diagnostic(name, { object: describe(object), workloads: named(workloads) }, spanIn(object, path))];
    });
}

/** What ztunnel can read of a policy (§2.3): everything else of it is lost, or refuses more than is written. */
const readByZtunnel: ReadonlySet<Attribute> = new Set<Attribute>([
  'source.principal',
  'source.namespace',
  'source.serviceAccount',
  'source.trustDomain',
  'source.ip',
  'destination.ip',
  'destination.port',
]);

/** Policies at pods that ask for what only a proxy sees that reads requests (B-06). Ambit writes its own anew. */
export const requestPolicies: Blocker = (context) =>
  policiesAtPods(context).flatMap(({ policy, workloads: all }) => {
    const reason = beyondZtunnel(policy);
    const workloads = all.filter((workload) => !isTargeted(context, workload));
    if (reason === undefined || workloads.length === 0) return [];
    const parameters = { policy: describe(policy.object), what: reason.what, workloads: named(workloads) };
    return [diagnostic('migrate-request-policy', parameters, spanIn(policy.object, reason.path))];
  });

/** The same on the way back: ztunnel has left something out of them, and sidecars do all of it. */
export const requestPoliciesAtSidecars: Blocker = (context) =>
  policiesAtPods(context).flatMap(({ policy, workloads }) => {
    const reason = beyondZtunnel(policy);
    if (reason === undefined) return [];
    const parameters = { policy: describe(policy.object), what: reason.what, workloads: named(workloads) };
    return [diagnostic('migrate-back-request-policy', parameters, spanIn(policy.object, reason.path))];
  });

/** A policy that selects pods, and the moving workloads among them. */
export interface PolicyAtPods {
  readonly policy: AuthorizationPolicy;
  readonly workloads: readonly Workload[];
}

/** Those that select moving workloads, but for what Ambit writes anew. */
export function policiesAtPods(context: MigrationContext): readonly PolicyAtPods[] {
  return [...context.at.authorization.values()].flat().flatMap(({ http: { policy } }) => {
    if (policy.kind !== 'AuthorizationPolicy' || policy.scope.kind === 'targets' || isManaged(policy.object)) return [];
    const selector = policy.scope.kind === 'selector' ? policy.scope.matchLabels : undefined;
    const workloads = selectedBy(context, policy.object, selector);
    return workloads.length === 0 ? [] : [{ policy, workloads }];
  });
}

function beyondZtunnel(policy: AuthorizationPolicy): { readonly what: string; readonly path: Path } | undefined {
  if (policy.action === 'CUSTOM' || policy.action === 'AUDIT') {
    return { what: `action ${policy.action}`, path: ['spec', 'action'] };
  }
  const test = testsOf(policy).find(({ attribute }) => !readByZtunnel.has(attribute));
  if (test === undefined) return undefined;
  return {
    what: isTokenAttribute(test.attribute) ? `a token (\`${test.field}\`)` : `\`${test.field}\``,
    path: test.place,
  };
}

function testsOf({ rules }: AuthorizationPolicy): readonly Test[] {
  return rules.flatMap(({ from, to, when }) => [...from, ...to, ...when].flatMap(({ tests }) => tests));
}

/** Whether policies at waypoints are there already for every Service in front of a workload; headless ones never have one. */
function isTargeted(context: MigrationContext, { services }: Workload): boolean {
  const all = services.flatMap((key) => context.cluster.services.get(key) ?? []).filter(({ headless }) => !headless);
  return all.length > 0 && all.every((service) => targetsAt(context, service).length > 0);
}

function targetsAt({ at }: MigrationContext, service: Service): readonly AuthorizationPolicy[] {
  return (at.authorization.get(service.namespace) ?? []).flatMap(({ http: { policy } }) =>
    policy.kind === 'AuthorizationPolicy' &&
    policy.scope.kind === 'targets' &&
    policy.scope.targets.some(({ kind, name }) => (kind === 'Service' ? name === service.name : kind === 'Gateway'))
      ? [policy]
      : [],
  );
}

/** What else proxies take from objects that select pods, and waypoints from those that name a target (B-07). */
export const proxySettings: Blocker = (context) => {
  const { cluster } = context;
  const all = [
    ...cluster.policies.filter(({ kind }) => kind === 'RequestAuthentication'),
    ...cluster.extensions.filter(({ kind }) => kind === 'WasmPlugin' || kind === 'TrafficExtension'),
    ...cluster.telemetries.filter((object) => selectorOf(object) !== undefined),
  ];
  return selecting(context, all).map(({ object, workloads }) =>
    diagnostic(
      'migrate-selected-settings',
      { object: describe(object), workloads: named(workloads) },
      spanIn(object, ['spec']),
    ),
  );
};

/** EnvoyFilters change the proxies of pods, and those are gone (B-05). */
export const envoyFilters: Blocker = (context) =>
  selecting(
    context,
    context.cluster.extensions.filter((object) => object.kind === 'EnvoyFilter' && !isOfGateways(object)),
  ).map(({ object, workloads }) =>
    diagnostic('migrate-envoy-filter', { object: describe(object), workloads: named(workloads) }, spanIn(object)),
  );

interface Selecting {
  readonly object: ManifestObject;
  readonly workloads: readonly Workload[];
}

/** Those that select moving workloads, but for what Ambit writes anew and for what has a twin with a target. */
function selecting(context: MigrationContext, all: readonly ManifestObject[]): readonly Selecting[] {
  const twins = new Set(all.filter(hasTargets).map((object) => `${object.kind}/${namespaceOf(object)}`));
  return all
    .filter(
      (object) => !hasTargets(object) && !isManaged(object) && !twins.has(`${object.kind}/${namespaceOf(object)}`),
    )
    .map((object) => ({ object, workloads: selectedBy(context, object, selectorOf(object)) }))
    .filter(({ workloads }) => workloads.length > 0);
}

function isOfGateways(object: ManifestObject): boolean {
  const patches: unknown = Object(object.value.spec).configPatches;
  const contexts = Array.isArray(patches) ? patches.map((patch) => Object(Object(patch).match).context) : [];
  return contexts.length > 0 && contexts.every((context) => context === 'GATEWAY');
}

/** Services without a virtual IP: no waypoint stands before them, so nothing reads requests to their pods (B-16). */
export const headlessBehindRules: Blocker = (context) => {
  const ruled = new Set(
    [...context.at.authorization.values()].flat().flatMap(({ http: { policy } }) => {
      if (policy.kind !== 'AuthorizationPolicy' || policy.scope.kind === 'targets') return [];
      if (beyondZtunnel(policy) === undefined) return [];
      const selector = policy.scope.kind === 'selector' ? policy.scope.matchLabels : undefined;
      return selectedBy(context, policy.object, selector).map(keyOf);
    }),
  );
  return [...context.cluster.services.values()].flatMap((service): readonly Diagnostic[] => {
    const workload = service.headless ? service.workloads.find((key) => ruled.has(key)) : undefined;
    if (workload === undefined) return [];
    const parameters = { service: keyOf(service), workload };
    return [diagnostic('migrate-headless', parameters, spanIn(service.object, ['spec', 'clusterIP']))];
  });
};

/** UDP is not carried, and of TCP that the server speaks first a waypoint that detects protocols learns too late (B-25). */
export const portsBehindWaypoints: Blocker = (context) => {
  const moving = new Set(context.moving.flatMap(({ services }) => services));
  return [...context.after.services.values()]
    .filter((service) => moving.has(keyOf(service)) && service.binding.kind === 'bound')
    .flatMap((service) =>
      service.ports.flatMap((port, index) => {
        if (port.transport !== 'UDP' && port.layer !== 'detected') return [];
        const what = port.transport === 'UDP' ? 'UDP' : 'of a protocol that nobody declares';
        const parameters = { service: keyOf(service), port: port.number, what };
        return [
          diagnostic('migrate-port-behind-waypoint', parameters, spanIn(service.object, ['spec', 'ports', index])),
        ];
      }),
    );
};
