import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import { blocks, hosts, oddPaths, paths, ports, requestPrincipals, trustDomains, virtualAddresses } from './values.js';
import type { World } from './world.js';

type Make = () => string;

/** `from.source` of a rule. */
export function sourceOf(world: World, dice: Dice): JsonObject {
  const fields = Array.from({ length: dice.chance(0.35) ? 2 : 1 }, () => sourceField(world, dice));
  const source: JsonObject = Object.fromEntries(fields);
  // Istio's webhook refuses both in one source.
  const names = Object.keys(source);
  const hasAccounts = names.some((name) => /^(?:not)?serviceAccounts$/i.test(name));
  const beside = names.filter((name) => !(hasAccounts && /^(?:not)?(?:principals|namespaces)$/i.test(name)));
  return Object.fromEntries(beside.map((name) => [name, source[name] ?? []]));
}

function sourceField(world: World, dice: Dice): readonly [string, readonly string[]] {
  const draw = dice.next();
  if (world.theme === 'trust domains' && draw < 0.12)
    return listed('trustDomains', () => dice.pick(trustDomains), dice);
  if (draw < 0.35) return listed('principals', () => principalOf(world, dice), dice);
  if (draw < 0.6) return listed('namespaces', () => starred(dice.pick(world.namespaces), dice), dice);
  if (draw < 0.75) return listed('serviceAccounts', () => accountOf(world, dice), dice);
  if (draw < 0.88) return listed('ipBlocks', () => dice.pick(blocks), dice);
  if (world.theme === 'tokens' && draw < 0.97)
    return listed('requestPrincipals', () => dice.pick(requestPrincipals), dice);
  return listed('remoteIpBlocks', () => dice.pick(blocks), dice);
}

/** `to.operation` of a rule. */
export function operationOf({ theme }: World, dice: Dice): JsonObject {
  const isOfPaths = theme === 'paths' || theme === 'mesh config';
  const fields = Array.from({ length: dice.chance(0.45) ? 2 : 1 }, () => {
    const draw = dice.next() * (isOfPaths ? 0.4 : 1);
    if (draw < 0.3) return listed('paths', () => dice.pick(isOfPaths ? [...paths, ...oddPaths] : paths), dice);
    if (draw < 0.55) return listed('methods', () => dice.pick(['GET', 'POST', 'DELETE', 'G*', '*T', '*']), dice);
    return draw < 0.7 ? listed('hosts', () => dice.pick(hosts), dice) : listed('ports', () => dice.pick(ports), dice);
  });
  return Object.fromEntries(fields);
}

/** An item of `when`. */
export function conditionOf(world: World, dice: Dice): JsonObject {
  const [key, make] = dice.pick(attributesOf(world, dice));
  return { key, [dice.chance(0.3) ? 'notValues' : 'values']: dice.list(make) };
}

function attributesOf(world: World, dice: Dice): ReadonlyArray<readonly [string, Make]> {
  const destinations = world.theme === 'addresses' ? virtualAddresses : blocks;
  return [
    ['request.headers[x-env]', () => starred(dice.pick(['blue', 'green']), dice)],
    ['request.headers[X-Env]', () => dice.pick(['blue', '*'])],
    ['source.namespace', () => starred(dice.pick(world.namespaces), dice)],
    ['source.principal', () => principalOf(world, dice)],
    ['source.serviceAccount', () => fullAccountOf(world, dice)],
    ['destination.port', () => dice.pick(ports)],
    ['source.ip', () => dice.pick(blocks)],
    ['destination.ip', () => dice.pick(destinations)],
    ['connection.sni', () => starred('api.shop.example', dice)],
    ...(world.theme === 'addresses' ? [['destination.ip', () => dice.pick(virtualAddresses)] as const] : []),
    ...(world.theme === 'tokens' ? tokenAttributes(dice) : []),
  ];
}

function tokenAttributes(dice: Dice): ReadonlyArray<readonly [string, Make]> {
  return [
    ['request.auth.principal', () => dice.pick(['https://iss.example/alice', '*'])],
    ['request.auth.audiences', () => dice.pick(['aud1', 'aud*'])],
    ['request.auth.claims[group]', () => dice.pick(['admin', 'dev*', '*'])],
    ['request.auth.claims[realm][role]', () => dice.pick(['ops', '*'])],
    ['request.auth.claims[level]', () => dice.pick(['7', 'true', '*'])],
    ['request.auth.presenter', () => dice.pick(['app1', '*'])],
  ];
}

function listed(name: string, make: Make, dice: Dice): readonly [string, readonly string[]] {
  const negated = dice.chance(0.25) ? `not${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
  return [negated, dice.list(make)];
}

/** A value as it is, or with a `*` where people put it. */
function starred(value: string, dice: Dice): string {
  const draw = dice.next();
  if (draw < 0.12) return `${value.slice(0, Math.max(1, value.length - 2))}*`;
  if (draw < 0.24) return `*${value.slice(2)}`;
  return draw < 0.3 ? '*' : value;
}

function principalOf({ theme, applications }: World, dice: Dice): string {
  const { namespace, account } = dice.pick(applications);
  const trustDomain = theme === 'trust domains' ? dice.pick(trustDomains) : 'cluster.local';
  const principal = `${trustDomain}/ns/${namespace}/sa/${account}`;
  if (dice.chance(0.85)) return starred(principal, dice);
  return dice.pick([
    `spiffe://${principal}`,
    'old.example/ns/shop/sa/api',
    `*/ns/${namespace}/sa/${account}`,
    `*/sa/${account}`,
    `cluster.local/ns/${namespace}/*`,
  ]);
}

function accountOf(world: World, dice: Dice): string {
  return dice.chance(0.6) ? fullAccountOf(world, dice) : dice.pick(world.applications).account;
}

function fullAccountOf({ applications }: World, dice: Dice): string {
  const { namespace, account } = dice.pick(applications);
  return `${namespace}/${account}`;
}
