import type { RouteForm } from '../../../dataplanes/traffic.js';
import type { GatewayObject } from '../../../resolve/resolved-traffic.js';

/** A Gateway of Gateway API takes its routes from objects of Gateway API, and one of Istio's own from VirtualServices. */
export const formsOf = {
  'gateway-api': ['HTTPRoute'],
  istio: ['VirtualService'],
} as const satisfies Readonly<Record<GatewayObject['api'], readonly RouteForm[]>>;
