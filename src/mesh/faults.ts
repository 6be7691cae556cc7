import type { JsonObject, JsonValue } from '../parse/document.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { withoutAuthorizers } from './authorizers-down.js';
import type { Decision } from './decide/decision.js';
import { decide, decideThrough } from './decide.js';
import type { Fault } from './fault-names.js';
import { asArray, asObject, asText } from './json.js';
import type { Mesh } from './mesh.js';
import type { Request } from './request.js';

export type { Fault };

/** The objects as istiod would see them under faults. What breaks only at run time is left to `decideUnder`. */
export function withFaults(objects: readonly ClusterObject[], broken: readonly Fault[]): readonly ClusterObject[] {
  const present = broken.includes('waypoint-missing') ? objects.filter((object) => !isWaypoint(object)) : objects;
  return present.map((object) => broken.reduce(withFault, object));
}

function withFault(each: ClusterObject, fault: Fault): ClusterObject {
  switch (fault) {
    case 'waypoint-not-ready':
      return isWaypoint(each) ? withField(each, 'status', { addresses: [] }) : each;
    case 'jwks-unavailable':
      return each.object.kind === 'RequestAuthentication' ? withField(each, 'spec', withoutKeys(specOf(each))) : each;
    case 'mtls-permissive':
      return each.object.kind === 'PeerAuthentication' ? withField(each, 'spec', permissive(specOf(each))) : each;
    default:
      return each;
  }
}

function isWaypoint({ object }: ClusterObject): boolean {
  return object.kind === 'Gateway' && asText(asObject(object.value.spec)?.gatewayClassName) === 'istio-waypoint';
}

function specOf({ object }: ClusterObject): JsonObject {
  return asObject(object.value.spec) ?? {};
}

function withField({ cluster, object }: ClusterObject, field: string, value: JsonValue): ClusterObject {
  return { cluster, object: { ...object, value: { ...object.value, [field]: value } } };
}

/** istiod puts an unusable key set in the place of one that it cannot fetch: no token of that issuer is valid (§6.3). */
function withoutKeys(spec: JsonObject): JsonObject {
  const jwtRules = asArray(spec.jwtRules).map((rule) => {
    const fields = asObject(rule) ?? {};
    const issuer = asText(fields.issuer);
    return fields.jwks !== undefined || issuer === undefined ? rule : { ...fields, issuer: `${issuer} without keys` };
  });
  return { ...spec, jwtRules };
}

function permissive(spec: JsonObject): JsonObject {
  const relax = (mtls: JsonValue | undefined): JsonValue =>
    asText(asObject(mtls)?.mode) === 'STRICT' ? { mode: 'PERMISSIVE' } : (mtls ?? {});
  const ports = Object.entries(asObject(spec.portLevelMtls) ?? {}).map(([port, mtls]) => [port, relax(mtls)] as const);
  return {
    ...spec,
    ...(spec.mtls !== undefined && { mtls: relax(spec.mtls) }),
    ...(ports.length > 0 && { portLevelMtls: Object.fromEntries(ports) }),
  };
}

/** Decides a request where a waypoint has no pods left, or no authorizer answers; of what is drawn, the most likely. */
export function decideUnder(mesh: Mesh, request: Request, broken: readonly Fault[]): Decision {
  const [first] = decideEachUnder(mesh, request, broken);
  return first ?? decide(mesh, request);
}

/** The same for everything that may become of it behind a gateway. */
export function decideEachUnder(mesh: Mesh, request: Request, broken: readonly Fault[]): readonly Decision[] {
  const subject = broken.includes('ext-authz-down') ? withAuthorizersDown(mesh) : mesh;
  return decideThrough(subject, request).map((decision) => under(decision, broken));
}

function under(decision: Decision, broken: readonly Fault[]): Decision {
  const authorizersDown = broken.includes('ext-authz-down');
  const { path } = decision;
  const first = path.kind === 'path' ? path.hops.find(({ point }) => point.kind !== 'gateway') : undefined;
  if (broken.includes('waypoint-down') && first?.point.kind === 'waypoint') {
    const because = 'the waypoint has an address and no pods, so the connection to it fails (W-32)';
    return { ...decision, verdict: { kind: 'denied', response: 'closed' }, because, trace: [] };
  }
  return authorizersDown ? withoutAuthorizers(decision) : decision;
}

/** Who does not answer changes no request. */
function withAuthorizersDown(mesh: Mesh): Mesh {
  const clusters = [...mesh.clusters].map(([name, cluster]) => [name, { ...cluster, authorizersDown: true }] as const);
  return { ...mesh, clusters: new Map(clusters) };
}
