import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Destination } from '../../mesh/request.js';
import { nearNames } from '../../resolve/names.js';
import { type Cluster, keyOf, type Workload } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import { entriesFor, hostsOf } from './host.js';
import { locate } from './locate.js';
import { entryPortNamed, podPortNamed, servicePortNamed } from './port.js';

interface Asking {
  readonly to: string;
  readonly cluster: string | undefined;
  readonly podIp: boolean;
  readonly atGateway?: boolean | undefined;
}

/** A destination as it was written, taken apart. */
interface Written {
  readonly name: string;
  readonly port: string | undefined;
  readonly cluster: string | undefined;
}

/** Everything that `to` may mean: one destination for each pod behind the name, in the order of their names. */
export function destinationsNamed(mesh: Mesh, asking: Asking): Result<readonly Destination[]> {
  const { value: found, diagnostics } = allNamed(mesh, asking);
  if (asking.atGateway !== true) return { value: found, diagnostics };
  const gateways = found.flatMap((each) => (each.kind === 'gateway' ? [{ ...each, isEnd: true as const }] : []));
  if (gateways.length === found.length) return { value: gateways, diagnostics };
  return refused(
    diagnostic('usage', { problem: `\`--at-gateway\` ends at a gateway, and \`${asking.to}\` is none` }, null),
  );
}

function allNamed(mesh: Mesh, { to, cluster, podIp }: Asking): Found {
  const [, isGateway, name = '', port] = /^(gateway:)?(.*?)(?::([^:/]*))?$/.exec(to) ?? [];
  const written: Written = { name, port, cluster };
  if (isGateway !== undefined) return gatewayNamed(mesh, written);
  if (podIp) return podsNamed(mesh, written);
  return name.includes('/') ? serviceNamed(mesh, written) : hostNamed(mesh, written);
}

type Found = Result<readonly Destination[]>;

function refused(...diagnostics: readonly Diagnostic[]): Found {
  return { value: [], diagnostics };
}

function serviceNamed(mesh: Mesh, written: Written): Found {
  const { name } = written;
  const { value: at, diagnostics } = locate(mesh, name, written.cluster, ({ cluster }) => cluster.services.has(name));
  const service = at?.cluster.services.get(name);
  if (at === undefined || service === undefined)
    return refused(...(diagnostics[0] ? diagnostics : [unknown(mesh, name)]));
  if (service.type === 'ExternalName') return refused(notCovered('traffic to a Service of type ExternalName'));
  if (service.workloads.length === 0) return refused(diagnostic('nothing-behind-service', { name }, null));
  const port = servicePortNamed(service, written.port);
  if (typeof port !== 'number') return refused(port);
  const { name: cluster } = at.cluster;
  return {
    value: service.workloads.map((workload) => ({ kind: 'service', cluster, service: name, port, workload })),
    diagnostics,
  };
}

/** A pod's own address: of a workload, or of each workload behind a Service. */
function podsNamed(mesh: Mesh, written: Written): Found {
  const { name } = written;
  const { value: at, diagnostics } = locate(mesh, name, written.cluster, (each) => podsOf(each, name).length > 0);
  if (at === undefined) return refused(...(diagnostics[0] ? diagnostics : [unknown(mesh, name)]));
  const found = podsOf(at, name).map((workload): Found => {
    const port = podPortNamed(at.cluster, workload, written.port);
    if (typeof port !== 'number') return refused(port);
    return {
      value: [{ kind: 'pod', cluster: at.cluster.name, workload: keyOf(workload), port }],
      diagnostics: [],
    };
  });
  const value = found.flatMap((each) => each.value);
  return { value, diagnostics: value.length > 0 ? [] : found.slice(0, 1).flatMap((each) => each.diagnostics) };
}

function podsOf({ cluster: { workloads, services } }: MeshCluster, name: string): readonly Workload[] {
  const keys = [name, ...(services.get(name)?.workloads ?? [])];
  return [...new Set(keys)].flatMap((key) => workloads.get(key) ?? []);
}

