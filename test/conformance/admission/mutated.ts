import type { JsonObject, JsonValue, Path } from '../../../src/parse/document.js';
import { groupBy } from '../../../src/util/order.js';
import { type Dice, diceOf } from '../cases/dice.js';
import { handWritten } from '../cases/hand-written/hand-written.js';
import { routedStandings } from '../routes/cases/routed.js';

/** Of which kinds the model says what the API server and the webhook refuse. */
const kinds: ReadonlySet<string> = new Set([
  ...['VirtualService', 'DestinationRule', 'ServiceEntry', 'Gateway', 'Sidecar'].map(
    (kind) => `networking.istio.io/${kind}`,
  ),
  ...['Gateway', 'HTTPRoute', 'GRPCRoute', 'TCPRoute'].map((kind) => `gateway.networking.k8s.io/${kind}`),
]);

/** Objects of generated meshes, in each of which one value is another, a name of its own for each; the same for the same seed. */
export function mutatedObjects(seed: number, count: number): readonly JsonObject[] {
  const dice = diceOf(`admission ${seed}`);
  const standings = [...routedStandings(seed, 42), ...handWritten(seed, 48)];
  const objects = standings.flatMap((standing) => standing.objects).filter(isJudged);
  const byKind = [...groupBy(objects, kindOf).values()];
  return Array.from({ length: count }, (_, index) => {
    const object = structuredClone(dice.pick(dice.pick(byKind)));
    const [place, value] = dice.pick(valuesIn(object.spec ?? null, ['spec']));
    return named(`mutated-${index}`, withValue(object, place, otherThan(value, dice)));
  });
}

function isJudged(object: JsonObject): boolean {
  return kinds.has(kindOf(object));
}

function kindOf({ apiVersion, kind }: JsonObject): string {
  return `${String(apiVersion).split('/')[0]}/${kind}`;
}

function named(name: string, object: JsonObject): JsonObject {
  return { ...object, metadata: { ...Object(object.metadata), name } };
}

/** Every value of an object, with its place. */
function valuesIn(value: JsonValue, place: Path): ReadonlyArray<readonly [Path, JsonValue]> {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const below = inner.flatMap(([name, each]) => valuesIn(each, [...place, Array.isArray(value) ? Number(name) : name]));
  return [[place, value], ...below];
}

/** `undefined` takes it away. */
function withValue<T extends JsonValue>(object: T, [first, ...rest]: Path, value: JsonValue | undefined): T {
  if (first === undefined) return value as T;
  if (Array.isArray(object)) {
    const items = object.map((item, index) => (index === first ? withValue(item, rest, value) : item));
    return items.filter((item) => item !== undefined) as unknown as T;
  }
  const fields = object as JsonObject;
  return { ...fields, [first]: withValue(fields[first] ?? null, rest, value) } as T;
}

function otherThan(value: JsonValue, dice: Dice): JsonValue | undefined {
  const ofType = Array.isArray(value) ? lists(value) : (others[typeof value]?.(value as never) ?? []);
  return dice.pick<JsonValue | undefined>([undefined, null, ...ofType, ...ofType, ...dice.some(ofAnyType, 2)]);
}

const ofAnyType: readonly JsonValue[] = ['', 'x', 0, 1, true, [], {}, ['x'], { x: 'x' }];

function lists(items: readonly JsonValue[]): readonly JsonValue[] {
  const [first = 'x'] = items;
  return [[], [...items, first], [...items, null], Array.from({ length: 65 }, () => first)];
}

const others: Readonly<Record<string, (value: never) => readonly JsonValue[]>> = {
  string: (text: string) => [
    '',
    `${text}x`,
    text.toUpperCase(),
    `${text} `,
    `*${text}`,
    `.${text}`,
    `/${text}`,
    `${text}/../x`,
    text.repeat(100).slice(0, 300),
    'a_b',
    '10.0.0.1',
    '0s',
    '1.5s',
    '*',
    80,
  ],
  number: (number: number) => [-1, 0, 65_535, 65_536, number + 0.5, 2 ** 31, 600, String(number)],
  boolean: (flag: boolean) => [!flag, String(flag)],
  object: (fields: JsonObject) => [
    {},
    ...Object.keys(fields).map((name) => Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name))),
  ],
};
