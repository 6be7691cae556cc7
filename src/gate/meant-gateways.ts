import type { LanePlan } from '../algebra/lane.js';
import { emptySet, union } from '../algebra/request-set.js';
import { asSent } from '../algebra/routes/rewritten.js';
import { conditionConstants, conditionSet } from '../policy-tests/conditions.js';
import type { MeantGateway } from '../resolve/resolved-guardrail.js';
import type { MeantRequests } from './meant.js';

/** The requests on a lane that ends at a gateway which is meant itself, as they are sent. */
export function meantGateways(gateways: readonly MeantGateway[], { lane: { destination } }: LanePlan): MeantRequests {
  if (destination.kind !== 'gateway' || destination.onward !== undefined) return nothing;
  const { cluster, gateway, port } = destination;
  const isMeant = (each: MeantGateway) =>
    each.cluster === cluster && each.name === gateway && (each.port ?? port) === port;
  // Clients may write the port behind a host.
  const ports = [{ service: port }];
  const meaning = gateways.filter(isMeant).map((each) => ({ ...each, ports }));
  return {
    constants: meaning.map((each) => conditionConstants(each, asSent)),
    within: (space) =>
      union(emptySet(space.shape), ...meaning.map((each) => conditionSet(each, space, asSent, 'surely'))),
  };
}

const nothing: MeantRequests = { constants: [], within: ({ shape }) => emptySet(shape) };
