import type { JsonObject } from '../../../../src/parse/document.js';
import { backendRefs } from './backends.js';
import { headerModifier } from './header-operations.js';
import { parentRefs } from './parents.js';
import type { RouteMaking } from './routed-world.js';
import { grpcMethods, grpcServices } from './values.js';

/** GRPCRoutes for the proxies of a case. */
export function grpcRoute(making: RouteMaking, index: number): JsonObject {
  const { dice } = making;
  const { namespace, spec } = parentRefs(making);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: `grpc-${index}`, namespace, ...making.created() },
    spec: { ...spec, rules: Array.from({ length: 1 + dice.below(3) }, () => ruleOf(making)) },
  };
}

function ruleOf(making: RouteMaking): JsonObject {
  const { dice } = making;
  const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: headerModifier(making) }];
  return {
    ...(dice.chance(0.85) && { matches: dice.list(() => matchOf(making), 2) }),
    ...(dice.chance(0.2) && { filters }),
    ...(dice.chance(0.96) && { backendRefs: backendRefs(making) }),
  };
}

function matchOf({ dice }: RouteMaking): JsonObject {
  const service = dice.pick(grpcServices);
  const method = dice.pick(grpcMethods);
  const named = dice.pick<JsonObject>([
    { service },
    { service, method },
    { method },
    { type: 'RegularExpression', service: 'shop\\..*' },
    { type: 'RegularExpression', service: 'shop\\.C.*', method: 'Get|Put' },
  ]);
  const header = dice.pick<JsonObject>([
    { name: 'x-user', value: 'alice' },
    { name: 'x-env', type: 'RegularExpression', value: 'a.*' },
  ]);
  return { ...(dice.chance(0.75) && { method: named }), ...(dice.chance(0.25) && { headers: [header] }) };
}
