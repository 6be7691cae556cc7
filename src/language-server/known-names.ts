import { acceptableCodes } from '../acceptances/acceptable.js';
import { subjectsOf } from '../report/explain.js';
import { callerNames, destinationNames } from '../topology/askable-names.js';
import type { Cluster, Topology } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import { deploymentOf, type Known } from './known.js';
import { portsFor } from './known-ports.js';
import { releasesFor, versionsFor } from './known-versions.js';
import { hasNamespace, namespaceOf, type Referred, type Where } from './references.js';

/** Every name that may be written there, short where it is of the document's own namespace. */
export function namesFor(referred: Referred, known: Known, where: Where): readonly string[] {
  const topology = deploymentOf(known);
  const finders: Readonly<Record<Referred, (topology: Topology) => readonly string[]>> = {
    service: inClusters(({ services }) => services.keys()),
    workload: inClusters(({ workloads }) => workloads.keys()),
    serviceAccount: inClusters(({ serviceAccounts }) => serviceAccounts),
    namespace: inClusters(({ namespaces }) => namespaces.keys()),
    gateway: inClusters(({ gateways }) => gateways.keys()),
    group: () => groupsOf(known),
    external: ({ mesh }) => mesh.callers.map(({ name }) => name),
    issuer: ({ mesh }) => mesh.tokenIssuers.map(({ name }) => name),
    provider: inClusters(({ settings: { istio } }) => providersOf(istio)),
    cluster: ({ clusters }) => clusters.map(({ name }) => name),
    host: inClusters(({ serviceEntries }) => [...serviceEntries.values()].flatMap(({ hosts }) => hosts)),
    port: (all) => portsFor(all, where),
    version: () => versionsFor(known, where),
    release: (all) => releasesFor(all, where),
    caller: callerNames,
    destination: destinationNames,
    code: () => [...acceptableCodes].flatMap(([code, isAcceptable]) => (isAcceptable ? [code] : [])),
    finding: () => (known.whole === undefined ? [] : subjectsOf(known.whole)),
    object: () => objectsOf(known),
  };
  const names = topology === undefined ? [] : finders[referred](topology);
  const own = hasNamespace(referred) ? `${namespaceOf(where.document)}/` : undefined;
  return names.map((name) => (own !== undefined && name.startsWith(own) ? name.slice(own.length) : name));
}

function inClusters(namesIn: (cluster: Cluster) => Iterable<string>): (topology: Topology) => readonly string[] {
  return ({ clusters }) => sortedUnique(clusters.flatMap((cluster) => [...namesIn(cluster)]));
}

function groupsOf({ latest, whole }: Known): readonly string[] {
  const intents = latest.intents ?? whole?.intents ?? [];
  return sortedUnique(intents.flatMap(({ kind, name }) => (kind === 'CallerGroup' ? [name.value] : [])));
}

function providersOf({ extensionProviders = [], recorders = [] }: Cluster['settings']['istio']): readonly string[] {
  return [...extensionProviders, ...recorders].map(({ name }) => name);
}

/** Of what is given and of what is emitted, as acceptances name objects. */
function objectsOf({ latest, whole }: Known): readonly string[] {
  const given = latest.objects.map(({ object: { kind, namespace, name } }) => ({ kind, namespace, name }));
  const emitted = (whole?.manifests ?? []).map(({ object: { kind, metadata } }) => ({ kind, ...metadata }));
  return sortedUnique(
    [...given, ...emitted].map(({ kind, namespace, name }) =>
      namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`,
    ),
  );
}
