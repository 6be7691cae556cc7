import { type Callers, callersOf } from '../../algebra/callers.js';
import { type Lane, planLane } from '../../algebra/lane.js';
import { ledFrom } from '../../algebra/routes/led-from.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import type { Mesh } from '../../mesh/mesh.js';
import { type Endpoint, resolveEndpoint } from '../../mesh/paths/endpoint.js';
import { type Destination, describeDestination, type Payload } from '../../mesh/request.js';
import { keyOf, type PortLayer } from '../../topology/model.js';
import { destinationsNamed } from '../ask/destination.js';
import { layerOf } from '../ask/payload.js';
import { type CallerCell, cellsOf } from './cells.js';
import {
  allFromOutside,
  type FromOutside,
  fromOutsideBy,
  fromOutsideTo,
  joined as joinedPods,
} from './from-outside.js';
import { type MatrixRow, rowsOf } from './rows.js';

/** Who is asked about: a Service and its port, a gateway's, or a host's outside the mesh. */
export interface MatrixQuestion {
  /** Without it everything that can be reached from outside through gateways. */
  readonly to: string | undefined;
  readonly cluster: string | undefined;
  /** Whether only requests from outside through gateways are asked about. */
  readonly isFromOutside?: boolean;
}

/** Who reaches a destination, and with what. */
export interface Matrix {
  readonly to: string | undefined;
  readonly tables: readonly MatrixTable[];
  /** What comes from outside through gateways. */
  readonly fromOutside: readonly FromOutside[];
}

/** Every caller, for the pods of one destination that are treated alike, and one kind of bytes. */
export interface MatrixTable {
  readonly pods: readonly string[];
  readonly payload: Payload['kind'];
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Answers for all callers and all requests at once. Pods that give the same table share it. */
export function matrixOf(
  mesh: Mesh,
  { to, cluster, isFromOutside = false }: MatrixQuestion,
): Result<Matrix | undefined> {
  if (to === undefined) {
    return { value: { to, tables: [], fromOutside: allFromOutside(mesh, cluster) }, diagnostics: [] };
  }
  const { value: destinations, diagnostics } = destinationsNamed(mesh, { to, cluster, podIp: false });
  const [first] = destinations;
  if (first === undefined) return { value: undefined, diagnostics };
  const callers = callersOf(mesh);
  const tables = isFromOutside ? [] : destinations.flatMap((destination) => tablesOf(mesh, callers, destination));
  const fromOutside = joinedPods(destinations.flatMap((destination) => throughGatewaysTo(mesh, destination)));
  return { value: { to: describeDestination(first), tables: joined(tables), fromOutside }, diagnostics };
}

/** To the pods of a Service; of a gateway to all pods to which it leads. */
function throughGatewaysTo(mesh: Mesh, destination: Destination): readonly FromOutside[] {
  if (destination.kind === 'external') return [];
  if (destination.kind === 'gateway') return fromOutsideBy(mesh, destination);
  const endpoint = resolveEndpoint(mesh, destination);
  if (endpoint.kind !== 'endpoint') return [];
  return fromOutsideTo(mesh, endpoint.mesh, keyOf(endpoint.workload), endpoint.podPort);
}

function tablesOf(mesh: Mesh, callers: Callers, destination: Destination): readonly MatrixTable[] {
  const ways = waysTo(mesh, destination);
  return ways.payloads.map((payload) => {
    const cells = ways.destinations.map((way) =>
      cellsOf(mesh, callers, planLane(mesh, callers, { destination: way.destination, payload })),
    );
    return {
      pods: [ways.pod],
      payload,
      columns: ways.destinations.map(({ name }) => name),
      rows: rowsOf(callers, transposed(cells)),
    };
  });
}

interface Ways {
  readonly pod: string;
  readonly payloads: ReadonlyArray<Lane['payload']>;
  readonly destinations: ReadonlyArray<{ readonly name: string; readonly destination: Destination }>;
}

/** A Service's pod is reached by the Service's name and by its own address. */
function waysTo(mesh: Mesh, destination: Destination): Ways {
  if (destination.kind === 'gateway') {
    return {
      pod: destination.gateway,
      payloads: payloadsAt(layerOf(mesh, destination)),
      destinations: [{ name: 'at the gateway', destination }],
    };
  }
  if (destination.kind === 'external') {
    return {
      pod: destination.host,
      payloads: payloadsAt(layerOf(mesh, destination)),
      destinations: [{ name: 'outside the mesh', destination }],
    };
  }
  const byName = { name: 'by its name', destination };
  const endpoint = resolveEndpoint(mesh, destination);
  const pod = destination.workload;
  if (endpoint.kind !== 'endpoint') return { pod, payloads: ['http'], destinations: [byName] };
  const { workload, podPort } = endpoint;
  const { cluster } = destination;
  const byAddress = { kind: 'pod', cluster, workload: keyOf(workload), port: podPort } as const;
  return {
    pod,
    payloads: payloadsAt(layerOf(mesh, destination)),
    destinations: [
      byName,
      { name: `by pod IP, port ${podPort}`, destination: byAddress },
      ...byRoutes(endpoint).map((led) => ({ name: `by a route of ${describeDestination(led)}`, destination: led })),
    ],
  };
}

/** Other Services whose routes may lead to the same port of the pod. */
function byRoutes({ mesh, workload, podPort: wanted }: Endpoint): readonly Destination[] {
  return (ledFrom(mesh).get(keyOf(workload)) ?? [])
    .filter(({ podPort }) => podPort === wanted)
    .map(({ service, port }) => ({
      kind: 'service',
      cluster: workload.cluster,
      service: keyOf(service),
      port: port.number,
      workload: keyOf(workload),
    }));
}

function payloadsAt(layer: PortLayer | undefined): Ways['payloads'] {
  return layer === 'http' || layer === 'tcp' ? [layer] : ['http', 'tcp'];
}

function transposed(columns: ReadonlyArray<readonly CallerCell[]>): ReadonlyArray<readonly CallerCell[]> {
  return (columns[0] ?? []).map((_, row) => columns.flatMap((column) => column[row] ?? []));
}

/** Tables that differ in nothing but their pod. */
function joined(tables: readonly MatrixTable[]): readonly MatrixTable[] {
  const byContent = new Map<string, MatrixTable>();
  for (const table of tables) {
    const key = JSON.stringify([table.payload, table.columns, table.rows]);
    const known = byContent.get(key);
    byContent.set(key, known === undefined ? table : { ...known, pods: [...known.pods, ...table.pods] });
  }
  return [...byContent.values()];
}
