import { type Gateway, keyOf, type Listener } from '../../../topology/model.js';
import type { MeshCluster } from '../../mesh.js';
import type { RoutedRequest } from '../../routes/follow/matching.js';
import { type BoundListener, closestTo, namesAtGateway, tablesAtGateway } from '../../routes/owner/at-gateway.js';
import { asRouted } from '../as-routed.js';
import type { Caller } from '../caller.js';
import { hostAt, type Leg, type LegEnd, type ServiceAt, sentTo } from '../legs.js';
import { outboundTo } from '../outbound.js';
import { requestLegs } from '../routed-legs.js';
import type { Router } from '../router.js';
import { boundTogether } from './bound-routes.js';

/** What a gateway does with a request that comes to one of its listeners; `undefined` where it has no route at all. */
export function listenerLegs(
  mesh: MeshCluster,
  caller: Caller,
  gateway: Gateway,
  listener: Listener,
  sent: RoutedRequest,
): readonly Leg[] | undefined {
  const bound = boundTogether(mesh, gateway, listener);
  const names = namesAtGateway(bound);
  if (names.length === 0) return undefined;
  const name = closestTo(sent.request.host, names);
  if (name === undefined) return [noHost(gateway, sent)];
  return legsForName({ mesh, caller, gateway, listener, bound }, name, sent);
}

/** A gateway without any routes. */
export const unanswered: Leg = {
  share: 1,
  step: undefined,
  sent: undefined,
  applied: [],
  to: { kind: 'answer', status: 404, because: 'the gateway has no route at all' },
};

/** A gateway that sends on what comes to one of its listeners. */
interface SendingListener {
  readonly mesh: MeshCluster;
  /** As whom it sends. */
  readonly caller: Caller;
  readonly gateway: Gateway;
  readonly listener: Listener;
}

export function routerAt({ mesh, caller, gateway, listener }: SendingListener): Router {
  return {
    mesh,
    at: 'gateway',
    name: keyOf(gateway),
    obeying: { namespace: gateway.namespace, labels: gateway.podLabels },
    port: listener.port,
    admit: (target, status) => admitted(caller, target, status),
  };
}

/** A gateway that routes requests by the rules of listeners that are one to clients. */
export interface RoutingListener extends SendingListener {
  /** The listeners that are one with it to clients. */
  readonly bound: readonly BoundListener[];
}

/** What it does with the requests for one of these names. */
export function legsForName(
  { mesh, caller, gateway, listener, bound }: RoutingListener,
  name: string,
  sent: RoutedRequest,
): readonly Leg[] {
  const router = routerAt({ mesh, caller, gateway, listener });
  const tables = tablesAtGateway(gateway, bound, name);
  const point = { kind: 'gateway', gateway } as const;
  const seen = {
    chain: 'http',
    peer: { kind: 'nobody' },
    tunnelled: false,
    port: listener.podPort,
    because: '',
  } as const;
  return requestLegs(router, tables, asRouted({ mesh, point, ...seen }, tables, sent));
}

/** The gateway sends to what is exported to it, and has no cluster for the rest (T-91). */
function admitted(caller: Caller, target: LegEnd, status: number): LegEnd {
  const to = sentTo(target);
  if (to === undefined) return target;
  const sent = outboundTo(caller, hostAt(to));
  if (sent !== 'known' && sent !== 'passed on') {
    return sent.kind === 'not-modelled' ? sent : { kind: 'answer', status, because: sent.because };
  }
  if (to.outside === undefined || !to.service.headless) return target;
  const because = `a gateway has no addresses for \`${to.outside.host}\`, whose resolution is NONE (F-31)`;
  return { kind: 'answer', status: 503, because };
}

function noHost(gateway: Gateway, before: RoutedRequest): Leg {
  const because = `no route of the gateway is for host \`${before.request.host}\` (T-93)`;
  const base = {
    at: 'gateway',
    name: keyOf(gateway),
    rule: undefined,
    tried: '',
    because,
    before,
    after: undefined,
  } as const;
  return {
    share: 1,
    step: base,
    sent: undefined,
    applied: [],
    to: { kind: 'answer', status: 404, because },
  };
}

/**
 * What a gateway makes of a request that it sends to a Service: by the rules that lead there from one of its listeners.
 * `undefined` where none does, and the request is as it leaves the gateway.
 */
export function legsTowards(
  mesh: MeshCluster,
  caller: Caller,
  { service, port }: ServiceAt,
  sent: RoutedRequest,
): readonly Leg[] | undefined {
  const { gateway } = caller;
  if (gateway === undefined) return undefined;
  const reading = gateway.listeners.filter(({ reads }) => reads === 'requests');
  for (const listener of reading) {
    const legs = listenerLegs(mesh, caller, gateway, listener, sent) ?? [];
    const leading = legs.filter(({ to }) => to.kind === 'pods' && to.service === service && to.port === port);
    if (leading.length > 0) return leading;
  }
  return undefined;
}
