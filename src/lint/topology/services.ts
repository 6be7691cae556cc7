import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { type Cluster, keyOf, type Service, type Workload } from '../../topology/model.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import type { LintContext } from './lint.js';

/** A Service whose selector matches no workload has no endpoints: a typing error, or manifests that were not given. */
export function selectorsThatMatchNothing({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.services.values()].filter(matchesNothing).map((service) =>
    diagnostic('selector-matches-nothing', { service: keyOf(service) }, spanIn(service.object, ['spec', 'selector']), {
      notes: [{ message: 'what nobody serves cannot be protected, and is not a caller either' }],
    }),
  );
}

/** Istio makes the pods of Gateways, and istiod need not be among the manifests for the Service of a tag (E-31, W-03). */
function matchesNothing({ selector, workloads, type, labels }: Service): boolean {
  if (selector === undefined || workloads.length > 0 || type === 'ExternalName') return false;
  return selector[label.gatewayName] === undefined && labels[label.tag] === undefined;
}

/** A waypoint that must guess a protocol treats some connections as requests and others as bytes (T-54). */
export function undeclaredProtocols({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.services.values()]
    .filter(({ binding }) => binding.kind === 'bound')
    .flatMap((service) =>
      service.ports.flatMap(({ number, layer }, index) => {
        if (layer !== 'detected') return [];
        const parameters = { port: number, service: keyOf(service) };
        return diagnostic('undeclared-protocol-at-waypoint', parameters, spanIn(service.object, portPath(index)), {
          notes: [{ message: 'the protocol comes from `appProtocol` or the port name, else from sniffing (T-54)' }],
        });
      }),
    );
}

/** Headless Services inherit the label of their namespace in vain: clients address their pods (W-15). */
export function headlessServices({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.services.values()]
    .filter(({ headless, binding }) => headless && binding.kind === 'broken' && binding.reason === 'no-vip')
    .filter(({ labels }) => labels[label.useWaypoint] === undefined)
    .map((service) =>
      diagnostic(
        'headless-bypasses-waypoint',
        { service: keyOf(service) },
        spanIn(service.object, ['spec', 'clusterIP']),
        { notes: [{ message: 'headless traffic is addressed to pod IPs (W-15)' }] },
      ),
    );
}

/** Pods in different modes behind one Service enforce different halves of one policy. */
export function mixedPlanes({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.services.values()].flatMap((service) => {
    const workloads = workloadsOf(service, cluster);
    if (new Set(workloads.map(({ mode }) => mode.plane)).size < 2) return [];
    const modes = sortedUnique(workloads.map(({ name, mode }) => `\`${name}\` ${mode.plane}`)).join(', ');
    return diagnostic(
      'mixed-planes',
      { service: keyOf(service), modes },
      spanIn(service.object, ['metadata', 'name']),
      {
        notes: [{ message: 'ztunnel, sidecars and pods outside the mesh each enforce something else (I-02)' }],
      },
    );
  });
}

/** A waypoint always forwards with HBONE, which a sidecar must have been restarted to accept (T-28, E-24). */
export function sidecarsBehindWaypoints({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.services.values()].flatMap((service) => {
    const { binding } = service;
    if (binding.kind !== 'bound') return [];
    const deaf = workloadsOf(service, cluster).filter(({ mode }) => mode.plane === 'sidecar' && !mode.hbone);
    return deaf.map(({ kind, namespace, name, object }) =>
      diagnostic(
        'waypoint-cannot-reach-sidecar',
        { kind, workload: `${namespace}/${name}`, waypoint: binding.waypoint, service: keyOf(service) },
        spanIn(object, ['metadata', 'name']),
        { notes: [{ message: 'a waypoint forwards with HBONE; a sidecar must listen for it (T-28, E-24)' }] },
      ),
    );
  });
}

/** A waypoint for Services of which nothing is in the mesh. */
export function waypointsOutsideAmbient({ cluster, labelled }: LintContext): readonly Diagnostic[] {
  const servicesOf = groupBy(cluster.services.values(), ({ namespace }) => namespace);
  return labelled.flatMap((object) => {
    const { binding, namespace, kind } = object;
    if (binding.kind !== 'bound' || object.labels[label.useWaypoint] === undefined) return [];
    const inNamespace = servicesOf.get(namespace) ?? [];
    const services =
      kind === 'Namespace' ? inNamespace : inNamespace.filter(({ object: own }) => own === object.source);
    const workloads = services.flatMap((service) => workloadsOf(service, cluster));
    if (workloads.length === 0 || workloads.some(({ mode }) => mode.plane !== 'none')) return [];
    const parameters = { object: object.title, waypoint: binding.waypoint, namespace };
    return diagnostic('waypoint-outside-ambient', parameters, object.labelSpan(label.useWaypoint), {
      notes: [{ message: 'callers outside the mesh and the pods themselves pass the waypoint by (I-06)' }],
    });
  });
}

/** The label that sends ingress traffic to a waypoint needs a waypoint that is in force (W-60). */
export function ingressLabelsWithoutWaypoint({ cluster, labelled }: LintContext): readonly Diagnostic[] {
  const bound = [...cluster.services.values()].filter(({ binding }) => binding.kind === 'bound');
  const namespaces = new Set(bound.map(({ namespace }) => namespace));
  return labelled.flatMap((object) => {
    if (object.labels[label.ingressUseWaypoint]?.toLowerCase() !== 'true') return [];
    const isNamespace = object.kind === 'Namespace';
    if (isNamespace ? namespaces.has(object.namespace) : object.binding.kind === 'bound') return [];
    const parameters = { object: object.title, which: isNamespace ? 'any Service in it' : 'it' };
    const span = object.labelSpan(label.ingressUseWaypoint);
    return diagnostic('ingress-label-without-waypoint', parameters, span, {
      notes: [{ message: 'ingress goes straight to the pods unless a working waypoint is bound as well (W-60)' }],
    });
  });
}

function workloadsOf({ workloads }: Service, cluster: Cluster): readonly Workload[] {
  return workloads.flatMap((key) => cluster.workloads.get(key) ?? []);
}

function portPath(index: number) {
  return ['spec', 'ports', index] as const;
}
