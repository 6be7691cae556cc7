import type { ManifestObject } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { misfitsOfSchema } from '../../topology/schemas/shapes-of-kinds.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import { asLabels, asObject } from '../json.js';
import { checkDestinationRule } from './check-destination-rule.js';
import { checkGateway } from './check-gateway.js';
import { checkServiceEntry } from './check-service-entry.js';
import { checkSidecar } from './check-sidecar.js';
import { checkVirtualService } from './check-virtual-service.js';
import { checkHttpRoute } from './gateway-api/check-http-route.js';
import { checkConnectionRoute, checkGrpcRoute } from './gateway-api/check-other-routes.js';
import { by, type Judged, type Refusal } from './refusal.js';

/** How a kind is judged: the law of its schema, and what else is asked of it. */
interface Admission {
  readonly law: string;
  readonly check: (judged: Judged) => readonly Refusal[];
}

const ofIstio = 'L-09';

const admissions: ReadonlyMap<string, Admission> = new Map([
  ['networking.istio.io/VirtualService', { law: ofIstio, check: checkVirtualService }],
  ['networking.istio.io/DestinationRule', { law: ofIstio, check: checkDestinationRule }],
  ['networking.istio.io/ServiceEntry', { law: ofIstio, check: checkServiceEntry }],
  ['networking.istio.io/Gateway', { law: ofIstio, check: checkGateway }],
  ['networking.istio.io/Sidecar', { law: ofIstio, check: checkSidecar }],
  ['gateway.networking.k8s.io/HTTPRoute', { law: 'L-06', check: checkHttpRoute }],
  ['gateway.networking.k8s.io/GRPCRoute', { law: 'L-07', check: checkGrpcRoute }],
  ['gateway.networking.k8s.io/TLSRoute', { law: 'L-07', check: checkConnectionRoute }],
  ['gateway.networking.k8s.io/TCPRoute', { law: 'L-07', check: checkConnectionRoute }],
]);

/** What the cluster refuses of an object of routing: it is then not there, and nobody reads it. */
export function refusalsOf(object: ManifestObject, version: IstioVersion): readonly Refusal[] {
  return refusals(version)(object);
}

const refusals = oncePer((version: IstioVersion) =>
  oncePerObject((object: ManifestObject): readonly Refusal[] => {
    const { apiVersion, kind, namespace = 'default', value } = object;
    const admission = admissions.get(`${apiVersion.split('/')[0]}/${kind}`);
    if (admission === undefined) return [];
    const misfits = by(admission.law, misfitsOfSchema(object));
    // The API server looks at the shape first: what the fields mean is nothing while that is wrong.
    if (misfits.length > 0) return misfits;
    const spec = asObject(value.spec) ?? {};
    const labels = asLabels(asObject(value.metadata)?.labels);
    return admission.check({ apiVersion, spec, namespace, labels, version });
  }),
);
