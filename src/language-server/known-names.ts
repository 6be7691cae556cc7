import { acceptableCodes } from '../acceptances/acceptable.js';
import type { Path } from '../parse/document.js';
import { subjectsOf } from '../report/explain.js';
import { callerNames, destinationNames } from '../topology/askable-names.js';
import { type Cluster, keyOf, type Topology } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import type { Known } from './known.js';
import { hasNamespace, namespaceOf, type Referred, wholeName } from './references.js';
import { textAt } from './spot.js';

/** The document and the path at which a name is to be written. */
export interface Where {
  readonly document: unknown;
  readonly path: Path;
}

/** Every name that may be written there, short where it is of the document's own namespace. */
export function namesFor(referred: Referred, known: Known, { document, path }: Where): readonly string[] {
  const topology = known.latest.topology ?? known.whole?.topology;
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
    port: (all) => portsFor(all, document, path),
    caller: callerNames,
    destination: destinationNames,
    code: () => [...acceptableCodes].flatMap(([code, isAcceptable]) => (isAcceptable ? [code] : [])),
    finding: () => (known.whole === undefined ? [] : subjectsOf(known.whole)),
  };
  const names = topology === undefined ? [] : finders[referred](topology);
  const own = hasNamespace(referred) ? `${namespaceOf(document)}/` : undefined;
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

/** The ports of what is named beside the field; else of all Services in the document's namespace. */
function portsFor({ clusters }: Topology, document: unknown, path: Path): readonly string[] {
  const beside = path.slice(0, path.lastIndexOf('port'));
  const said = (field: string) => {
    const name = textAt(document, [...beside, field]) ?? textAt(document, ['spec', 'scope', field]);
    return name === undefined ? undefined : wholeName(document, name);
  };
  const [service, workload, namespace] = [said('service'), said('workload'), namespaceOf(document)];
  const services = clusters.flatMap((cluster) => [...cluster.services.values()]);
  const meant = services.filter((each) =>
    service === undefined ? each.namespace === namespace : keyOf(each) === service,
  );
  const workloads = clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  const ports =
    workload === undefined
      ? meant.flatMap((each) => each.ports)
      : workloads.filter((each) => keyOf(each) === workload).flatMap((each) => each.ports);
  return sortedUnique(ports.map(({ name, number }) => name ?? String(number)));
}
