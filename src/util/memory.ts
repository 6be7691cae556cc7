/**
 * What earlier runs have computed, for whoever runs again on almost the same input: a value that is handed from run to run.
 * It changes how long a run takes, and nothing else.
 */
export interface Memory {
  readonly recall: Recall;
  /** Called at the end of a run that was whole: what was not asked for since the last one is forgotten. */
  endRun(): void;
}

/**
 * Answers with the value of a place. It is computed, unless it was computed before from the very same inputs: these are all
 * that the value depends on, and two objects are the same only where they are one.
 */
export type Recall = <V>(place: string, inputs: readonly unknown[], compute: () => V) => V;

interface Known {
  readonly inputs: readonly unknown[];
  readonly value: unknown;
}

export function newMemory(): Memory {
  let before = new Map<string, readonly Known[]>();
  let now = new Map<string, readonly Known[]>();
  return {
    recall: <V>(place: string, inputs: readonly unknown[], compute: () => V): V => {
      const isAsked = (each: Known) => isSame(each.inputs, inputs);
      const recent = now.get(place)?.find(isAsked);
      if (recent !== undefined) return recent.value as V;
      const known = before.get(place)?.find(isAsked) ?? { inputs, value: compute() };
      now.set(place, [...(now.get(place) ?? []), known]);
      return known.value as V;
    },
    endRun() {
      before = now;
      now = new Map();
    },
  };
}

/** For whoever runs once. */
export const computeAnew: Recall = (_place, _inputs, compute) => compute();

function isSame(known: readonly unknown[], inputs: readonly unknown[]): boolean {
  return known.length === inputs.length && known.every((each, index) => Object.is(each, inputs[index]));
}
