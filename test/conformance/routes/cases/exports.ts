import type { JsonObject } from '../../../../src/parse/document.js';
import type { RouteMaking } from './routed-world.js';

/** To whom an object is shown; mostly to everybody. */
export function exportsOf({ proxy, dice }: Pick<RouteMaking, 'proxy' | 'dice'>): JsonObject {
  if (dice.chance(0.75)) return {};
  const lists = [['*'], ['.'], ['shop'], ['ops', 'shop'], ['.', 'ops'], proxy === 'gateway' ? ['edge'] : ['pay']];
  return { exportTo: [...dice.pick(lists)] };
}
