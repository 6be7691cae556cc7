import type { ManifestObject } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import { asLabels, asObject } from '../json.js';
import { checkDestinationRule } from './check-destination-rule.js';
import { checkGateway } from './check-gateway.js';
import { checkServiceEntry } from './check-service-entry.js';
import { checkSidecar } from './check-sidecar.js';
import { checkVirtualService } from './check-virtual-service.js';
import { checkHttpRoute } from './gateway-api/check-http-route.js';
import { checkConnectionRoute, checkGrpcRoute } from './gateway-api/check-other-routes.js';
import type { Judged, Refusal } from './refusal.js';

const checks: ReadonlyMap<string, (judged: Judged) => readonly Refusal[]> = new Map([
  ['networking.istio.io/VirtualService', checkVirtualService],
  ['networking.istio.io/DestinationRule', checkDestinationRule],
  ['networking.istio.io/ServiceEntry', checkServiceEntry],
  ['networking.istio.io/Gateway', checkGateway],
  ['networking.istio.io/Sidecar', checkSidecar],
  ['gateway.networking.k8s.io/HTTPRoute', checkHttpRoute],
  ['gateway.networking.k8s.io/GRPCRoute', checkGrpcRoute],
  ['gateway.networking.k8s.io/TLSRoute', checkConnectionRoute],
  ['gateway.networking.k8s.io/TCPRoute', checkConnectionRoute],
]);

/** What the cluster refuses of an object of routing: it is then not there, and nobody reads it. */
export function refusalsOf(object: ManifestObject, version: IstioVersion): readonly Refusal[] {
  return refusals(version)(object);
}

const refusals = oncePer((version: IstioVersion) =>
  oncePerObject(({ apiVersion, kind, namespace = 'default', value }: ManifestObject): readonly Refusal[] => {
    const check = checks.get(`${apiVersion.split('/')[0]}/${kind}`);
    const spec = asObject(value.spec) ?? {};
    return check?.({ spec, namespace, labels: asLabels(asObject(value.metadata)?.labels), version }) ?? [];
  }),
);
