import type { MeshCluster } from '../mesh.js';
import { requestDestinations } from '../routes/destinations.js';
import { onlyChoose } from '../routes/owner/choosing.js';
import type { Caller } from './caller.js';
import { hostsNamed, meaningOf, nameIn } from './host-names.js';
import type { ServiceAt } from './legs.js';
import { claimOf, tablesForName } from './routed-names.js';

/**
 * Where the Host header of a request to a Service leads it at the sidecar of its caller (T-92): `by routes` alone, which have
 * a name that nothing else has, wherever they lead.
 */
export type HostChoice = 'the Service' | 'nothing known' | 'elsewhere' | 'by routes';

/** A host that a VirtualService only adds to a Service is one of its names. */
export function hostChoice(at: MeshCluster, caller: Caller, addressed: ServiceAt, host: string): HostChoice {
  const { service, port } = addressed;
  const meaning = meaningOf(at, caller.namespace ?? '', host, port.number);
  if (meaning.kind === 'undecided') return 'elsewhere';
  if (meaning.kind === 'host') {
    const claim = claimOf(at, caller, meaning.named, nameIn(host));
    if (claim.kind === 'the Service') return meaning.named.service === service ? 'the Service' : 'elsewhere';
    return claim.kind === 'routes' && isAlias(at, caller, addressed, nameIn(host)) ? 'the Service' : 'elsewhere';
  }
  if (isAlias(at, caller, addressed, meaning.name)) return 'the Service';
  return isRoutedName(at, caller, addressed, meaning.name) ? 'by routes' : 'nothing known';
}

/** Whether rules for a name that nothing in the mesh has do nothing but send on to the Service. */
function isAlias(at: MeshCluster, caller: Caller, addressed: ServiceAt, name: string): boolean {
  const tables = tablesForName(at, caller, name, addressed.port.number);
  return (
    tables.tables.length > 0 &&
    onlyChoose(tables, {
      mesh: at,
      obeying: { namespace: caller.namespace, labels: caller.labels ?? {} },
      ...addressed,
    })
  );
}

function isRoutedName(at: MeshCluster, caller: Caller, { port }: ServiceAt, name: string): boolean {
  return tablesForName(at, caller, name, port.number).tables.length > 0;
}

/** Whether rules for a name that nothing in the mesh has may lead to a workload. */
export function mayLeadTo(
  at: MeshCluster,
  caller: Caller,
  { port }: ServiceAt,
  host: string,
  workload: string,
): boolean {
  const { tables } = tablesForName(at, caller, nameIn(host), port.number);
  const ends = tables.flatMap(({ entries }) => requestDestinations({ http: entries.map(({ rule }) => rule) }));
  return ends.some((end) => hostsNamed(at, end.host).some(({ service }) => service?.workloads.includes(workload)));
}
