import { keyOf, type Topology } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';
import { namespaceOf, type Where, wholeName } from './references.js';
import { textAt } from './spot.js';

/** The ports of what is named beside the field; else of all Services in the document's namespace. */
export function portsFor({ clusters }: Topology, { document, path }: Where): readonly string[] {
  const beside = path.slice(0, path.lastIndexOf('port'));
  const host = textAt(document, [...beside, 'host']) ?? textAt(document, ['spec', 'scope', 'host']);
  if (host !== undefined) {
    const entries = clusters.flatMap((cluster) => [...cluster.serviceEntries.values()]);
    const meant = entries.filter(({ hosts }) => hosts.includes(host));
    return sortedUnique(meant.flatMap(({ ports }) => ports.map(({ number }) => String(number))));
  }
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
