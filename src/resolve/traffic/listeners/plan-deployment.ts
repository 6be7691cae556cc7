import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../../diagnostics/diagnostic.js';
import type { GatewayDeployment, WantedText } from '../../../parse/traffic/listeners.js';
import type { ClusterObject } from '../../../topology/build-topology.js';
import { sortBy } from '../../../util/order.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import type { PlannedDeployment } from '../../planned-gateway.js';
import { blockedBy } from '../../waypoints/blocked-evictions.js';

/** How a gateway that settings describe is deployed; what cannot be is reported. */
export function planDeployment(
  deployment: GatewayDeployment | undefined,
  objects: readonly ClusterObject[],
): Result<PlannedDeployment> {
  if (deployment === undefined) return { value: asIstioHasIt, diagnostics: [] };
  const { className, service, replicas, maxReplicas, disruption, labels, annotations } = deployment;
  return {
    value: {
      className: className?.value ?? asIstioHasIt.className,
      service,
      replicas: replicas?.value,
      maxReplicas: maxReplicas?.value,
      disruption: disruption?.value,
      labels: valuesOf(labels),
      annotations: valuesOf(annotations),
    },
    diagnostics: [
      ...unknownClass(deployment, objects),
      ...contradictions(deployment),
      ...labels.flatMap((each) => ownedBy(each, 'label')),
      ...annotations.flatMap((each) => ownedBy(each, 'annotation')),
    ],
  };
}

const asIstioHasIt: PlannedDeployment = {
  className: 'istio',
  service: undefined,
  replicas: undefined,
  maxReplicas: undefined,
  disruption: undefined,
  labels: {},
  annotations: {},
};

function valuesOf(texts: readonly WantedText[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sortBy(
      texts.map(({ name, value }) => [name.value, value] as const),
      ([name]) => name,
    ),
  );
}

/** Of a class that no manifest has nobody knows who deploys it (istio-traffic-topology W-04). */
function unknownClass({ className }: GatewayDeployment, objects: readonly ClusterObject[]): Diagnostic[] {
  const ofManifests = objects.flatMap(({ object: { kind, name, value } }) =>
    kind === 'GatewayClass' && Object(value.spec).controllerName === 'istio.io/gateway-controller' ? [name] : [],
  );
  const known = [asIstioHasIt.className, ...ofManifests];
  if (className === undefined || known.includes(className.value)) return [];
  const near = didYouMean(suggest(className.value, known));
  return [diagnostic('gateway-class-unknown', { class: className.value }, className.span, near)];
}

function contradictions({ replicas, maxReplicas, disruption }: GatewayDeployment): Diagnostic[] {
  const count = replicas?.value ?? 1;
  const tooFew =
    maxReplicas !== undefined && maxReplicas.value < count
      ? [
          {
            at: maxReplicas,
            field: `maxReplicas: ${maxReplicas.value}`,
            why: 'an autoscaler keeps at least `replicas`',
          },
        ]
      : [];
  const isBlocked =
    disruption !== undefined &&
    blockedBy({ replicas: count, maxReplicas: maxReplicas?.value, disruption: disruption.value });
  const blocked = isBlocked
    ? [
        {
          at: disruption,
          field: `${disruption.value.bound}: ${disruption.value.pods}`,
          why: 'no pod could ever be evicted, and no node drained on which one runs',
        },
      ]
    : [];
  return [...tooFew, ...blocked].map(({ at, field, why }) =>
    diagnostic('gateway-pods-contradict', { field, replicas: count, why }, at.span),
  );
}

/** What Istio and Gateway API read decides what the pods are, and what Ambit is told by is for Ambit to write. */
function ownedBy({ name }: WantedText, what: string): Diagnostic[] {
  const prefix = name.value.includes('/') ? name.value.slice(0, name.value.indexOf('/')) : '';
  const isOwned =
    /(?:^|\.)istio\.io$|^gateway\.networking\.k8s\.io$|^ambit\.dev$/.test(prefix) ||
    name.value === 'app.kubernetes.io/managed-by' ||
    name.value === 'app.kubernetes.io/name';
  return isOwned ? [diagnostic('gateway-metadata-owned', { what, name: name.value }, name.span)] : [];
}
