import { groupBy } from '../../util/order.js';
import type { Way } from '../lane.js';

/**
 * The ways to the pods of a lane that proxies draw by weight for one request: those of the same callers between which no table
 * chooses. A request is surely let through where it is on each of them.
 */
export function drawnAmong(ways: readonly Way[]): ReadonlySet<Way> {
  const ofCallers = [...groupBy(ways, ({ callers }) => callers).values()];
  const ofName = ofCallers.flatMap((group) => [...groupBy(group, ({ served }) => served?.name).values()]);
  return new Set(
    ofName.flatMap((group) =>
      group.length < 2 ? [] : group.filter((way) => group.some((other) => other !== way && !areApart(way, other))),
    ),
  );
}

/** Whether a table chooses one of two ways by what it does not choose the other. */
function areApart({ choices = [] }: Way, { choices: others = [] }: Way): boolean {
  return choices.some(({ point, entries }) => {
    const same = others.find((other) => other.point === point);
    return same !== undefined && !same.entries.some((entry) => entries.includes(entry));
  });
}
