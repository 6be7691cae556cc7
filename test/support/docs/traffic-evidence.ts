import { routeCapabilities } from '../../../src/dataplanes/traffic.js';
import type { PlacedIr } from '../../../src/ir/policy-ir.js';
import { connectionNeeds } from '../../../src/passes/place/routes/connection-needs.js';
import { hostNeeds } from '../../../src/passes/place/routes/host-needs.js';
import { routeNeeds } from '../../../src/passes/place/routes/route-needs.js';
import { compile } from '../../../src/pipeline.js';
import { goldenCases } from '../cases.js';

export type Column = 'sidecar' | 'waypoint' | 'Gateway of Gateway API' | 'Istio’s own Gateway';

/** By feature, column and outcome: the first golden case in which that is written, or refused. */
export function evidenceOf(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const golden of goldenCases()) {
    if (!/^(?:traffic\/|diagnostics\/AMB3060)/.test(golden.name)) continue;
    const { placed, diagnostics } = compile(golden.sources, { ...golden.options, verify: false });
    const refused = diagnostics.filter(({ code }) => code === 'AMB3060');
    const keys = [...(placed ? written(placed) : []), ...refused.flatMap(refusals)];
    for (const key of keys) if (!found.has(key)) found.set(key, golden.name);
  }
  return found;
}

function written({ routes, egress, gatewayRoutes, gatewayConnections }: PlacedIr): readonly string[] {
  const number = (port: string | number) => Number(port);
  return [
    ...[...routes, ...egress.map(({ route }) => route)].flatMap(
      ({ traffic, point, form, connections, destination, exportTo }) => {
        const ports = (destination.service?.ports ?? []).map((port) => port.number);
        const needs = [
          ...routeNeeds(traffic, number, { ports, isHidden: exportTo.length > 0 }),
          ...connectionNeeds(destination, connections, [point]),
          ...hostNeeds(destination, traffic),
        ];
        return needs.map(({ feature }) => `${feature} ${point} ${form}`);
      },
    ),
    ...gatewayRoutes.flatMap(({ gateway, form, rules, origin }) => {
      const column: Column = gateway.api === 'istio' ? 'Istio’s own Gateway' : 'Gateway of Gateway API';
      const traffic = { origin, routes: [...new Set(rules.map(({ route }) => route))] };
      const ports = gateway.listeners.map(({ port }) => port);
      const needs = routeNeeds(traffic, number, { ports, isHidden: false });
      return needs.map(({ feature }) => `${feature} ${column} ${form}`);
    }),
    ...gatewayConnections.map(({ gateway, kind, isByName }) => {
      const column: Column = gateway.api === 'istio' ? 'Istio’s own Gateway' : 'Gateway of Gateway API';
      const form = kind === 'VirtualService' ? kind : 'HTTPRoute';
      return `${isByName ? 'serverNames' : 'connections'} ${column} ${form}`;
    }),
  ];
}

/**
 * A refusal names what each form lacks, the best form for the place first; where only one was left to choose from, that is
 * what is refused.
 */
function refusals({ message, notes }: ReturnType<typeof compile>['diagnostics'][number]): readonly string[] {
  const best = notes[0]?.message.startsWith('HTTPRoute') ? 'HTTPRoute' : 'VirtualService';
  const atGateway: Readonly<Record<typeof best, Column>> = {
    HTTPRoute: 'Gateway of Gateway API',
    VirtualService: 'Istio’s own Gateway',
  };
  const atService: Readonly<Record<typeof best, Column>> = { HTTPRoute: 'waypoint', VirtualService: 'sidecar' };
  const column = (message.includes('gateway') ? atGateway : atService)[best];
  return routeCapabilities
    .filter(({ form, because }) => notes.some((note) => note.message.startsWith(`${form}: ${because}`)))
    .map(({ feature }) => `${feature} ${column} refused`);
}
