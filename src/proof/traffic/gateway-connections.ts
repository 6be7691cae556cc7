import { nobody } from '../../algebra/mentions.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { onwardFrom } from '../../mesh/paths/onward.js';
import { describeRequest } from '../../mesh/request.js';
import type { GatewayObject, ResolvedConnections, ResolvedGatewayTraffic } from '../../resolve/resolved-traffic.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { type Gateway, keyOf, type Listener } from '../../topology/model.js';
import type { Asked, VersionsByService } from './asked.js';
import { fromOutside, listenersOf } from './at-gateways.js';
import type { CallerContext } from './callers.js';
import type { Compared } from './compare.js';
import { intendedConnections } from './intended-outcome.js';
import { treatmentOfConnections } from './mesh-outcome.js';
import { deviations, nowhere, outcomeOf } from './outcome.js';

/** Compares where gateways lead the connections that they do not read, of each server name one. */
export function compareGatewayConnections(
  context: CallerContext,
  { gateways, connections }: ResolvedGatewayTraffic,
  versions: VersionsByService,
): readonly Compared[] {
  return gateways.flatMap((object) => {
    const at = context.mesh.clusters.get(object.cluster);
    if (at === undefined) return [];
    return connections.flatMap((each) => {
      const { origin } = each.route;
      const asked = {
        origin,
        routes: [each.route],
        versions,
        at,
        name: keyOf(object),
        service: undefined,
        host: undefined,
      };
      const names = each.serverNames.length === 0 ? [undefined] : each.serverNames;
      return names.flatMap((name) => {
        const served = servingListeners(at, object, each, name);
        if (served.length === 0) return [compareAt(context, { ...asked, port: { number: each.port ?? 0 } }, undefined)];
        return served.map(({ gateway, listener }) =>
          compareAt(context, { ...asked, port: { number: listener.port } }, { gateway, name }),
        );
      });
    });
  });
}

/** On its port, and of those that pass TLS through the ones for the name. */
function servingListeners(
  at: MeshCluster,
  object: GatewayObject,
  { port }: ResolvedConnections,
  name: string | undefined,
): ReadonlyArray<{ readonly gateway: Gateway; readonly listener: Listener }> {
  return listenersOf(
    at,
    object,
    (listener) =>
      listener.reads === 'connections' &&
      (port ?? listener.port) === listener.port &&
      (listener.tls === 'PASSTHROUGH') === (name !== undefined) &&
      (name === undefined || listener.hosts.some(({ host }) => coversName(host, name))),
  );
}

interface At {
  readonly gateway: Gateway;
  readonly name: string | undefined;
}

function compareAt({ mesh, pool }: CallerContext, asked: Asked, served: At | undefined): Compared {
  const { at, routes } = asked;
  const serverName = served?.name?.replace(/^\*/, 'any');
  const destination = {
    ...({ kind: 'gateway', cluster: at.cluster.name, port: asked.port.number } as const),
    gateway: served === undefined ? asked.name : keyOf(served.gateway),
    ...(serverName !== undefined && { serverName }),
  };
  const onward = served && onwardFrom(mesh, destination, { kind: 'tcp' });
  const treatment = onward === undefined ? notLed : treatmentOfConnections(at, onward.ways);
  const { doubt } = treatment;
  if (doubt !== undefined) return { classes: 1, deviating: [], open: [{ asked, fact: doubt }] };
  const [route] = routes;
  const found = deviations(intendedConnections(asked, route), treatment.outcome);
  const source = fromOutside(pool.callers(at.cluster.name, nobody).kinds)?.representative.source;
  if (found.length === 0 || source === undefined) return { classes: 1, deviating: [], open: [] };
  const witness = describeRequest({ source, destination, payload: { kind: 'tcp' } });
  const entry = { route, tests: [], path: undefined };
  return { classes: 1, deviating: [{ asked, entry, witness, treatment, deviations: found }], open: [] };
}

/** Nothing leads on what comes there. */
const notLed = {
  outcome: outcomeOf([{ share: 1, where: nowhere }], [], []),
  doubt: undefined,
  decidedAt: undefined,
  rule: undefined,
};
