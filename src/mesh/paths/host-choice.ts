import type { MeshCluster } from '../mesh.js';
import { tablesAtSidecar } from '../routes/owner/at-sidecar.js';
import { onlyChoose } from '../routes/owner/choosing.js';
import { meshRoutesOf } from '../routes/owner/mesh-routes.js';
import type { Caller } from './caller.js';
import { meaningOf } from './host-names.js';
import type { ServiceAt } from './legs.js';

/** Where the Host header of a request to a Service leads it at the sidecar of its caller (T-92). */
export type HostChoice = 'the Service' | 'nothing known' | 'elsewhere';

/** A host that a VirtualService only adds to a Service is one of its names. */
export function hostChoice(at: MeshCluster, caller: Caller, addressed: ServiceAt, host: string): HostChoice {
  const { service, port } = addressed;
  const meaning = meaningOf(at, caller.namespace ?? '', host, port.number);
  if (meaning.kind === 'host') return meaning.named.service === service ? 'the Service' : 'elsewhere';
  if (meaning.kind === 'undecided') return 'elsewhere';
  if (isAlias(at, caller, addressed, meaning.name)) return 'the Service';
  return isRoutedName(at, caller, addressed, meaning.name) ? 'elsewhere' : 'nothing known';
}

/** Whether rules for a name that nothing in the mesh has do nothing but send on to the Service. */
export function isAlias(at: MeshCluster, caller: Caller, addressed: ServiceAt, name: string): boolean {
  const tables = tablesForName(at, caller, addressed, name);
  return tables.tables.length > 0 && onlyChoose(tables, { mesh: at, client: caller.namespace, ...addressed });
}

function isRoutedName(at: MeshCluster, caller: Caller, addressed: ServiceAt, name: string): boolean {
  return tablesForName(at, caller, addressed, name).tables.length > 0;
}

function tablesForName(at: MeshCluster, { namespace = '', labels = {} }: Caller, { port }: ServiceAt, name: string) {
  const proxy = { gateway: 'mesh', namespace, labels, port: port.number };
  return tablesAtSidecar(at, proxy, { host: name, namespace: '' }, () => true);
}

/** The names that routes add to those of Services. */
export function routedNames(at: MeshCluster): readonly string[] {
  return [...meshRoutesOf(at).exact.keys()].filter((host) => !host.endsWith(`.svc.${at.clusterDomain}`));
}
