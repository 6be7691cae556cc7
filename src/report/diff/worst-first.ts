import { groupBy } from '../../util/order.js';
import { counted } from '../words.js';
import type { ToldChange } from './diff-report.js';

/** So many of each kind are told before further ones of a worse kind. */
const ofEachKind = 3;

/** How many facts are named that neither side tells. */
export const mostFacts = 20;

/** What is told in full of many changes, and how many more there are. */
interface Shortlist {
  readonly shown: readonly ToldChange[];
  /** Nothing where all are shown. */
  readonly left: readonly string[];
}

/**
 * The worst changes, as many as there is room for. A hundred of one kind leave room for some of every other, which a reader
 * would otherwise know by their number alone.
 */
export function worstFirst(told: readonly ToldChange[], most: number, allOf: string): Shortlist {
  const ofKind = [...groupBy(told, ({ change }) => change.kind).values()];
  const rounds = Array.from({ length: ofEachKind }, (_, index) => ofKind.flatMap((all) => all[index] ?? []));
  const chosen = new Set([...new Set([...rounds.flat(), ...told])].slice(0, most));
  const left = told.length - chosen.size;
  return {
    shown: told.filter((each) => chosen.has(each)),
    left: left === 0 ? [] : [`and ${counted(left, 'more change')}${allOf}`],
  };
}
