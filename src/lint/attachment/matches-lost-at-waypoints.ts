import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject } from '../../mesh/json.js';
import { type JsonValue, type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { keyOf, type Waypoint } from '../../topology/model.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, proofOf } from '../evidence.js';
import { type MeshRoute, meshRoutesOf, requestNearby } from './routes.js';

/** A match by the labels or the namespace of callers, which a waypoint drops or compares with its own (T-12, T-13). */
export function matchesLostAtWaypoints(context: LintContext): readonly Diagnostic[] {
  const { clusterDomain } = context.mesh.topology.mesh;
  return [...context.mesh.clusters.values()].flatMap((at) =>
    meshRoutesOf(at, clusterDomain).flatMap((route) => {
      const matches = callerMatchesIn(route.object);
      const waypointPath = matches.length === 0 ? undefined : pathThroughWaypoint(context, route);
      if (waypointPath === undefined) return [];
      return matches.map(({ field, why, place }) => {
        const name = nameOf({ ...route.object, namespace: route.namespace });
        const parameters = { field, why, route: name, waypoint: keyOf(waypointPath.waypoint) };
        const law = 'who calls is not known to the routes of a waypoint (istio-traffic-topology T-12, T-13)';
        const span = spanIn(route.object, place, 'key');
        return diagnostic('match-lost-at-waypoint', parameters, span, proofOf(waypointPath.evidence, law));
      });
    }),
  );
}

interface CallerMatch {
  readonly field: string;
  readonly why: string;
  readonly place: Path;
}

const consequences = {
  sourceLabels: 'the match is dropped',
  sourceNamespace: 'it is compared with the namespace of the waypoint',
} as const;

function callerMatchesIn({ value }: ManifestObject): readonly CallerMatch[] {
  return asArray(asObject(value.spec)?.http).flatMap((rule, ruleIndex) =>
    asArray(asObject(rule)?.match).flatMap((match, matchIndex) =>
      Object.entries(consequences).flatMap(([field, why]) => {
        const written: JsonValue | undefined = asObject(match)?.[field];
        const place = ['spec', 'http', ruleIndex, 'match', matchIndex, field];
        return written === undefined ? [] : [{ field, why, place }];
      }),
    ),
  );
}

interface Passed {
  readonly waypoint: Waypoint;
  readonly evidence: Evidence;
}

/** A request for the Service that goes through its waypoint, and gets in. */
function pathThroughWaypoint(context: LintContext, route: MeshRoute): Passed | undefined {
  return firstOf(context.sitesBehind.get(route.service) ?? [], ({ plan: { lane, ways } }) =>
    firstOf(ways, (way) => {
      const point = way.gates[0]?.hop.point;
      if (point?.kind !== 'waypoint' || point.service === undefined) return undefined;
      const evidence = requestNearby(context, route, way, lane.destination);
      return evidence && { waypoint: point.waypoint, evidence };
    }),
  );
}
