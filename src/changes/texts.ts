import { intentsOf } from '../trace/responsible.js';
import { sortBy, sortedUnique } from '../util/order.js';
import { causeIn } from './causes.js';
import type { Cause, ObjectChange, State, TextChanges } from './change.js';
import { objectsOf } from './objects.js';
import type { Pair } from './pair.js';

/** The objects that do not say the same on both sides, whether or not that means anything, and the rules behind them that one side has alone. */
export function textChanges(pair: Pair): TextChanges {
  const [was, is] = [objectsOf(pair.before), objectsOf(pair.after)];
  const keys = sortedUnique([...was.keys(), ...is.keys()]);
  const objects = keys.flatMap((key) => causeIn(pair, key).map((cause) => objectChange(key, cause)));
  const [before, after] = [rulesIn(pair.before), rulesIn(pair.after)];
  return {
    objects: sortBy(
      objects,
      ({ cluster }) => cluster,
      ({ namespace }) => namespace,
      ({ kind }) => kind,
      ({ name }) => name,
    ),
    rules: {
      added: [...after].filter((id) => !before.has(id)),
      removed: [...before].filter((id) => !after.has(id)),
    },
  };
}

function objectChange(key: string, cause: Cause): ObjectChange {
  const [cluster = '', kind = '', namespace = '', name = ''] = key.split('\n');
  return { cluster, kind, namespace, name, cause };
}

/** The intents that stand behind objects, as these say themselves. */
function rulesIn({ objects }: State): ReadonlySet<string> {
  return new Set(sortedUnique(objects.flatMap(({ object }) => intentsOf(object.value))));
}
