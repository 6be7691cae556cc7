import { moved } from './attachment-mutations.js';
import { at, cut, type Emitted, kindOf, objectOf, put } from './emitted.js';
import { changed, type Mutation, removed, type Variant } from './mutation.js';

const useWaypoint = ['metadata', 'labels', 'istio.io/use-waypoint'] as const;
const ingressUsesWaypoint = ['metadata', 'labels', 'istio.io/ingress-use-waypoint'] as const;
const waypointFor = ['metadata', 'labels', 'istio.io/waypoint-for'] as const;
const mode = ['spec', 'mtls', 'mode'] as const;

/** What mutual TLS, waypoints and enrolment are. */
export const meshMutations: readonly Mutation[] = [
  of('PeerAuthentication', 'peer authentication removed', removed),
  of('PeerAuthentication', 'peer authentication relaxed', (emitted) =>
    at(emitted.value, mode) === 'STRICT' ? [withAt(emitted, mode, 'PERMISSIVE'), withAt(emitted, mode, 'DISABLE')] : [],
  ),
  of('PeerAuthentication', 'mutual TLS turned on', (emitted) =>
    at(emitted.value, mode) === 'DISABLE' ? [withAt(emitted, mode, 'PERMISSIVE')] : [],
  ),
  of('PeerAuthentication', 'peer authentication made strict', (emitted) =>
    at(emitted.value, mode) === 'STRICT' ? [] : [withAt(emitted, mode, 'STRICT')],
  ),
  of('PeerAuthentication', 'port opened to plaintext', (emitted) => {
    if (at(emitted.value, ['spec', 'selector']) === undefined) return [];
    const known = Object.keys(portsOf(emitted)).filter((port) => modeOf(emitted, port) === 'STRICT');
    return [...known, '8080', '65000']
      .filter((port) => modeOf(emitted, port) !== 'PERMISSIVE')
      .map((port) => withAt(emitted, [...ports, port], { mode: 'PERMISSIVE' }));
  }),
  of('PeerAuthentication', 'exception of a port removed', (emitted) =>
    Object.keys(portsOf(emitted)).map((port) => {
      const rest = cut(emitted.value, Object.keys(portsOf(emitted)).length > 1 ? [...ports, port] : ports);
      return changed(emitted, `without port ${port}`, rest);
    }),
  ),
  of('PeerAuthentication', 'exception of another port', (emitted) =>
    Object.entries(portsOf(emitted)).map(([port, value]) => {
      const rest = cut(emitted.value, [...ports, port]);
      return changed(emitted, `port ${port} becomes 1`, put(rest, [...ports, '1'], value));
    }),
  ),
  of('PeerAuthentication', 'peer authentication for other pods', (emitted) =>
    at(emitted.value, ['spec', 'selector']) === undefined
      ? [withAt(emitted, ['spec', 'selector', 'matchLabels'], { no: 'body' })]
      : [withAt(emitted, ['spec', 'selector', 'matchLabels', 'no'], 'body')],
  ),
  of('PeerAuthentication', 'peer authentication in another namespace', (emitted, cluster) => moved(emitted, cluster)),
  of('Gateway', 'waypoint removed', removed),
  of('Gateway', 'waypoint for other traffic', (emitted) =>
    ['workload', 'none'].map((value) => withAt(emitted, waypointFor, value)),
  ),
  of('Gateway', 'waypoint for pods as well', (emitted) => [withAt(emitted, waypointFor, 'all')]),
  of('Gateway', 'waypoint of another class', (emitted) =>
    isWaypoint(emitted) ? [withAt(emitted, ['spec', 'gatewayClassName'], 'istio')] : [],
  ),
  of('Gateway', 'waypoint of another name', (emitted) => [withAt(emitted, ['metadata', 'name'], 'somewhere')]),
  of('Gateway', 'waypoint in another namespace', (emitted, cluster) => moved(emitted, cluster)),
  of('Service', 'enrolment removed', (emitted) => (isEnrolled(emitted) ? removed() : [])),
  of('Service', 'enrolment label removed', (emitted) =>
    isEnrolled(emitted) ? [changed(emitted, 'not enrolled', cut(emitted.value, useWaypoint))] : [],
  ),
  of('Service', 'enrolled elsewhere', (emitted) =>
    isEnrolled(emitted) ? ['none', 'somewhere'].map((name) => withAt(emitted, useWaypoint, name)) : [],
  ),
  of('Service', 'ingress label removed', (emitted) =>
    at(emitted.value, ingressUsesWaypoint) === undefined
      ? []
      : [changed(emitted, 'ingress past the waypoint', cut(emitted.value, ingressUsesWaypoint))],
  ),
];

const ports = ['spec', 'portLevelMtls'] as const;

function of(objectKind: string, kind: string, variants: Mutation['variants']): Mutation {
  return {
    kind,
    variants: (emitted, cluster) => (kindOf(emitted) === objectKind ? variants(emitted, cluster) : []),
  };
}

function withAt(emitted: Emitted, way: Parameters<typeof put>[1], value: Parameters<typeof put>[2]): Variant {
  return changed(emitted, `${way.slice(1).join('.')} ${JSON.stringify(value)}`, put(emitted.value, way, value));
}

function portsOf({ value }: Emitted) {
  return objectOf(at(value, ports));
}

function modeOf(emitted: Emitted, port: string) {
  return at(emitted.value, [...ports, port, 'mode']);
}

function isWaypoint({ value }: Emitted): boolean {
  return at(value, ['spec', 'gatewayClassName']) === 'istio-waypoint';
}

function isEnrolled({ value }: Emitted): boolean {
  return at(value, useWaypoint) !== undefined;
}
