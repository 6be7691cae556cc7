import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import { applicationNames, type World } from './world.js';

const modes = ['STRICT', 'STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET'];

export function peerAuthentication(world: World, index: number, dice: Dice): JsonObject {
  const selector = dice.chance(0.5) ? selectorOf(dice) : {};
  const hasPorts = 'selector' in selector && dice.chance(0.5);
  const ports = dice.some(['8080', '5432', '8081', '9090'], 1 + dice.below(2));
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: `pa${index}`, namespace: dice.pick([...world.namespaces, 'istio-system']) },
    spec: {
      ...selector,
      ...(dice.chance(0.85) && { mtls: { mode: dice.pick(modes) } }),
      ...(hasPorts && { portLevelMtls: Object.fromEntries(ports.map((port) => [port, { mode: dice.pick(modes) }])) }),
    },
  };
}

export function requestAuthentication(world: World, index: number, dice: Dice): JsonObject {
  const namespace = dice.pick([...world.namespaces, ...world.namespaces, 'istio-system']);
  const own = world.services.filter((service) => service.namespace === namespace);
  const attachment = dice.pick([
    {},
    selectorOf(dice),
    ...(own.length > 0 ? [{ targetRefs: [{ group: '', kind: 'Service', name: dice.pick(own).name }] }] : []),
    ...(namespace === 'istio-system' ? [] : [{ targetRefs: [waypoint] }]),
  ]);
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: `ra${index}`, namespace },
    spec: { ...attachment, jwtRules: rulesOf(dice) },
  };
}

const waypoint = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' };

function selectorOf(dice: Dice): JsonObject {
  return { selector: { matchLabels: { app: dice.pick(applicationNames) } } };
}

function rulesOf(dice: Dice): readonly JsonObject[] {
  const first = {
    issuer: 'https://iss.example',
    jwksUri: 'https://iss.example/keys',
    ...(dice.chance(0.3) && { audiences: ['aud1', 'aud2'] }),
    ...(dice.chance(0.3) && { forwardOriginalToken: true }),
    ...(dice.chance(0.15) && { outputClaimToHeaders: [{ header: 'x-env', claim: dice.pick(['group', 'level']) }] }),
  };
  const second = { issuer: 'https://other.example', jwksUri: 'https://other.example/keys' };
  return dice.chance(0.3) ? [first, second] : [first];
}
