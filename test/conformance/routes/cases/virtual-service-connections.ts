import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';
import { destination } from './virtual-service-action.js';

/** Rules for connections. Nothing but chance chooses among weighted ones: one destination has all the weight. */
export function connectionRules(making: RouteMaking): JsonObject {
  const { dice } = making;
  const rules = Array.from({ length: 1 + dice.below(3) }, () => ({ ...matches(making), route: routes(making) }));
  return { tcp: rules };
}

function routes(making: RouteMaking): JsonValue[] {
  const target = { destination: { ...destination(making), port: { number: making.dice.pick([7070, 81, 80, 1234]) } } };
  return making.dice.chance(0.8)
    ? [target]
    : [
        { ...target, weight: 100 },
        { destination: target.destination, weight: 0 },
      ];
}

function matches({ proxy, dice }: RouteMaking): JsonObject {
  if (dice.chance(0.3)) return {};
  const ports = proxy === 'gateway' ? [9000, 9001] : [7070, 81, 80];
  const match = {
    ...(dice.chance(0.8) && { port: dice.pick(ports) }),
    ...(dice.chance(0.2) && { sourceLabels: { app: dice.pick(['cart', 'probe', 'ingress']) } }),
    ...(dice.chance(0.1) && { sourceNamespace: dice.pick(['shop', 'ops']) }),
    ...(dice.chance(0.1) && { gateways: [dice.pick(['mesh', 'edge/ingress'])] }),
  };
  return { match: [match] };
}
