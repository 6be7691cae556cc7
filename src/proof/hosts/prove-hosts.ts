import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { hostsNamed } from '../../mesh/paths/host-names.js';
import type { Destination, Origin } from '../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../resolve/resolved-traffic.js';
import { isHostOfEntry } from '../../topology/entry-host.js';
import type { Service, ServicePort } from '../../topology/model.js';

/** A host outside the mesh that is not made known as its settings say. */
export interface HostDeviation {
  readonly origin: Origin;
  readonly cluster: string;
  readonly host: string;
  readonly said: string;
  /** What makes it known; absent where nothing does. */
  readonly found: Service | undefined;
}

/** Compares the ServiceEntry that settings mean with the one that is there in the end. */
export function proveHosts(mesh: Mesh, all: readonly ResolvedTraffic[]): readonly HostDeviation[] {
  return all.flatMap(({ origin, destinations }) =>
    destinations.flatMap((destination) => deviationsOf(mesh.clusters.get(destination.cluster), destination, origin)),
  );
}

function deviationsOf(at: MeshCluster | undefined, { cluster, service: meant }: Destination, origin: Origin) {
  if (at === undefined || meant === undefined || !isHostOfEntry(meant)) return [];
  const [named] = hostsNamed(at, meant.host);
  const found = named?.service ?? named?.outside;
  const said = found === undefined ? ['nothing makes it known'] : differences(meant, found);
  return said.length === 0 ? [] : [{ origin, cluster, host: meant.host, said: said.join('; '), found }];
}

function differences(meant: Service, found: Service): readonly string[] {
  if (!isHostOfEntry(found)) return ['it is a Service of the mesh'];
  const all: ReadonlyArray<readonly [string, string, string]> = [
    ['ports', portsOf(meant), portsOf(found)],
    ['resolution', resolutionOf(meant), resolutionOf(found)],
    ['addresses', listed(meant), listed(found)],
    ['endpoints', endpointsOf(meant), endpointsOf(found)],
    ['location', locationOf(meant), locationOf(found)],
  ];
  return all
    .filter(([, wanted, seen]) => wanted !== seen)
    .map(([what, wanted, seen]) => `${what} ${seen}, not ${wanted}`);
}

function portsOf({ ports }: Service): string {
  const inWords = ({ number, protocol, targetPort }: ServicePort) =>
    `${protocol.toUpperCase()} ${number}${targetPort === number ? '' : ` asked on ${targetPort}`}`;
  return ports.map(inWords).sort().join(', ');
}

function specOf({ object }: Service) {
  return asObject(object.value.spec) ?? {};
}

function resolutionOf(service: Service): string {
  return asText(specOf(service).resolution) ?? 'NONE';
}

function listed(service: Service): string {
  return [...asTexts(specOf(service).addresses)].sort().join(', ') || 'none';
}

function endpointsOf(service: Service): string {
  const endpoints = asArray(specOf(service).endpoints).map((endpoint) => asText(asObject(endpoint)?.address) ?? '');
  return endpoints.sort().join(', ') || 'none';
}

function locationOf(service: Service): string {
  return asText(specOf(service).location) ?? 'MESH_EXTERNAL';
}
