import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import { headerModifier } from './header-operations.js';
import type { RouteMaking } from './routed-world.js';

/** Backends of a rule, mostly one. */
export function backendRefs(making: RouteMaking): JsonValue[] {
  const { dice } = making;
  return dice.pick(weightings).map((weight) => ({
    ...backend(making),
    ...(weight >= 0 && { weight }),
    ...(dice.chance(0.1) && {
      filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: headerModifier(making) }],
    }),
  }));
}

/** One without a weight is written as -1. */
const weightings = [[-1], [-1], [-1], [1], [50, 50], [80, 20], [0, 100], [0], [-1, -1]];

function backend({ dice }: RouteMaking): JsonObject {
  const [name, namespace] = dice.pick(services);
  return { name, namespace, port: dice.pick([80, 80, 80, 80, name === 'web' ? 9080 : 80, 1234]) };
}

const services = [
  ['web', 'shop'],
  ['web', 'shop'],
  ['web-v1', 'shop'],
  ['web-v2', 'shop'],
  ['cart', 'shop'],
  ['ledger', 'pay'],
  ['idle', 'shop'],
  ['missing', 'shop'],
] as const;
