import type { Way } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asObject, asTexts } from '../../mesh/json.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type Waypoint } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { type MeshRoute, meshRoutesOf, requestNearby } from './routes.js';

/** A route for a Service that ambient callers reach without passing anything that would read it (I-01, T-01). */
export function routesNobodyReads(context: LintContext): readonly Diagnostic[] {
  const { clusterDomain } = context.mesh.topology.mesh;
  return [...context.mesh.clusters.values()].flatMap((at) =>
    meshRoutesOf(at, clusterDomain).flatMap((route) => {
      const found = firstOf(context.sitesBehind.get(route.service) ?? [], (site) => unread(context, route, site));
      if (found === undefined) return [];
      const { object, service, place } = route;
      const parameters = { kind: object.kind, route: nameOf({ ...object, namespace: route.namespace }) };
      const span = spanIn(object, place);
      const details = { ...proofOf(found.evidence, found.law), help: found.help };
      return diagnostic('route-not-read', { ...parameters, service: keyOf(service), why: found.why }, span, details);
    }),
  );
}

interface Unread {
  readonly why: string;
  readonly law: string;
  readonly help: string;
  readonly evidence: Evidence;
}

/** A request of an ambient caller nearby that gets in, and that nobody on its way routes. */
function unread(context: LintContext, route: MeshRoute, { plan }: PodSite): Unread | undefined {
  if (plan.lane.destination.kind !== 'service' || plan.lane.payload !== 'http') return undefined;
  return firstOf(plan.ways, (way) => {
    const reason = reasonFor(route, way);
    if (reason === undefined) return undefined;
    const evidence = requestNearby(context, route, way, plan.lane.destination);
    return evidence && { ...reason, evidence };
  });
}

function reasonFor(route: MeshRoute, way: Way): Omit<Unread, 'evidence'> | undefined {
  if (way.stop !== undefined || way.representative.caller.speaks !== 'ambient') return undefined;
  const waypoint = waypointOn(way);
  if (waypoint === undefined) {
    return {
      why: 'no waypoint serves it for callers in ambient, and ztunnel routes nothing',
      law: 'in ambient routes are read at a waypoint, and nowhere else (istio-traffic-topology I-01)',
      help: `label Service \`${keyOf(route.service)}\` \`istio.io/use-waypoint\` with the name of a waypoint`,
    };
  }
  const near = [...new Set([route.service.namespace, waypoint.namespace])];
  if (!near.includes(route.namespace)) {
    return {
      why: `waypoint \`${keyOf(waypoint)}\` reads routes of ${near.map((name) => `namespace \`${name}\``).join(' and ')} only`,
      law: 'a waypoint reads no routes of the namespaces of callers (istio-traffic-topology T-01, I-01c)',
      help: `move it to namespace \`${route.service.namespace}\``,
    };
  }
  if (route.namespace === waypoint.namespace || !isPrivate(route)) return undefined;
  return {
    why: `it is exported to its own namespace, and waypoint \`${keyOf(waypoint)}\` is in another`,
    law: 'a waypoint reads what its own namespace can see (istio-traffic-topology T-06)',
    help: 'leave out `exportTo`',
  };
}

function waypointOn({ gates }: Way): Waypoint | undefined {
  const [first] = gates;
  return first?.hop.point.kind === 'waypoint' ? first.hop.point.waypoint : undefined;
}

function isPrivate({ object }: MeshRoute): boolean {
  const exportTo = asTexts(asObject(object.value.spec)?.exportTo);
  return exportTo.length > 0 && exportTo.every((place) => place === '.');
}
