import { asObject, asText } from '../mesh/json.js';
import type { ManifestObject } from '../parse/document.js';
import { groupBy } from '../util/order.js';
import type { Found, Plan } from './arrange/arrange.js';
import { type Obstacles, routeId, ruleId } from './arrange/obstacles.js';
import { objectsIn } from './objects-in.js';
import { keyOfObject, type Written, type WrittenPeers, type WrittenTokens } from './policies.js';
import type { WrittenTraffic } from './traffic/written.js';

/** How many rules of an object became what. A policy without rules counts as one. */
export interface Counts {
  /** Said by intents. */
  readonly said: number;
  /** Said together with another rule. */
  readonly merged: number;
  /** Without any effect, and left out. */
  readonly dead: number;
  /** Still said by the object, which stays. */
  readonly left: number;
}

export interface Fate {
  readonly object: ManifestObject;
  readonly key: string;
  readonly counts: Counts;
  /** Why it stays, or had no effect. */
  readonly because: string | undefined;
  /** What would make it sayable, where anything would. */
  readonly help?: string | undefined;
  /** Rules that had no effect, and why. */
  readonly deadRules: readonly string[];
  /** Whether it stays although intents say what it says. */
  readonly staysBeside?: boolean;
}

/** An object that stays without anything having been tried, and why. */
export interface Besides {
  readonly object: ManifestObject;
  readonly because: string;
  readonly help?: string;
}

export type Fates = readonly Fate[];

/** What became of every object that was found, rule by rule. `besides`: those of which intents say nothing, and why. */
export function fatesOf(
  { policies, peers, tokens, traffic }: Found,
  plan: Plan,
  obstacles: Obstacles,
  besides: readonly Besides[],
): Fates {
  const told = new Set(plan.drafts.flatMap(({ rules }) => rules.map(({ sources }) => sources[0] ?? '')));
  return [
    ...policies.map((each) => fateOfPolicy(each, plan, obstacles, told)),
    ...peers.map((each) => fateOfPeers(each, plan)),
    ...tokens.map((each) => fateOfTokens(each, plan)),
    ...traffic.flatMap((unit) => fatesOfTraffic(unit, plan, obstacles)),
    ...besides.map(fateOfBesides),
  ];
}

const none: Counts = { said: 0, merged: 0, dead: 0, left: 0 };

function fateOfPolicy(
  { object, key, rules, staysBeside }: Written,
  plan: Plan,
  obstacles: Obstacles,
  told: ReadonlySet<string>,
): Fate {
  const all = rulesOf(object);
  if (plan.left.has(key)) return { object, key, ...reasonOf(key, plan), deadRules: [], counts: { ...none, left: all } };
  const because = undefined;
  if (rules.length === 0) return { object, key, because, deadRules: [], counts: { ...none, said: 1 }, staysBeside };
  const ids = rules.map((rule, index) => ({ id: ruleId(key, index), rule }));
  const dead = ids.filter(({ id }) => obstacles.rules.has(id));
  const said = ids.filter(({ id, rule }) => told.has(id) && rule.count > 0).length;
  const lost = dead.reduce((sum, { rule }) => sum + rule.count, 0);
  const deadRules = dead.flatMap(({ id }) => inWords(obstacles.rules.get(id)));
  const counts = { ...none, said, dead: lost, merged: all - said - lost };
  return { object, key, because, deadRules, counts, staysBeside };
}

/** A rule that was left out, and not missed, because it would be refused. */
function inWords(refusal: string | undefined): readonly string[] {
  return refusal === undefined ? [] : [`it decides no request, and as an intent it would be refused (${refusal})`];
}

function fateOfPeers({ object, key }: WrittenPeers, plan: Plan): Fate {
  return { object, key, ...reasonOf(key, plan), deadRules: [], counts: { ...none, [wordOf(key, plan)]: 1 } };
}

function fateOfTokens({ object, key }: WrittenTokens, plan: Plan): Fate {
  const counts = { ...none, [wordOf(key, plan)]: rulesOf(object) };
  return { object, key, ...reasonOf(key, plan), deadRules: [], counts };
}

function fatesOfTraffic(unit: WrittenTraffic, plan: Plan, obstacles: Obstacles): readonly Fate[] {
  const idle = idleRoutes(unit, obstacles);
  const routing = unit.objects.find((object) => rulesOf(object) > idle.length && object.kind !== 'DestinationRule');
  return unit.objects.map((object) => {
    const key = keyOfObject(object);
    const all = rulesOf(object);
    const word = wordOf(key, plan);
    if (word !== 'said' || object !== routing || idle.length === 0)
      return { object, key, ...reasonOf(key, plan), deadRules: [], counts: { ...none, [word]: all } };
    const counts = { ...none, said: all - idle.length, dead: idle.length };
    return { object, key, because: undefined, deadRules: idle, counts };
  });
}

/** Why routes were left out that no request comes to, in whatever settings they stand. */
function idleRoutes({ documents }: WrittenTraffic, { routes: idle }: Obstacles): readonly string[] {
  const routes = documents.flatMap(({ name: settings, spec }) =>
    objectsIn(spec.routes).map(({ name }) => ({ name: asText(name) ?? '', settings })),
  );
  return [...groupBy(routes, ({ name }) => name)].flatMap(([name, same]) => {
    const reasons = same.map(({ settings }) => idle.get(routeId(settings, name)));
    const [because] = reasons;
    return because !== undefined && reasons.every((each) => each !== undefined) ? [because] : [];
  });
}

function wordOf(key: string, { left, dead }: Plan): keyof Counts {
  return left.has(key) ? 'left' : dead.has(key) ? 'dead' : 'said';
}

/** Why an object stays, or had no effect. */
function reasonOf(key: string, { left, dead }: Plan): Pick<Fate, 'because' | 'help'> {
  const { because, help } = left.get(key) ?? { because: dead.get(key) };
  return { because, ...(help !== undefined && { help }) };
}

function fateOfBesides({ object, ...reason }: Besides): Fate {
  const counts = { ...none, left: rulesOf(object) };
  return { object, key: keyOfObject(object), ...reason, deadRules: [], counts };
}

/** How many rules an object has; one that has none says one thing all the same. */
function rulesOf({ value }: ManifestObject): number {
  const { rules, http, tcp, tls, jwtRules, ingress } = asObject(value.spec) ?? {};
  return Math.max(
    [rules, http, tcp, tls, jwtRules, ingress].reduce<number>((sum, list) => sum + objectsIn(list).length, 0),
    1,
  );
}

/** The sum of all. */
export function totalOf(fates: Fates): Counts {
  const sum = (name: keyof Counts) => fates.reduce((total, { counts }) => total + counts[name], 0);
  return { said: sum('said'), merged: sum('merged'), dead: sum('dead'), left: sum('left') };
}
