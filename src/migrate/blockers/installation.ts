import { diagnostic } from '../../diagnostics/create.js';
import { isManaged, type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { alreadyReported, describe, itemsAt, labelsAt, mappingAt, textAt } from '../../topology/fields.js';
import type { Blocker } from './context.js';

/** A cluster whose control plane is elsewhere: ambient needs istiod beside ztunnel (B-04). */
export const remoteControlPlanes: Blocker = ({ objects, moving }) =>
  moving.length === 0
    ? []
    : objects.flatMap((object) => {
        const path = remoteSign(object);
        return path === undefined
          ? []
          : [diagnostic('migrate-remote-control-plane', { object: describe(object) }, spanIn(object, path))];
      });

const remoteProfiles: ReadonlySet<string | undefined> = new Set(['remote', 'istio-remote', 'external']);

/** Where an installation says that another cluster's istiod is meant. */
function remoteSign(object: ManifestObject): Path | undefined {
  if (object.kind === 'MutatingWebhookConfiguration') return remoteWebhook(object);
  if (object.kind !== 'IstioOperator' && object.kind !== 'Istio') return undefined;
  if (remoteProfiles.has(textAt(object, ['spec', 'profile'], alreadyReported))) return ['spec', 'profile'];
  return [
    ['spec', 'values', 'global', 'remotePilotAddress'],
    ['spec', 'values', 'istiodRemote', 'injectionURL'],
  ].find((path) => textAt(object, path, alreadyReported));
}

/** An injector at an address: that of the cluster itself is named by its Service. */
function remoteWebhook(object: ManifestObject): Path | undefined {
  if (!object.name.startsWith('istio-sidecar-injector')) return undefined;
  return itemsAt(object, ['webhooks'], alreadyReported)
    .map((webhook) => [...webhook, 'clientConfig', 'url'])
    .find((path) => textAt(object, path, alreadyReported));
}

/** Unknown hosts are refused by sidecars alone (B-11). */
export const registryOnly: Blocker = registryOnlyAs('migrate-registry-only');

export function registryOnlyAs(name: 'migrate-registry-only' | 'migrate-back-registry-only'): Blocker {
  return ({ cluster, objects, moving, at }) => {
    const { outboundTrafficPolicy } = cluster.settings.istio;
    const spoken = cluster.sidecars
      .map((object) => ({ object, path: ['spec', 'outboundTrafficPolicy', 'mode'] }))
      .filter(({ object, path }) => textAt(object, path, alreadyReported) === 'REGISTRY_ONLY')
      .filter(({ object }) =>
        moving.some(({ namespace }) => [namespace, at.rootNamespace].includes(object.namespace ?? 'default')),
      );
    const bySidecars = spoken.map(({ object, path }) =>
      diagnostic(name, { place: describe(object) }, spanIn(object, path)),
    );
    if (outboundTrafficPolicy !== 'REGISTRY_ONLY' || moving.length === 0) return bySidecars;
    const mesh = objects.find(({ kind, name }) => kind === 'ConfigMap' && name === 'istio');
    const place = mesh === undefined ? 'the MeshConfig' : describe(mesh);
    return [diagnostic(name, { place }, mesh ? spanIn(mesh) : cluster.settings.span), ...bySidecars];
  };
}

const oldestBundle = [1, 1];

/** Waypoints are Gateways of the Gateway API, so its CRDs have to be there (B-26). */
export const gatewayApi: Blocker = ({ objects, moving }) => {
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (definitions.length === 0 || moving.length === 0) return [];
  const gateways = definitions.find(({ name }) => name === 'gateways.gateway.networking.k8s.io');
  if (gateways === undefined) {
    const isOfIstio = definitions.find(({ name }) => name.endsWith('.istio.io'));
    return isOfIstio === undefined
      ? []
      : [diagnostic('migrate-gateway-api', { what: 'are not installed' }, spanIn(isOfIstio))];
  }
  const bundle = labelsAt(gateways, ['metadata', 'annotations'], alreadyReported)[bundleKey];
  if (bundle === undefined || !isOlder(bundle)) return [];
  return [
    diagnostic(
      'migrate-gateway-api',
      { what: `are of release ${bundle}` },
      spanIn(gateways, ['metadata', 'annotations', bundleKey]),
    ),
  ];
};

const bundleKey = 'gateway.networking.k8s.io/bundle-version';

function isOlder(bundle: string): boolean {
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(bundle) ?? [];
  const [oldMajor = 0, oldMinor = 0] = oldestBundle;
  return Number(major) < oldMajor || (Number(major) === oldMajor && Number(minor) < oldMinor);
}

/** What sidecars are told of the mesh they see (B-10). */
export const sidecarResources: Blocker = ({ cluster, moving, at }) =>
  cluster.sidecars
    .filter((object) => {
      const { namespace = 'default', value } = object;
      const spec = Object(value.spec);
      const isSaying = spec.egress !== undefined || spec.ingress !== undefined;
      return (
        isSaying &&
        !isManaged(object) &&
        moving.some((workload) => [workload.namespace, at.rootNamespace].includes(namespace))
      );
    })
    .map((object) => {
      const field = mappingOrList(object, 'ingress') ? 'ingress' : 'egress';
      return diagnostic(
        'migrate-sidecar-resource',
        { object: describe(object), field },
        spanIn(object, ['spec', field], 'key'),
      );
    });

function mappingOrList(object: ManifestObject, field: string): boolean {
  return Object(mappingAt(object, ['spec'], alreadyReported))[field] !== undefined;
}
