import type { JsonObject, JsonValue } from '../../../../parse/document.js';
import { asObject, asText, asTexts } from '../../../json.js';
import { type Node, nodesOf } from '../fields.js';
import { conflicts } from './match-conflict.js';

/** A rule as istiod has it once the root’s has been put around it; its matches stand where the delegate has them. */
export interface MergedRule {
  readonly rule: Node;
  readonly matches: readonly Node[];
}

/** Where a rule of a delegate has a match that lies within none of the root: then it is left out. */
export interface Misfit {
  readonly outside: Node;
}

/** A rule of a delegate within the rule that delegates to it (T-95). */
export function mergedRule(root: Node, own: Node): MergedRule | Misfit {
  const [outer, inner] = [nodesOf(root, 'match'), nodesOf(own, 'match')];
  const outside = inner.find((match) => outer.length > 0 && within(match, outer).length === 0);
  if (outside !== undefined) return { outside };
  const taken = inherited.flatMap((field) => {
    const said = root.value[field];
    return said === undefined ? [] : [[field, said] as const];
  });
  const name = joinedName(root.value.name, own.value.name);
  const value = { ...Object.fromEntries(taken), ...written(own.value), ...name };
  return { rule: { value, place: own.place }, matches: mergedMatches(outer, inner, own) };
}

/** What a rule of a delegate takes from that of the root where it says nothing of it itself. */
const inherited = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'corsPolicy',
  'mirrors',
  'headers',
];

function joinedName(root: JsonValue | undefined, own: JsonValue | undefined): JsonObject {
  const names = [root, own].map(asText).filter(Boolean);
  return names.length === 0 ? {} : { name: names.join('-') };
}

/** Each match of the delegate with each of the root that leaves it something. */
function mergedMatches(root: readonly Node[], own: readonly Node[], { place }: Node): readonly Node[] {
  if (own.length === 0) return root.map(({ value }) => ({ value, place }));
  return root.length === 0 ? own : own.flatMap((match) => within(match, root));
}

function within({ value: own, place }: Node, root: readonly Node[]): readonly Node[] {
  const outer = root.filter(({ value }) => !conflicts(value, own));
  return outer.map(({ value }) => ({ value: mergedMatch(value, own), place }));
}

function mergedMatch(root: JsonObject, own: JsonObject): JsonObject {
  const joined = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'].map(
    (field) => [field, { ...asObject(root[field]), ...asObject(own[field]) }] as const,
  );
  return { ...root, ...written(own), ...Object.fromEntries(joined) };
}

/** What is null, empty or 0 says nothing. */
function written(value: JsonObject): JsonObject {
  const entries = Object.entries(value).filter(
    ([, each]) => Boolean(each) && !(Array.isArray(each) && each.length === 0),
  );
  return Object.fromEntries(entries);
}

/** How an object names what belongs to its namespace. */
interface Names {
  hostOf(name: string): string;
  gatewayOf(name: string): string;
}

/** A rule with full names in all that a rule of another namespace may take from it. */
export function qualified({ value, place }: Node, names: Names): Node {
  const [matches, mirrors] = ['match', 'mirrors'].map((field) => nodesOf({ value, place }, field));
  return {
    place,
    value: {
      ...value,
      match: (matches ?? []).map((match) => withGateways(match.value, names)),
      mirrors: (mirrors ?? []).map((mirror) => ({
        ...mirror.value,
        destination: withHost(mirror.value.destination, names),
      })),
      ...(asObject(value.mirror) && { mirror: withHost(value.mirror, names) }),
    },
  };
}

function withGateways(match: JsonObject, { gatewayOf }: Names): JsonObject {
  return { ...match, gateways: asTexts(match.gateways).map(gatewayOf) };
}

function withHost(destination: JsonValue | undefined, { hostOf }: Names): JsonObject {
  const fields = asObject(destination) ?? {};
  return { ...fields, host: hostOf(asText(fields.host) ?? '') };
}
