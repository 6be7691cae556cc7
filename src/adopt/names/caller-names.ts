import { indexSources } from '../../resolve/sources.js';
import { keyOf, type Service, type Topology } from '../../topology/model.js';
import { oncePer } from '../../util/once.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import type { Caller } from '../lift/lifted.js';
import { type Reason, sayInMesh } from '../reason.js';
import { distance } from './same-pods.js';

/** Who is meant by a value of a policy; nobody where Ambit lets it in by itself. */
export type Found = { readonly callers: readonly Caller[] } | Reason;

/** Names callers as people do: by the Service or workload that alone has an identity, and else by the identity. */
export function callerNames(topology: Topology): (attribute: string, value: string) => Found {
  const sources = indexSources(topology);
  const declared = new Set(topology.clusters.flatMap(({ serviceAccounts }) => [...serviceAccounts]));
  const namespaces = new Set(topology.clusters.flatMap((cluster) => [...cluster.namespaces.keys()]));
  const forwarders = new Set(
    topology.clusters.flatMap(({ waypoints }) =>
      [...waypoints.values()].map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`),
    ),
  );
  const serviceOf = servicesByWorkloads(topology);
  const gateways = new Set(sources.gateways);

  const ofAccount = oncePer((account: string): Found => {
    if (forwarders.has(account)) return { callers: [] };
    const members = sources.identity(account);
    const names = [...new Set(members.map(({ name }) => name))];
    const [only] = names;
    if (only === undefined)
      return declared.has(account)
        ? { callers: [{ serviceAccount: account }] }
        : { because: `no manifest has ServiceAccount \`${account}\``, help: 'give the manifests of who calls as well' };
    if (names.length === 1 && gateways.has(only)) return { callers: [{ gateway: only }] };
    const service = serviceOf(names);
    if (service !== undefined) return { callers: [{ service: keyOf(service) }] };
    return { callers: [names.length === 1 ? { workload: only } : { serviceAccount: account }] };
  });

  const ofNamespace = (name: string): Found => {
    if (name === '*') return { callers: ['anyAuthenticated'] };
    if (/^(?:\*[-a-z0-9]+|[a-z0-9][-a-z0-9]*\*)$/.test(name)) return { callers: [{ namespaces: name }] };
    return namespaces.has(name)
      ? { callers: [{ namespace: name }] }
      : { because: `no manifest has namespace \`${name}\``, help: 'give the manifests of who calls as well' };
  };

  const ofPrincipal = (value: string): Found => {
    if (value === '*') return { callers: ['anyAuthenticated'] };
    const [, trustDomain = '', namespace = '', account] =
      /^([^/]+)\/ns\/([^/]+)(?:\/sa\/([^/]+)|\/\*)?$/.exec(value) ?? [];
    const isPlain = /^(?:\*|[^*]+)$/.test(trustDomain) && namespace !== '' && (account ?? '*') === '*';
    if (isPlain && (value.endsWith('*') || namespace.endsWith('*'))) return ofNamespace(namespace);
    if (account === undefined || /\*/.test(namespace + account) || trustDomain === '')
      return { because: `\`${value}\` is the name of no identity, and of no namespace` };
    const own = topology.clusters.flatMap(({ settings }) => [settings.trustDomain, ...settings.trustDomainAliases]);
    if (!['*', 'cluster.local', ...own].includes(trustDomain))
      return {
        because: `\`${trustDomain}\` is another trust domain`,
        help: sayInMesh(topology.mesh, '`trustDomain` or `trustDomainAliases`, if it is the mesh’s own'),
      };
    return ofAccount(`${namespace}/${account}`);
  };

  return (attribute, value) => {
    if (attribute === 'source.principal') return ofPrincipal(value);
    if (attribute === 'source.namespace') return ofNamespace(value);
    if (attribute === 'source.serviceAccount') return ofAccount(value);
    return { because: `rules name nobody by \`${attribute}\`` };
  };
}

/** The Service that leads to some workloads and to no others, in every cluster where any of them stands. */
function servicesByWorkloads({ clusters }: Topology): (workloads: readonly string[]) => Service | undefined {
  const all = clusters.flatMap(({ services, workloads }) =>
    [...services.values()].map((service) => ({ service, workloads })),
  );
  const byKey = groupBy(all, ({ service }) => keyOf(service));
  const byWorkloads = groupBy(all, ({ service }) => service.workloads.join());
  return (wanted) => {
    const meant = sortedUnique(wanted).join();
    const means = ({ service, workloads }: (typeof all)[number]) =>
      service.workloads.join() === meant ||
      (service.workloads.length === 0 && !wanted.some((each) => workloads.has(each)));
    const same = (byWorkloads.get(meant) ?? []).map(({ service }) => service);
    return sortBy(
      same.filter((service) => byKey.get(keyOf(service))?.every(means) === true),
      distance,
      keyOf,
    )[0];
  };
}
