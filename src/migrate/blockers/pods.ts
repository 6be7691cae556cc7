import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isSidecarAndAmbient } from '../../lint/topology/sidecar-and-ambient.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { alreadyReported, describe, itemsAt, mappingAt, textAt } from '../../topology/fields.js';
import { templatesOf } from '../../topology/injection.js';
import { annotation, label } from '../../topology/labels.js';
import { isMachine, keyOf, type Workload } from '../../topology/model.js';
import { podPath, readPodSigns } from '../../topology/pod-template.js';
import { groupBy } from '../../util/order.js';
import { type Blocker, type MigrationContext, named } from './context.js';

/** Machines keep a proxy of their own: there is no ztunnel outside Kubernetes (B-01). */
export const machines: Blocker = ({ cluster, isMeant }) =>
  [...cluster.workloads.values()]
    .filter((workload) => isMachine(workload) && isMeant(workload.namespace) && hasIdentity(workload))
    .map(({ object }) => diagnostic('migrate-machine', { object: describe(object) }, spanIn(object)));

/** An address without an account is a place that calls go to, and no member of the mesh. */
function hasIdentity({ kind, object }: Workload): boolean {
  return kind === 'WorkloadGroup' || textAt(object, ['spec', 'serviceAccount'], alreadyReported) !== undefined;
}

/** Certificates of SPIRE are handed to a proxy in the pod, and ambient pods have none (B-02). */
export const spireIdentities: Blocker = ({ moving }) =>
  moving.flatMap((workload) => {
    const { object } = workload;
    const template = templatesPath(workload);
    const path = templatesOf(workload).includes('spire') ? template : spireVolume(workload);
    return path === undefined ? [] : [diagnostic('migrate-spire', { workload: keyOf(workload) }, spanIn(object, path))];
  });

function spireVolume({ object }: Workload): Path | undefined {
  const volumes = itemsAt(object, [...podPath(object.kind), 'spec', 'volumes'], alreadyReported);
  return volumes.find(
    (volume) =>
      textAt(object, [...volume, 'csi', 'driver'], alreadyReported) === 'csi.spiffe.io' ||
      textAt(object, [...volume, 'hostPath', 'path'], alreadyReported)?.includes('/spire') === true,
  );
}

/** Neither a sidecar nor ztunnel ever has pods on the network of their node (B-17). */
export const hostNetworkPods: Blocker = ({ cluster, moving, isMeant }) => {
  const leaving = new Set(moving.map(({ namespace }) => namespace));
  return [...cluster.workloads.values()]
    .filter(({ hostNetwork, namespace }) => hostNetwork && leaving.has(namespace) && isMeant(namespace))
    .map((workload) => {
      const path = [...podPath(workload.object.kind), 'spec', 'hostNetwork'];
      return diagnostic('migrate-host-network', { workload: keyOf(workload) }, spanIn(workload.object, path));
    });
};

/** The injector takes pods without a label of their own by those of their namespace, and a gateway is made by it (E-21). */
export const gatewaysOfNamespaces: Blocker = ({ cluster, after, isMeant }) =>
  [...cluster.gateways]
    .filter(([key, { namespace }]) => isMeant(namespace) && !after.gateways.has(key))
    .map(([gateway, { object }]) => diagnostic('migrate-gateway-of-namespace', { gateway }, spanIn(object)));

/** Clients that speak xDS themselves cannot speak HBONE, and pass waypoints by (B-23). */
export const proxylessClients: Blocker = ({ cluster, isMeant }) =>
  [...cluster.workloads.values()]
    .filter((workload) => isMeant(workload.namespace))
    .filter((workload) => templatesOf(workload).some((template) => template.startsWith('grpc-')))
    .map((workload) =>
      diagnostic('migrate-proxyless', { workload: keyOf(workload) }, spanIn(workload.object, templatesPath(workload))),
    );

function templatesPath({ object }: Workload): Path {
  return [...podPath(object.kind), 'metadata', 'annotations', annotation.templates];
}

