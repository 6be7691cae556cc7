import type { State } from '../changes/change.js';
import { isManaged } from '../parse/document.js';
import { groupBy } from '../util/order.js';
import type { Besides } from './fates.js';
import { keyOfObject } from './policies.js';

const ofIstio: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']);

/**
 * What stays whatever it says: policies of another revision and of namespaces that nobody watches. The comparison of the mesh
 * before with the mesh after takes account of all of it.
 */
export function besidesAmong({ objects }: State, isFound: ReadonlySet<string>): readonly Besides[] {
  const own = objects.map(({ object }) => object).filter((object) => !isManaged(object));
  const firsts = [...groupBy(own, keyOfObject)].flatMap(([key, [first]]) =>
    first === undefined ? [] : [[key, first] as const],
  );
  return firsts.flatMap(([key, object]): readonly Besides[] => {
    return ofIstio.has(object.kind) && !isFound.has(key)
      ? [{ object, because: 'the istiod of this mesh does not read it' }]
      : [];
  });
}
