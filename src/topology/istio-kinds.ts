import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../parse/document.js';
import { didYouMean, suggest } from '../util/suggest.js';
import { describe } from './fields.js';

/** The versions in which Istio 1.28 to 1.31 serve their kinds, the preferred one first; by group. */
const served: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'security.istio.io': {
    AuthorizationPolicy: ['v1', 'v1beta1'],
    PeerAuthentication: ['v1', 'v1beta1'],
    RequestAuthentication: ['v1', 'v1beta1'],
  },
  'networking.istio.io': {
    DestinationRule: ['v1', 'v1beta1', 'v1alpha3'],
    EnvoyFilter: ['v1alpha3'],
    Gateway: ['v1', 'v1beta1', 'v1alpha3'],
    ProxyConfig: ['v1beta1'],
    ServiceEntry: ['v1', 'v1beta1', 'v1alpha3'],
    Sidecar: ['v1', 'v1beta1', 'v1alpha3'],
    VirtualService: ['v1', 'v1beta1', 'v1alpha3'],
    WorkloadEntry: ['v1', 'v1beta1', 'v1alpha3'],
    WorkloadGroup: ['v1', 'v1beta1', 'v1alpha3'],
  },
  'telemetry.istio.io': { Telemetry: ['v1', 'v1alpha1'] },
};

/** An object of a kind or version that its group does not have: the API server refuses it. */
export function checkIstioKind(object: ManifestObject): readonly Diagnostic[] {
  const [group = '', version = ''] = object.apiVersion.split('/');
  const kinds = Object.hasOwn(served, group) ? served[group] : undefined;
  if (kinds === undefined) return [];
  const versions = Object.hasOwn(kinds, object.kind) ? kinds[object.kind] : undefined;
  if (versions === undefined) {
    return [refused(object, 'kind', didYouMean(suggest(object.kind, Object.keys(kinds))))];
  }
  if (versions.includes(version)) return [];
  return [refused(object, 'apiVersion', { help: `write \`apiVersion: ${group}/${versions[0]}\`` })];
}

function refused(object: ManifestObject, field: 'apiVersion' | 'kind', details: { help?: string }): Diagnostic {
  const { apiVersion, kind } = object;
  return diagnostic(
    'unknown-istio-kind',
    { object: describe(object), apiVersion, kind },
    spanIn(object, [field]),
    details,
  );
}
