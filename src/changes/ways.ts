import { namesComparedIn } from '../algebra/gateway-lanes.js';
import type { Lane } from '../algebra/lane.js';
import { lanesOfAnyBytesTo } from '../algebra/lanes.js';
import { ledTellingApart } from '../algebra/routes/led-by-gateways.js';
import { type WayIn, waysToGateway, waysToWorkload } from '../compare/ways.js';
import type { Mesh } from '../mesh/mesh.js';
import { resolveEndpoint } from '../mesh/paths/endpoint.js';
import type { TextMatcher } from '../mesh/policies/matcher.js';
import { type Gateway, keyOf, type Workload } from '../topology/model.js';
import { isRoutedService } from './facts.js';
import type { Pair } from './pair.js';

/** A way in; `elsewhere` are other ways on which the same was to be had before, where only the route there is new. */
export interface ComparedWay {
  readonly way: WayIn;
  readonly elsewhere: readonly Lane[];
  /** Whether it is compared for unauthenticated clients alone. */
  readonly isFromOutside: boolean;
}

/** Every way to a workload in either state: by its Services, by its pods, and through gateways from outside. */
export function waysTo({ states: { before, after } }: Pair, workload: Workload): readonly ComparedWay[] {
  const meshes = [before.mesh, after.mesh];
  const own = waysToWorkload(before, after, workload, () => true, lanesOfAnyBytesTo).map((way) => {
    return { way, elsewhere: elsewhere(meshes, way), isFromOutside: false };
  });
  const compared = meshes.flatMap(({ clusters }) => {
    const at = clusters.get(workload.cluster);
    return at === undefined ? [] : namesComparedIn(at);
  });
  const through = new Map(
    meshes.flatMap((mesh) => ledTo(mesh, workload, compared)).map((lane) => [JSON.stringify(lane), lane]),
  );
  const outside = [...through.values()].map((lane) => {
    return { way: { lane, before: [lane], isNew: false, isRouted: false }, elsewhere: [], isFromOutside: true };
  });
  return [...own, ...outside];
}

export function waysInto({ states: { before, after } }: Pair, gateway: Gateway): readonly ComparedWay[] {
  return waysToGateway(before, after, gateway).map((way) => ({ way, elsewhere: [], isFromOutside: false }));
}

function ledTo({ clusters }: Mesh, { cluster, ...names }: Workload, compared: readonly TextMatcher[]): readonly Lane[] {
  const at = clusters.get(cluster);
  return at === undefined ? [] : (ledTellingApart(at)(compared).get(keyOf(names)) ?? []).map(({ lane }) => lane);
}

/** Requests that a route leads to other pods than before find there what was to be had at the pods' own address. */
function elsewhere(meshes: readonly Mesh[], { lane: { destination, payload }, isNew }: WayIn): readonly Lane[] {
  if (isNew || destination.kind !== 'service') return [];
  const { cluster, service, workload } = destination;
  const isRouted = meshes.some(({ clusters }) => {
    const at = clusters.get(cluster);
    return at !== undefined && isRoutedService(at, service);
  });
  const found = isRouted ? meshes.map((mesh) => resolveEndpoint(mesh, destination)) : [];
  const ports = new Set(found.flatMap((each) => (each.kind === 'endpoint' ? [each.podPort] : [])));
  return [...ports].map((port) => ({ destination: { kind: 'pod', cluster, workload, port }, payload }));
}
