import type { MeshCluster } from '../mesh/mesh.js';
import type { TargetReference } from '../mesh/policies/policy.js';
import { label } from '../topology/labels.js';
import { type Gateway, keyOf, type Labels, selects } from '../topology/model.js';
import { ownValue } from '../util/own-value.js';
import { suggest } from '../util/suggest.js';
import type { LintContext } from './context.js';
import type { GatewaySite } from './gateway-sites.js';
import type { PodSite } from './sites.js';

/** A way in that a policy may be meant for. */
export type MeantSite = PodSite | GatewaySite;

/** Why a policy attaches to nothing, and the pods that it may be meant for. */
export interface Miss {
  readonly why: string;
  readonly help: string | undefined;
  readonly sites: readonly MeantSite[];
  /** The manifests have nothing of the kind in the namespace: it was left out rather than misspelt. */
  readonly isBlind: boolean;
  /** The one label of a selector that is misspelt, as the pods carry it. */
  readonly label?: readonly [key: string, value: string];
}

/** A namespace without a pod. Where not even its manifest is given, its name is perhaps misspelt. */
export function missedNamespace(context: LintContext, namespace: string, at: MeshCluster): Miss | undefined {
  const clusters = [...context.mesh.clusters.values()];
  if (clusters.some((cluster) => context.podLabelsIn(cluster, namespace).length > 0)) return undefined;
  const { namespaces, workloads } = at.cluster;
  const isGiven = namespaces.get(namespace)?.object !== undefined;
  const [nearest] = isGiven
    ? []
    : suggest(
        namespace,
        [...workloads.values()].map((workload) => workload.namespace),
      );
  if (nearest === undefined) return nothingIn(namespace, at);
  return {
    why: `there is no pod and no Namespace \`${namespace}\``,
    help: `did you mean \`${nearest}\`?`,
    sites: context.sitesUnder(at, nearest),
    isBlind: false,
  };
}

function nothingIn(namespace: string, { rootNamespace }: MeshCluster): Miss {
  const where = namespace === rootNamespace ? 'of the mesh' : `of namespace \`${namespace}\``;
  const why = `the manifests have no pod ${where}`;
  return { why, help: 'add the manifests of its pods', sites: [], isBlind: true };
}

/** Labels that no pod carries; the pods that carry something similar are meant, or any pod that could be. */
export function missedPods(
  context: LintContext,
  matchLabels: Labels,
  namespace: string,
  at: MeshCluster,
): Miss | undefined {
  const everywhere = namespace === at.rootNamespace;
  const near = context.podLabelsIn(at, namespace);
  if (near.some((labels) => selects(matchLabels, labels))) return undefined;
  if (near.length === 0) {
    const miss = missedNamespace(context, namespace, at);
    return (
      miss && {
        ...miss,
        sites: miss.sites.filter((site) => 'workload' in site && selects(matchLabels, site.workload.labels)),
      }
    );
  }
  const why = `no pod in ${everywhere ? 'the mesh' : `namespace \`${namespace}\``} carries the labels of its selector`;
  const sites = context.sitesUnder(at, namespace);
  const similar = similarLabel(matchLabels, near);
  if (similar === undefined) return { why, help: undefined, sites, isBlind: false };
  const [key, value] = similar;
  const meant = sites.filter(({ workload }) => selects({ [key]: value }, workload.labels));
  return { why, help: `did you mean \`${key}: ${value}\`?`, sites: meant, isBlind: false, label: similar };
}

function similarLabel(matchLabels: Labels, near: readonly Labels[]): Miss['label'] {
  for (const [key, value] of Object.entries(matchLabels)) {
    const values = near.flatMap((labels) => ownValue(labels, key) ?? []);
    const [nearest] = values.includes(value) ? [] : suggest(value, values);
    if (nearest !== undefined) return [key, nearest];
  }
  return undefined;
}

/** A target that does not exist, or that cannot be one. */
export function missedTarget(
  context: LintContext,
  { kind, name }: TargetReference,
  namespace: string,
  at: MeshCluster,
): Miss | undefined {
  const { services, waypoints, gateways, serviceEntries } = at.cluster;
  const key = keyOf({ namespace, name });
  const sites = context.sitesUnder(at, namespace);
  switch (kind) {
    case 'Service': {
      if (services.has(key)) return undefined;
      const known = keysIn(namespace, services);
      if (known.length === 0) {
        const why = `the manifests have no Service of namespace \`${namespace}\``;
        return { why, help: 'add the manifests of its Services', sites, isBlind: true };
      }
      const [nearest] = suggest(key, known);
      const behind = nearest === undefined ? undefined : services.get(nearest);
      const meant = behind === undefined ? sites : (context.sitesBehind.get(behind) ?? []);
      return { why: `there is no Service \`${key}\``, help: helpFor(nearest), sites: meant, isBlind: false };
    }
    case 'ServiceEntry': {
      if (serviceEntries.has(key)) return undefined;
      const [nearest] = suggest(key, keysIn(namespace, serviceEntries));
      return { why: `there is no ServiceEntry \`${key}\``, help: helpFor(nearest), sites: [], isBlind: false };
    }
    case 'Gateway': {
      const gateway = gateways.get(key);
      if (gateway !== undefined) return unlabelled(context, gateway);
      if (waypoints.has(key)) return undefined;
      const [nearest] = suggest(key, [...keysIn(namespace, waypoints), ...keysIn(namespace, gateways)]);
      return { why: `there is no Gateway \`${key}\``, help: helpFor(nearest), sites, isBlind: false };
    }
    default:
      return missedClass(context, name, namespace, at);
  }
}

/** Pods that others deploy serve a Gateway by their Service, and take its policies by a label (§3.1). */
function unlabelled(context: LintContext, { podLabels, name, object }: Gateway): Miss | undefined {
  if (podLabels[label.gatewayName] === name) return undefined;
  return {
    why: `the pods that serve Gateway \`${name}\` do not carry its name, by which its policies reach them`,
    help: `label the pods \`${label.gatewayName}: ${name}\``,
    sites: context.gatewaySites.filter(({ gateway }) => gateway.object === object),
    isBlind: false,
  };
}

function missedClass(context: LintContext, name: string, namespace: string, at: MeshCluster): Miss | undefined {
  const sites = context.sitesUnder(at, namespace);
  if (namespace !== at.rootNamespace) {
    const why = 'a GatewayClass is a target for the root namespace only';
    return { why, help: `move it to namespace \`${at.rootNamespace}\`, or name a Gateway`, sites, isBlind: false };
  }
  if (name === 'istio-waypoint') return undefined;
  return {
    why: 'only GatewayClass `istio-waypoint` can be a target',
    help: 'name GatewayClass `istio-waypoint`',
    sites,
    isBlind: false,
  };
}

function keysIn(namespace: string, objects: ReadonlyMap<string, { readonly namespace: string }>): readonly string[] {
  return [...objects].filter(([, object]) => object.namespace === namespace).map(([key]) => key);
}

function helpFor(nearest: string | undefined): string | undefined {
  return nearest === undefined ? undefined : `did you mean \`${nearest.slice(nearest.indexOf('/') + 1)}\`?`;
}
