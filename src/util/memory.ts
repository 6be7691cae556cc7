/**
 * What earlier runs have computed, for whoever runs again on almost the same input: a value that is handed from run to run.
 * It changes how long a run takes, and nothing else.
 */
export interface Memory {
  readonly recall: Recall;
  /**
   * Called at the end of a run. After one that was whole, what it did not ask for is forgotten: at once where it computed another
   * value of the same place, and elsewhere after some more runs, since most places are asked for again and again. What was asked
   * for while a value was computed is kept for as long as that value. A run that broke off asked for too little to tell what is
   * needed no more; many in a row are taken as one that was whole, so that a memory does not grow for ever.
   */
  endRun(isWhole?: boolean): void;
}

/**
 * Answers with the value of a place: what it is and of whom, as in `kinds in`, `east/shop`; the second is empty where there is but
 * one. It is computed, unless it was computed before from the very same inputs: these are all that the value depends on, and two
 * objects are the same only where they are one.
 */
export type Recall = <V>(what: string, of: string, inputs: readonly unknown[], compute: () => V) => V;

interface Known {
  readonly inputs: readonly unknown[];
  readonly value: unknown;
  /** What was asked for to compute it. */
  readonly parts: readonly Known[];
  /** The last run that needed it. */
  run: number;
  /** What is known of the same place besides, from other inputs. */
  other: Known | undefined;
}

const noParts: readonly Known[] = [];

/** A fault that takes longer to mend than so many runs costs its next one more time. */
const mostBrokenRuns = 50;
/** Looking through all places takes as long as a good part of a run on what is known. */
const runsBetweenSearches = 8;

export function newMemory(): Memory {
  /** By what a value is, and then of whom: a text made of both would be hashed anew for each look. */
  const places = new Map<string, Map<string, Known>>();
  /** What was computed since something was last forgotten. */
  let renewed: Known[] = [];
  let run = 0;
  let broken = 0;
  /** What the value that is being computed has asked for, where one is. */
  let asked: Known[] | undefined;
  const compute = <V>(inputs: readonly unknown[], computeValue: () => V): Known => {
    const around = asked;
    const parts: Known[] = [];
    asked = parts;
    try {
      const value = computeValue();
      return { inputs, value, parts: parts.length === 0 ? noParts : [...parts], run, other: undefined };
    } finally {
      asked = around;
    }
  };
  return {
    recall: <V>(what: string, of: string, inputs: readonly unknown[], computeValue: () => V): V => {
      const all = allOf(places, what);
      let known = knownFrom(all.get(of), inputs);
      if (known === undefined) {
        known = compute(inputs, computeValue);
        known.other = all.get(of);
        all.set(of, known);
        renewed.push(known);
      } else known.run = run;
      asked?.push(known);
      return known.value as V;
    },
    endRun(isWhole = true) {
      broken = isWhole ? 0 : broken + 1;
      if (broken % mostBrokenRuns !== 0) return;
      if ((run + 1) % runsBetweenSearches === 0) search([...places.values()], run);
      // What was computed is needed, and first of its place or behind others that are.
      else for (const known of renewed) known.other = neededIn(known.other, run);
      renewed = [];
      run += 1;
    },
  };
}

/** Forgets whatever a run did not need, at all places. */
function search(places: ReadonlyArray<Map<string, Known>>, run: number): void {
  for (const all of places) for (const known of all.values()) keepParts(known, run);
  for (const all of places) {
    for (const [of, known] of all) {
      const kept = neededIn(known, run);
      if (kept === undefined) all.delete(of);
      else if (kept !== known) all.set(of, kept);
    }
  }
}

function allOf(places: Map<string, Map<string, Known>>, what: string): Map<string, Known> {
  const known = places.get(what);
  if (known !== undefined) return known;
  const all = new Map<string, Known>();
  places.set(what, all);
  return all;
}

function knownFrom(first: Known | undefined, inputs: readonly unknown[]): Known | undefined {
  for (let each = first; each !== undefined; each = each.other) if (isSame(each.inputs, inputs)) return each;
  return undefined;
}

/** All of one place that a run needed. */
function neededIn(first: Known | undefined, run: number): Known | undefined {
  let kept: Known | undefined;
  for (let each: Known | undefined = first; each !== undefined; ) {
    const { other }: Known = each;
    if (each.run === run) {
      each.other = kept;
      kept = each;
    }
    each = other;
  }
  return kept;
}

/** The same for a part of a run: nothing is forgotten at its end. */
export function withinRun({ recall }: Memory): Memory {
  return { recall, endRun() {} };
}

/** For whoever runs once. */
export const computeAnew: Recall = (_what, _of, _inputs, compute) => compute();

/** What was asked for to compute what a run needed at one place, the run needed as well. */
function keepParts(first: Known, run: number): void {
  for (let each: Known | undefined = first; each !== undefined; each = each.other)
    if (each.run === run) for (const part of each.parts) keep(part, run);
}

function keep(known: Known, run: number): void {
  if (known.run === run) return;
  known.run = run;
  for (const part of known.parts) keep(part, run);
}

function isSame(known: readonly unknown[], inputs: readonly unknown[]): boolean {
  if (known.length !== inputs.length) return false;
  for (let index = 0; index < known.length; index++) if (!Object.is(known[index], inputs[index])) return false;
  return true;
}
