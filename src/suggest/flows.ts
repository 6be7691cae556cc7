import { sortBy } from '../util/order.js';
import type { Called, Ends, EndsOf, Unnamed } from './ends.js';
import type { Observation } from './observation.js';
import { later } from './times.js';

/** All that was seen of one caller at one port, by method and path where these are told. */
export interface Flow extends Ends {
  readonly request: FlowRequest | undefined;
  /** Whether what passed may have been refused. */
  readonly isPerhapsRefused: boolean;
  readonly passed: number;
  readonly refused: number;
  /** When it was seen at the latest, in RFC 3339. */
  readonly lastSeen: string | undefined;
}

export interface FlowRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** The authority, one of those seen. */
  readonly host: string;
}

export interface Flows {
  readonly all: readonly Flow[];
  /** How many calls name no two ends. */
  readonly unnamed: Readonly<Record<Unnamed, number>>;
}

/**
 * Adds up what was observed. A call is logged at its caller, its destination and a waypoint between them: the side that saw the most
 * counts.
 */
export function flowsOf(observations: readonly Observation[], endsOf: EndsOf): Flows {
  const unnamed: Record<Unnamed, number> = {
    'by-waypoint': 0,
    'no-caller': 0,
    'caller-not-given': 0,
    'no-destination': 0,
  };
  const seen = new Map<string, Seen>();
  for (const observation of observations) {
    const ends = endsOf(observation);
    if (typeof ends === 'string') unnamed[ends] += observation.count;
    else add(seen, observation, ends);
  }
  return { all: sortBy(seen.entries(), ([key]) => key).map(([, flow]) => summed(flow)), unnamed };
}

interface Seen {
  readonly ends: Ends;
  readonly first: Observation;
  readonly passed: Map<Observation['side'], number>;
  readonly refused: Map<Observation['side'], number>;
  lastSeen: string | undefined;
}

function add(all: Map<string, Seen>, observation: Observation, ends: Ends): void {
  const key = keyOf(ends, observation);
  const seen = all.get(key) ?? {
    ends,
    first: observation,
    passed: new Map(),
    refused: new Map(),
    lastSeen: undefined,
  };
  all.set(key, seen);
  const counts = seen[observation.outcome];
  counts.set(observation.side, (counts.get(observation.side) ?? 0) + observation.count);
  seen.lastSeen = later(seen.lastSeen, observation.time);
}

function keyOf({ from, to }: Ends, { request, isPerhapsRefused }: Observation): string {
  const what = request && [request.method, pathOf(request.path)];
  return JSON.stringify([to.cluster, to.name, to.kind, to.port, from, what ?? isPerhapsRefused]);
}

function summed({ ends, first: { request, isPerhapsRefused }, passed, refused, lastSeen }: Seen): Flow {
  return {
    ...ends,
    request: request && { method: request.method, path: pathOf(request.path), host: request.authority },
    isPerhapsRefused,
    passed: most(passed),
    refused: most(refused),
    lastSeen,
  };
}

function pathOf(path: string): string {
  return path.replace(/[?#].*$/s, '');
}

function most(counts: ReadonlyMap<unknown, number>): number {
  return Math.max(0, ...counts.values());
}

/** `payments/ledger:http` */
export function calledText({ name, port }: Called): string {
  return `${name}:${port}`;
}
