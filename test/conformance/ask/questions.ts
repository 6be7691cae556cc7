import type { Mesh } from '../../../src/mesh/mesh.js';
import { namesFor } from '../../../src/mesh/paths/host-names.js';
import type { Destination, Payload, Request, Source } from '../../../src/mesh/request.js';
import type { JsonObject } from '../../../src/parse/document.js';
import type { Cluster } from '../../../src/topology/model.js';
import { type Dice, diceOf } from '../cases/dice.js';
import { hostOf, placesIn } from './destinations.js';
import { ownHost, payloadsOf } from './payloads.js';
import { sourcesOf } from './sources.js';
import { wordsOf } from './words.js';

/** What is asked of one cluster: some payloads at each destination, each sent by everybody. */
export interface Questions {
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
  readonly payloads: readonly Payload[];
  readonly rows: readonly Row[];
}

/** One payload at one destination, sent by every source: both are positions in the lists. */
export interface Row {
  readonly destination: number;
  readonly payload: number;
}

/** How much is asked of a cluster, at most: where there are many callers, one question to each of them all the same. */
export interface Extent {
  readonly requests: number;
  readonly payloads: number;
  readonly seed: string;
}

export function questionsOf(mesh: Mesh, name: string, objects: readonly JsonObject[], extent: Extent): Questions {
  const at = mesh.clusters.get(name);
  if (at === undefined) return { sources: [], destinations: [], payloads: [], rows: [] };
  const dice = diceOf(extent.seed);
  const words = wordsOf(objects);
  const sources = sourcesOf(at.cluster, words, mesh.topology.mesh.callers);
  const destinations = placesIn(at.cluster);
  const payloads = [...payloadsOf(words, extent.payloads, dice), ...namingServices(at.cluster, dice)];
  const pairs = destinations.flatMap((_, index) =>
    payloads.map((_, position) => ({ destination: index, payload: position })),
  );
  const most = Math.max(1, Math.floor(extent.requests / Math.max(1, sources.length)));
  const chosen = new Set(dice.some(pairs, most));
  const rows = pairs.filter((pair) => chosen.has(pair));
  return { sources, destinations, payloads, rows };
}

/** Requests to whatever address that name a Service, which decides where sidecars send them: by one of its names, or another's. */
function namingServices({ services }: Cluster, dice: Dice): readonly Payload[] {
  return dice.some([...services.values()], 2).map((service): Payload => {
    const host = dice.pick(namesFor(service));
    return { kind: 'http', method: 'GET', path: '/zz/unmentioned', host, headers: {} };
  });
}

/** The requests row by row, in the order of the sources. */
export function requestsOf({ sources, destinations, payloads, rows }: Questions): Request[] {
  return rows.flatMap((row) => {
    const [destination, payload] = [destinations[row.destination], payloads[row.payload]];
    if (destination === undefined || payload === undefined) throw new Error('a row of nothing');
    return sources.map((source) => ({ source, destination, payload: addressed(payload, destination) }));
  });
}

function addressed(payload: Payload, destination: Destination): Payload {
  return payload.kind === 'http' && payload.host === ownHost ? { ...payload, host: hostOf(destination) } : payload;
}
