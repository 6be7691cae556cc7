import type { PortLayer } from '../../topology/model.js';
import type { EnvoyChain } from '../policies/envoy.js';
import type { Payload } from '../request.js';
import { noPath, type Stop } from './hops.js';

/** Which filter chain takes the bytes: the declared one, or the one that detection finds (§2.5). */
export function chainOf(layer: PortLayer, payload: Payload): EnvoyChain | Stop {
  if (layer === 'detected') return payload.kind;
  if (layer === 'http' && payload.kind === 'tcp') return noPath('the port is declared HTTP, and these bytes are not');
  return layer;
}
