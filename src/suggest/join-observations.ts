import type { Observation } from './observation.js';
import { earlier, later } from './times.js';

/** Observations as they come in, of which those that differ in their time alone are one. */
export interface Joined {
  add(observation: Observation): void;
  all(): readonly Observation[];
}

export function joinedObservations(): Joined {
  const found = new Map<string, Observation>();
  return {
    add(observation) {
      const { since, time, count, ...what } = observation;
      const key = JSON.stringify(what);
      const before = found.get(key);
      if (before === undefined) found.set(key, { ...copyOf(key), since, time, count });
      else {
        const times = { since: earlier(before.since, since), time: later(before.time, time) };
        found.set(key, { ...before, ...times, count: before.count + count });
      }
    },
    all: () => [...found.values()],
  };
}

/** Texts that do not keep the whole log in memory of which they are parts. */
function copyOf(key: string): Omit<Observation, 'since' | 'time' | 'count'> {
  return JSON.parse(key);
}