/** Pods that would still be given a sidecar, since labels ask for both (B-22). */
export const sidecarsBesideAmbient: Blocker = ({ cluster, isMeant }) => {
  const torn = [...cluster.workloads.values()].filter(
    (workload) => isMeant(workload.namespace) && isSidecarAndAmbient(workload, cluster),
  );
  const namespaces = new Set(torn.map(({ namespace }) => namespace));
  return [...namespaces].map((name) => {
    const object = cluster.namespaces.get(name)?.object;
    return diagnostic(
      'migrate-torn-namespace',
      { namespace: name },
      object ? spanIn(object, ['metadata', 'labels']) : null,
    );
  });
};

/** Sidecars that were started before ambient was installed take only plaintext of ambient callers (B-24). */
export const sidecarsWithoutHbone: Blocker = ({ moving, cluster }) => {
  const isInstalled = cluster.settings.istio.ambient;
  const deaf = moving.flatMap((workload) => {
    const pod = startedBefore(workload);
    return pod !== undefined || (isInstalled && !workload.mode.hbone)
      ? [{ workload, object: pod ?? workload.object }]
      : [];
  });
  return [...groupBy(deaf, ({ workload }) => workload.namespace)].flatMap(([namespace, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const parameters = { workload: named(all.map(({ workload }) => workload)), namespace };
    return [diagnostic('migrate-sidecar-without-hbone', parameters, spanIn(first.object))];
  });
};

/** A pod that runs with a sidecar which the injector did not tell to listen (E-24). */
function startedBefore({ object, pods }: Workload): ManifestObject | undefined {
  return [...pods, ...(object.kind === 'Pod' ? [object] : [])].find((pod) => {
    const { labels, annotations } = readPodSigns(pod, alreadyReported);
    return annotations[annotation.sidecarStatus] !== undefined && labels[label.tunnel] === undefined;
  });
}

/** Annotations that say which traffic a sidecar takes; ztunnel reads none of them (B-19). */
export const captureAnnotations: Blocker = annotated('migrate-capture-annotation', (key) =>
  key.startsWith('traffic.sidecar.istio.io/'),
);

/** Annotations about the sidecar's own container (B-20). */
export const sidecarAnnotations: Blocker = annotated(
  'migrate-sidecar-annotation',
  (key) => key === annotation.proxyConfig || (key.startsWith('sidecar.istio.io/') && !written.has(key)),
);

/** Those that say whether there is a sidecar, and what Istio itself writes. */
const written: ReadonlySet<string> = new Set([annotation.inject, annotation.sidecarStatus]);

/** Metrics of the application that its sidecar hands out with its own (B-21). */
export const mergedMetrics: Blocker = (context) =>
  context.moving.flatMap((workload) => {
    const { annotations, object } = workload;
    const merge = annotations[mergeKey];
    const isMerged =
      merge === 'true' || (merge === undefined && annotations[scrapeKey] === 'true' && isStrict(context, workload));
    const key = merge === 'true' ? mergeKey : scrapeKey;
    const path = [...podPath(object.kind), 'metadata', 'annotations', key];
    return isMerged ? [diagnostic('migrate-merged-metrics', { workload: keyOf(workload) }, spanIn(object, path))] : [];
  });

const mergeKey = 'prometheus.istio.io/merge-metrics';
const scrapeKey = 'prometheus.io/scrape';

/** Whether plaintext reaches the metrics by the sidecar's own port alone. */
function isStrict({ at }: MigrationContext, { namespace }: Workload): boolean {
  const all = [...(at.peerAuthentication.get(namespace) ?? []), ...(at.peerAuthentication.get(at.rootNamespace) ?? [])];
  return all.find(({ matchLabels, mode }) => matchLabels === undefined && mode !== 'UNSET')?.mode === 'STRICT';
}

function annotated(
  name: 'migrate-capture-annotation' | 'migrate-sidecar-annotation',
  isMeant: (key: string) => boolean,
): Blocker {
  return ({ moving }) =>
    moving.flatMap((workload): readonly Diagnostic[] => {
      const { object } = workload;
      const path = [...podPath(object.kind), 'metadata', 'annotations'];
      const keys = Object.keys(mappingAt(object, path, alreadyReported) ?? {}).filter(isMeant);
      return keys.map((key) =>
        diagnostic(name, { workload: keyOf(workload), annotation: key }, spanIn(object, [...path, key], 'key')),
      );
    });
}
