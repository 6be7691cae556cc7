import type { State } from '../changes/change.js';
import { asObject, asTexts } from '../mesh/json.js';
import { isManaged, type ManifestObject } from '../parse/document.js';
import { groupBy } from '../util/order.js';
import type { Besides } from './fates.js';
import { keyOfObject } from './policies.js';

const ofIstio: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']);

/**
 * What stays whatever it says: policies of another revision and of namespaces that nobody watches, and NetworkPolicies for callers.
 * The comparison of the mesh before with the mesh after takes account of all of it.
 */
export function besidesAmong({ objects }: State, isFound: ReadonlySet<string>): readonly Besides[] {
  const own = objects.map(({ object }) => object).filter((object) => !isManaged(object));
  const firsts = [...groupBy(own, keyOfObject)].flatMap(([key, [first]]) =>
    first === undefined ? [] : [[key, first] as const],
  );
  return firsts.flatMap(([key, object]): readonly Besides[] => {
    if (ofIstio.has(object.kind) && !isFound.has(key))
      return [{ object, because: 'the istiod of this mesh does not read it' }];
    return isForCallers(object)
      ? [{ object, because: 'the network plugin reads it, and it adds up with what Istio enforces' }]
      : [];
  });
}

/** Without types a NetworkPolicy is for whoever comes in. */
function isForCallers({ kind, value }: ManifestObject): boolean {
  const { policyTypes } = asObject(value.spec) ?? {};
  return kind === 'NetworkPolicy' && (policyTypes === undefined || asTexts(policyTypes).includes('Ingress'));
}
