import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../../diagnostics/diagnostic.js';
import type { Intent } from '../../../parse/ast.js';
import { isManaged, type ManifestObject, spanIn } from '../../../parse/document.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import type { ClusterObject } from '../../../topology/build-topology.js';
import type { Topology } from '../../../topology/model.js';
import { groupBy, sortBy } from '../../../util/order.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import type { PlannedGateway } from '../../planned-gateway.js';
import { planDeployment } from './plan-deployment.js';

/**
 * The Gateways that traffic settings describe by their listeners, in every cluster that has the namespace. They are planned
 * before names are bound, so that rules and routes may name them like any other.
 */
export function planGateways(
  intents: readonly Intent[],
  topology: Topology,
  objects: readonly ClusterObject[],
): Result<readonly PlannedGateway[]> {
  const describing = intents.filter((intent) => intent.kind === 'TrafficSettings').filter(describesGateway);
  const byName = groupBy(
    sortBy(describing, ({ name }) => name.value),
    ({ scope }) => scope.reference,
  );
  const planned = [...byName.values()].map((all) => planOne(all, topology, objects));
  const deployedWithout = intents
    .filter((intent) => intent.kind === 'TrafficSettings')
    .filter(({ scope, listeners, deployment }) => scope.kind === 'gateway' && listeners.length === 0 && deployment);
  return {
    value: sortBy(
      planned.flatMap(({ value }) => value),
      ({ cluster }) => cluster,
      ({ namespace, name }) => `${namespace}/${name}`,
    ),
    diagnostics: [
      ...planned.flatMap(({ diagnostics }) => diagnostics),
      ...deployedWithout.map(({ scope, deployment }) =>
        diagnostic('deployment-without-listeners', { gateway: scope.reference }, deployment?.span ?? scope.span),
      ),
    ],
  };
}

/** Who names it by half is told so where names are bound. */
function describesGateway({ scope, listeners }: TrafficSettings): boolean {
  return scope.kind === 'gateway' && listeners.length > 0 && /^[^/]+\/[^/]+$/.test(scope.reference);
}

function planOne(
  [settings, ...others]: readonly TrafficSettings[],
  topology: Topology,
  objects: readonly ClusterObject[],
): Result<readonly PlannedGateway[]> {
  if (settings === undefined) return { value: [], diagnostics: [] };
  const { reference, span } = settings.scope;
  const notes = [{ message: 'the first is here', span: settings.name.span }];
  const diagnostics: Diagnostic[] = others.map(({ name, listeners: [first] }) =>
    diagnostic('second-listeners', { gateway: reference }, first?.span ?? name.span, { notes }),
  );
  const existing = objects.find(({ object }) => isGatewayOfOthers(object, reference));
  if (existing !== undefined) {
    const there = [{ message: 'it is here', span: spanIn(existing.object, ['metadata', 'name']) }];
    const { name, listeners } = settings;
    const at = listeners[0]?.span ?? name.span;
    diagnostics.push(diagnostic('gateway-exists', { gateway: reference }, at, { notes: there }));
    return { value: [], diagnostics };
  }
  const [namespace = '', name = ''] = reference.split('/');
  const homes = topology.clusters.filter(({ namespaces }) => namespaces.has(namespace));
  if (homes.length === 0) {
    const known = topology.clusters.flatMap(({ namespaces }) => [...namespaces.keys()]);
    const near = didYouMean(suggest(namespace, known));
    diagnostics.push(diagnostic('gateway-without-namespace', { namespace }, span, near));
  }
  const origin = {
    id: settings.name.value,
    span: settings.name.span,
    reason: undefined,
    owner: undefined,
    ticket: undefined,
  };
  const deployment = planDeployment(settings.deployment, objects);
  diagnostics.push(...deployment.diagnostics);
  const value = homes.map(({ name: cluster, settings: { istio } }) => ({
    ...{ cluster, namespace, name, revision: istio.revision, origin, span },
    listeners: settings.listeners,
    deployment: deployment.value,
  }));
  return { value, diagnostics };
}

function isGatewayOfOthers(object: ManifestObject, reference: string): boolean {
  const { kind, namespace = 'default', name } = object;
  return kind === 'Gateway' && `${namespace}/${name}` === reference && !isManaged(object);
}
