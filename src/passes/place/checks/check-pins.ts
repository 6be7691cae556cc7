import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy, Obligation, PlacedPolicy } from '../../../ir/policy-ir.js';
import type { Pin } from '../../../parse/ast.js';
import type { Origin } from '../../../resolve/resolved.js';
import { keyOf, type Topology } from '../../../topology/model.js';
import { groupBy, sortedUnique } from '../../../util/order.js';
import { clusterOf } from '../../clusters.js';
import { type PointOfPin, permits, pinInWords, pinnedToWaypoint } from '../../pins.js';
import { pointsOf } from '../../shadow/points-of.js';
import type { PlaceContext } from '../context.js';

/** A rule that has to be decided somewhere, with all that is written of it. */
interface Pinned {
  readonly origin: Origin;
  readonly pin: Pin;
  readonly uses: readonly Use[];
}

/** One destination of it; none at a gateway. */
interface Use {
  readonly policy: DestinationPolicy;
  readonly obligation: Obligation;
}

/** Refuses what is pinned and would be decided elsewhere, and says where a pin changes nothing. */
export function checkPins(context: PlaceContext, policies: readonly PlacedPolicy[]): void {
  const { topology } = context.ir;
  for (const rule of pinnedRules(context)) {
    const realising = policies.filter(({ rules }) => rules.some(({ origins }) => isFor(origins, rule)));
    const points = sortedUnique(realising.flatMap((policy) => placesOf(topology, policy))) as PointOfPin[];
    const elsewhere = points.filter((point) => !permits(rule.pin, point));
    for (const point of elsewhere) refuse(context, rule, point);
    if (points.length === 0) {
      const why = `no policy is written for \`${rule.origin.id}\``;
      context.report(diagnostic('pin-of-nothing', { why }, rule.pin.span));
    }
    if (points.length > 0 && elsewhere.length === 0 && !changesAnything(rule)) {
      const parameters = { rule: rule.origin.id, points: points.map(inWords).join(' and at ') };
      context.report(diagnostic('pin-changes-nothing', parameters, rule.pin.span));
    }
  }
}

function isFor(origins: readonly Origin[], { origin }: Pinned): boolean {
  return origins.some(({ id }) => id === origin.id);
}

function pinnedRules({ ir }: PlaceContext): readonly Pinned[] {
  const uses = ir.destinations.flatMap((policy) =>
    policy.obligations.flatMap((obligation) => (obligation.pin ? [{ policy, obligation, pin: obligation.pin }] : [])),
  );
  const ofServices = [...groupBy(uses, ({ obligation }) => obligation.origin.id).values()].flatMap((group) =>
    group.slice(0, 1).map(({ obligation: { origin }, pin }) => ({ origin, pin, uses: group })),
  );
  const ofGateways = ir.gatewaySecurity.flatMap(({ rules, asked }) =>
    [...rules, ...asked].flatMap(({ origin, pin }) => (pin ? [{ origin, pin, uses: [] }] : [])),
  );
  return [...ofServices, ...ofGateways];
}

function placesOf(topology: Topology, policy: PlacedPolicy): readonly PointOfPin[] {
  const { attachment, cluster, namespace } = policy;
  const { gateways, workloads } = clusterOf(topology, cluster);
  if (attachment.kind === 'gateway' && gateways.has(keyOf({ namespace, name: attachment.name }))) return ['gateway'];
  return pointsOf(topology, policy).map(({ point, workload = '' }) =>
    workloads.get(workload)?.mode.plane === 'gateway' ? 'gateway' : point,
  );
}

/** Whether there is a waypoint that would not be there without the pin. */
function changesAnything({ origin, uses }: Pinned): boolean {
  const cause = `${origin.id} ${pinnedToWaypoint}`;
  return uses.some(({ policy: { waypoint } }) => waypoint?.because.length === 1 && waypoint.because[0] === cause);
}

function refuse(context: PlaceContext, { origin, pin, uses }: Pinned, point: PointOfPin): void {
  const use = uses.find(({ policy }) => standsBefore(policy, point)) ?? uses[0];
  const parameters = { rule: origin.id, pin: pinInWords(pin), point: inWords(point) };
  context.report(
    diagnostic('pinned-elsewhere', parameters, pin.span, {
      notes: [
        {
          message:
            use === undefined ? 'its settings are of a gateway, which decides who may call it' : reason(use, point),
        },
      ],
      ...(use && { witness: `${requestOf(use)} is decided at ${inWords(point)}` }),
    }),
  );
}

function standsBefore({ destination, waypoint }: DestinationPolicy, point: PointOfPin): boolean {
  if (point === 'waypoint') return waypoint !== undefined;
  return destination.workloads.some(({ mode }) => mode.plane === (point === 'ztunnel' ? 'ambient' : point));
}

/** Why it has to be decided there. */
function reason({ policy: { destination, waypoint }, obligation: { origin } }: Use, point: PointOfPin): string {
  const at = keyOf(destination);
  if (point === 'sidecar') return `the pods of ${at} have sidecars, which decide what comes to them`;
  if (point === 'ztunnel') {
    return waypoint === undefined
      ? `${at} is ambient, and ztunnel decides what comes to its pods`
      : `whoever comes past waypoint ${keyOf(waypoint)} to the pods of ${at} is known to ztunnel alone`;
  }
  const own = waypoint?.because.find((cause) => cause.startsWith(`${origin.id} `));
  if (own !== undefined) return own;
  const [cause] = waypoint?.because ?? [];
  const front = `behind waypoint ${waypoint ? keyOf(waypoint) : ''} the pods of ${at} see the waypoint and not its callers`;
  return cause === undefined ? front : `${front}, and it is there because ${cause}`;
}

function requestOf({ policy: { destination }, obligation: { callers, ports } }: Use): string {
  const port = ports?.[0]?.label;
  return `a request of ${callers[0]?.label ?? 'anyone'} to ${keyOf(destination)}${port === undefined ? '' : `:${port}`}`;
}

const names: Readonly<Record<PointOfPin, string>> = {
  sidecar: 'sidecars',
  ztunnel: 'ztunnel',
  waypoint: 'a waypoint',
  gateway: 'a gateway',
};

function inWords(point: PointOfPin): string {
  return names[point];
}