function gatewayNamed(mesh: Mesh, { name, port, cluster: chosen }: Written): Found {
  const { value: at, diagnostics } = locate(mesh, name, chosen, ({ cluster }) => cluster.gateways.has(name));
  if (at === undefined) return refused(...(diagnostics[0] ? diagnostics : [unknown(mesh, `gateway:${name}`)]));
  if (!/^\d+$/.test(port ?? '')) return refused(diagnostic('port-of-gateway', { name }, null));
  return {
    value: [{ kind: 'gateway', cluster: at.cluster.name, gateway: name, port: Number(port) }],
    diagnostics,
  };
}

/** A host of a ServiceEntry: the workloads that the entry selects, or something outside the mesh. */
function hostNamed(mesh: Mesh, written: Written): Found {
  const { name, port: writtenPort, cluster: chosen } = written;
  const { value: at, diagnostics } = locate(mesh, name, chosen, ({ cluster }) => entriesFor(cluster, name).length > 0);
  if (at === undefined) return refused(...(diagnostics[0] ? diagnostics : [unknown(mesh, name)]));
  const [entry, ...rivals] = entriesFor(at.cluster, name);
  if (entry === undefined || rivals.length > 0) return refused(notCovered('a host that several ServiceEntries name'));
  const service = `${entry.namespace}/${name}`;
  if (at.cluster.services.has(service)) return serviceNamed(mesh, { ...written, name: service });
  const port = entryPortNamed(entry, name, writtenPort);
  if (typeof port !== 'number') return refused(port);
  return {
    value: [{ kind: 'external', cluster: at.cluster.name, entry: keyOf(entry), host: name, port }],
    diagnostics,
  };
}

/** What the name is of, where it is of something else; otherwise a suggestion. */
function unknown(mesh: Mesh, name: string): Diagnostic {
  const clusters = [...mesh.clusters.values()].map(({ cluster }) => cluster);
  const workload = clusters.flatMap(({ workloads }) => workloads.get(name) ?? [])[0];
  if (workload !== undefined) return diagnostic('workload-needs-pod-ip', { name }, null, fronts(workload));
  const gateway = clusters.some(({ gateways }) => gateways.has(name));
  if (gateway) return diagnostic('unknown-callee', { name }, null, { help: `did you mean \`gateway:${name}\`?` });
  const named = clusters.flatMap(({ services }) => serviceOfHost(services, name) ?? [])[0];
  if (named !== undefined) return diagnostic('unknown-callee', { name }, null, { help: `did you mean \`${named}\`?` });
  const hosts = sortedUnique(clusters.flatMap(({ serviceEntries }) => serviceEntries.get(name)?.hosts ?? []));
  if (hosts.length > 0) return diagnostic('unknown-callee', { name }, null, { help: hostsHelp(hosts) });
  const known = sortedUnique([
    ...clusters.flatMap(({ services }) => [...services.keys()]),
    ...clusters.flatMap(({ gateways }) => [...gateways.keys()].map((key) => `gateway:${key}`)),
    ...clusters.flatMap(hostsOf),
  ]);
  return diagnostic('unknown-callee', { name }, null, nearNames(name, known));
}

/** `ledger.payments` and `ledger.payments.svc.cluster.local` are what clients call `payments/ledger`. */
function serviceOfHost(services: Cluster['services'], host: string): string | undefined {
  const [name, namespace] = host.split('.');
  const key = `${namespace}/${name}`;
  return services.has(key) ? key : undefined;
}

function hostsHelp(hosts: readonly string[]): string {
  return `name a host of the ServiceEntry: ${hosts.map((host) => `\`${host}\``).join(', ')}`;
}

function fronts({ services }: Workload): { help?: string } {
  const [first] = services;
  return first === undefined ? {} : { help: `name its Service \`${first}\`, or add \`--pod-ip\`` };
}

function notCovered(fact: string): Diagnostic {
  return diagnostic('not-modelled', { fact: `${fact} is not modelled` }, null);
}
