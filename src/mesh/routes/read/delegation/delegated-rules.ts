import type { JsonObject, ManifestObject, Path } from '../../../../parse/document.js';
import { keyOf } from '../../../../topology/model.js';
import { asObject, asText, asTexts } from '../../../json.js';
import type { RouteRule, UnreadRoute } from '../../route.js';
import { type Node, nodeOf, nodesOf } from '../fields.js';
import type { Names } from '../virtual-service-destinations.js';
import { readHttpRule } from '../virtual-service-rule.js';
import { mergedRule, qualified } from './merge-rules.js';

/** The VirtualServices to which others may delegate, by `namespace/name`. */
export interface Delegates {
  readonly known: ReadonlyMap<string, ManifestObject>;
  /** Those of another revision, of which it is not known whether they count. */
  readonly foreign: ReadonlyMap<string, ManifestObject>;
  readonly exportedByDefault: readonly string[];
  isGiven(namespace: string): boolean;
  namesOf(object: ManifestObject): Names;
}

export interface DelegatedRules {
  readonly rules: readonly RouteRule[];
  readonly unread: readonly UnreadRoute[];
}

/** What becomes of a rule that delegates: the rules of the delegate, as far as the root lets them (T-95). */
export function delegatedRules(root: ManifestObject, rule: Node, delegates: Delegates): DelegatedRules {
  const delegate = nodeOf(rule, 'delegate');
  const { namespace: home = 'default' } = root;
  const namespace = asText(delegate?.value.namespace) || home;
  const key = keyOf({ namespace, name: asText(delegate?.value.name) ?? '' });
  const place = [...rule.place, 'delegate'];
  const delegating = { root, rule, place, delegates };
  const found = delegates.known.get(key);
  if (found !== undefined) return withinRoot(delegating, found, key);
  if (delegates.foreign.has(key)) {
    return open(delegating, `the rules of VirtualService ${key}, which names another revision`);
  }
  if (!delegates.isGiven(namespace)) return open(delegating, `the rules of VirtualService ${key}, which is not given`);
  return leftOut(root, place, `there is no VirtualService ${key} without hosts`);
}

interface Delegating {
  readonly root: ManifestObject;
  readonly rule: Node;
  readonly place: Path;
  readonly delegates: Delegates;
}

function withinRoot({ root, rule, place, delegates }: Delegating, object: ManifestObject, key: string): DelegatedRules {
  const { namespace: viewer = 'default' } = root;
  const { namespace = 'default' } = object;
  const spec = specOf(object);
  const written = asTexts(spec.value.exportTo);
  const exportTo = written.length === 0 ? delegates.exportedByDefault : written;
  if (!exportTo.some((each) => each === '*' || (each === '.' ? namespace : each) === viewer)) {
    return leftOut(root, place, `VirtualService ${key} is not exported to namespace \`${viewer}\``);
  }
  const outer = qualified(rule, delegates.namesOf(root));
  const names = delegates.namesOf(object);
  const all = nodesOf(spec, 'http').map((own) => {
    const merged = mergedRule(outer, qualified(own, names));
    if ('rule' in merged) return { rules: [readHttpRule(object, merged.rule, names, merged.matches)], unread: [] };
    const why = `this match lies within none of VirtualService ${keyOf({ ...root, namespace: viewer })}`;
    return leftOut(object, merged.outside.place, why);
  });
  return { rules: all.flatMap(({ rules }) => rules), unread: all.flatMap(({ unread }) => unread) };
}

function specOf({ value }: ManifestObject): Node {
  const spec: JsonObject = asObject(value.spec) ?? {};
  return { value: spec, place: ['spec'] };
}

function leftOut(object: ManifestObject, place: Path, why: string): DelegatedRules {
  return { rules: [], unread: [{ object, place, why }] };
}

/** What becomes of the requests that the root leaves to a delegate is not known. */
function open({ root, rule, place, delegates }: Delegating, why: string): DelegatedRules {
  const read = readHttpRule(root, rule, delegates.namesOf(root));
  return { rules: [{ ...read, result: { kind: 'not-modelled', why, place } }], unread: [] };
}
