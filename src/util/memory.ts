/**
 * What earlier runs have computed, for whoever runs again on almost the same input: a value that is handed from run to run.
 * It changes how long a run takes, and nothing else.
 */
export interface Memory {
  readonly recall: Recall;
  /**
   * Called at the end of a run. After one that was whole, what was not asked for since the last one is forgotten. What was asked
   * for while a value was computed is kept for as long as that value. One that broke off asked for too little to tell what is
   * needed no more; many in a row are taken as one that was whole, so that a memory does not grow for ever.
   */
  endRun(isWhole?: boolean): void;
}

/**
 * Answers with the value of a place. It is computed, unless it was computed before from the very same inputs: these are all
 * that the value depends on, and two objects are the same only where they are one.
 */
export type Recall = <V>(place: string, inputs: readonly unknown[], compute: () => V) => V;

interface Known {
  readonly inputs: readonly unknown[];
  readonly value: unknown;
  /** What was asked for to compute it. */
  readonly parts: readonly Known[];
  /** The last run that needed it. */
  run: number;
}

/** A fault that takes longer to mend than so many runs costs its next one more time. */
const mostBrokenRuns = 50;

export function newMemory(): Memory {
  const places = new Map<string, readonly Known[]>();
  let run = 0;
  let broken = 0;
  /** What the value that is being computed has asked for, where one is. */
  let asked: Known[] | undefined;
  const compute = <V>(inputs: readonly unknown[], computeValue: () => V): Known => {
    const around = asked;
    const parts: Known[] = [];
    asked = parts;
    try {
      return { inputs, value: computeValue(), parts, run };
    } finally {
      asked = around;
    }
  };
  return {
    recall: <V>(place: string, inputs: readonly unknown[], computeValue: () => V): V => {
      const here = places.get(place)?.find((each) => isSame(each.inputs, inputs));
      const known = here ?? compute(inputs, computeValue);
      if (here === undefined) places.set(place, [...(places.get(place) ?? []), known]);
      else keep(here, run);
      asked?.push(known);
      return known.value as V;
    },
    endRun(isWhole = true) {
      broken = isWhole ? 0 : broken + 1;
      if (broken % mostBrokenRuns !== 0) return;
      const isNeeded = (known: Known) => known.run === run;
      for (const [place, all] of places) {
        if (all.every(isNeeded)) continue;
        const kept = all.filter(isNeeded);
        if (kept.length === 0) places.delete(place);
        else places.set(place, kept);
      }
      run += 1;
    },
  };
}

/** The same for a part of a run: nothing is forgotten at its end. */
export function withinRun({ recall }: Memory): Memory {
  return { recall, endRun() {} };
}

/** For whoever runs once. */
export const computeAnew: Recall = (_place, _inputs, compute) => compute();

function keep(known: Known, run: number): void {
  if (known.run === run) return;
  known.run = run;
  for (const part of known.parts) keep(part, run);
}

function isSame(known: readonly unknown[], inputs: readonly unknown[]): boolean {
  return known.length === inputs.length && known.every((each, index) => Object.is(each, inputs[index]));
}
