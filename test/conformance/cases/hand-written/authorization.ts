import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import { conditionOf, operationOf, sourceOf } from './rules.js';
import { applicationNames, type World } from './world.js';

/** What people write as AuthorizationPolicies, valid and odd. */
export function authorizationPolicy(world: World, index: number, dice: Dice): JsonObject {
  const namespace = dice.pick([
    ...world.namespaces,
    ...world.namespaces,
    'istio-system',
    ...(world.hasIngress ? ['ingress'] : []),
    ...(world.theme === 'gateways' ? ['ingress', 'ingress', 'ingress'] : []),
  ]);
  const annotations = dice.chance(0.06) ? { annotations: { 'istio.io/dry-run': 'true' } } : {};
  return {
    apiVersion: dice.pick(['security.istio.io/v1', 'security.istio.io/v1', 'security.istio.io/v1beta1']),
    kind: 'AuthorizationPolicy',
    metadata: { name: `p${index}`, namespace, ...annotations },
    spec: { ...attachmentOf(world, namespace, dice), ...effectOf(world, dice) },
  };
}

function attachmentOf(world: World, namespace: string, dice: Dice): JsonObject {
  if (namespace === 'istio-system') return dice.chance(0.1) ? { targetRefs: [waypointClass] } : {};
  if (namespace === 'ingress')
    return dice.pick([{}, { targetRefs: [gateway('public')] }, selector(publicGateway), selector({ istio: 'edge' })]);
  const own = world.services.filter((service) => service.namespace === namespace);
  const draw = world.theme === 'waypoints' ? 0.2 + dice.next() * 0.65 : dice.next();
  if (draw < 0.4)
    return selector(dice.chance(0.85) ? { app: dice.pick(applicationNames) } : { app: 'api', version: 'v1' });
  if (draw < 0.65 && own.length > 0) {
    return { targetRefs: dice.list(() => ({ group: '', kind: 'Service', name: dice.pick(own).name })) };
  }
  return draw < 0.78 ? { targetRefs: [gateway('waypoint')] } : {};
}

const publicGateway = { 'gateway.networking.k8s.io/gateway-name': 'public' };
const waypointClass = { group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' };

function gateway(name: string): JsonObject {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name };
}

function selector(matchLabels: JsonObject): JsonObject {
  return { selector: { matchLabels } };
}

function effectOf(world: World, dice: Dice): JsonObject {
  if (world.theme === 'trust domains' && dice.chance(0.3)) return customOf(world, dice);
  const action = dice.pick(['ALLOW', 'ALLOW', 'ALLOW', 'DENY', 'DENY', 'AUDIT', undefined]);
  const rules = dice.chance(0.92) ? dice.list(() => ruleOf(world, dice), 3) : undefined;
  return { ...(action !== undefined && { action }), ...(rules !== undefined && { rules }) };
}

/** A request is asked about by what it carries: identities in a CUSTOM policy are rare, and so they are here. */
function customOf(world: World, dice: Dice): JsonObject {
  const rule = (): JsonObject => ({
    ...(dice.chance(0.8) && { to: dice.list(() => ({ operation: operationOf(world, dice) })) }),
    ...(dice.chance(0.4) && { when: [{ key: 'request.headers[x-env]', values: [dice.pick(['blue', 'bl*'])] }] }),
    ...(dice.chance(0.2) && { from: [{ source: { ipBlocks: ['203.0.113.0/24'] } }] }),
  });
  return { action: 'CUSTOM', provider: { name: 'authorizer' }, rules: dice.list(rule) };
}

function ruleOf(world: World, dice: Dice): JsonObject {
  if (dice.chance(0.03)) return {};
  return {
    ...(dice.chance(0.6) && { from: dice.list(() => ({ source: sourceOf(world, dice) })) }),
    ...(dice.chance(world.theme === 'paths' ? 0.9 : 0.55) && {
      to: dice.list(() => ({ operation: operationOf(world, dice) })),
    }),
    ...(dice.chance(world.theme === 'addresses' ? 0.7 : 0.25) && { when: dice.list(() => conditionOf(world, dice)) }),
  };
}
