import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import type { Source } from '../../mesh/request.js';
import { nearNames } from '../../resolve/names.js';
import { sortedUnique } from '../../util/order.js';
import { locate } from './locate.js';

interface Asking {
  readonly from: string;
  readonly fromIp: string | undefined;
  readonly cluster: string | undefined;
}

/** Everybody whom `from` may mean: a workload of that name first, then the pods behind a Service of that name. */
export function sourcesNamed(mesh: Mesh, asking: Asking): Result<readonly Source[]> {
  const { from, fromIp } = asking;
  const address = fromIp === undefined ? {} : { ip: fromIp };
  if (from === 'outside') return one({ kind: 'outside', name: 'anyone', ...address });
  const [, kind, name = ''] = /^(gateway|external):(.*)$/.exec(from) ?? [];
  if (kind === 'external') return externalNamed(mesh, from, name, address);
  if (kind === 'gateway') return gatewayNamed(mesh, asking, name, address);
  const { value: at, diagnostics } = locate(mesh, from, asking.cluster, (each) => podsOf(each, from).length > 0);
  if (at === undefined) return none(diagnostics.length > 0 ? diagnostics : [unknownCaller(mesh, from)]);
  const { cluster } = at;
  return {
    value: podsOf(at, from).map((workload) => ({ kind: 'workload', cluster: cluster.name, workload, ...address })),
    diagnostics,
  };
}

type Address = { readonly ip?: string };

function one(source: Source): Result<readonly Source[]> {
  return { value: [source], diagnostics: [] };
}

function none(diagnostics: readonly Diagnostic[]): Result<readonly Source[]> {
  return { value: [], diagnostics };
}

function externalNamed(mesh: Mesh, from: string, name: string, address: Address): Result<readonly Source[]> {
  const known = mesh.topology.mesh.callers.some((caller) => caller.name === name);
  return known ? one({ kind: 'outside', name, ...address }) : none([unknownCaller(mesh, from)]);
}

function gatewayNamed(mesh: Mesh, asking: Asking, gateway: string, address: Address): Result<readonly Source[]> {
  const { value: at, diagnostics } = locate(mesh, asking.from, asking.cluster, ({ cluster }) =>
    cluster.gateways.has(gateway),
  );
  if (at === undefined) return none(diagnostics.length > 0 ? diagnostics : [unknownCaller(mesh, asking.from)]);
  return { value: [{ kind: 'gateway', cluster: at.cluster.name, gateway, ...address }], diagnostics };
}

function podsOf({ cluster: { workloads, services } }: MeshCluster, name: string): readonly string[] {
  const own = workloads.has(name) ? [name] : [];
  return [...new Set([...own, ...(services.get(name)?.workloads ?? [])])];
}

function unknownCaller(mesh: Mesh, name: string): Diagnostic {
  const clusters = [...mesh.clusters.values()].map(({ cluster }) => cluster);
  const known = sortedUnique([
    'outside',
    ...mesh.topology.mesh.callers.map((caller) => `external:${caller.name}`),
    ...clusters.flatMap(({ workloads, services, gateways }) => [
      ...workloads.keys(),
      ...services.keys(),
      ...[...gateways.keys()].map((key) => `gateway:${key}`),
    ]),
  ]);
  const idle = clusters.some(({ services }) => services.has(name));
  if (idle) return diagnostic('nothing-behind-service', { name }, null);
  const gateway = clusters.some(({ gateways }) => gateways.has(name));
  const details = gateway ? { help: `did you mean \`gateway:${name}\`?` } : nearNames(name, known);
  return diagnostic('unknown-caller', { name }, null, details);
}
