import type { PlacedRoute } from '../ir/policy-ir.js';
import type { JsonObject } from '../parse/document.js';
import { milliseconds } from '../util/duration.js';
import type { Manifest } from './manifest.js';
import { objectComment, ownMetadata, type Provenance } from './provenance.js';

/** The routes of a service at its callers' sidecars: a VirtualService, and a DestinationRule where it has versions. */
export function virtualService(route: PlacedRoute, provenance: Provenance): Manifest[] {
  const purpose = `how requests to ${route.destination.name} are routed, ${route.why}`;
  const objects = [
    ...(route.traffic.versions.length > 0 ? [{ kind: 'DestinationRule', spec: subsets(route) }] : []),
    { kind: 'VirtualService', spec: routes(route) },
  ];
  const { cluster, namespace, name } = route.destination;
  const { origin } = route.traffic;
  return objects.map(({ kind, spec }) => ({
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name, namespace, ...ownMetadata(purpose, [origin]) },
      spec,
    },
    header: objectComment(purpose, [origin], provenance),
    comments: [],
    realises: [origin.id],
  }));
}

function subsets({ destination, traffic }: PlacedRoute): JsonObject {
  return {
    host: destination.service?.host ?? '',
    subsets: traffic.versions.map(({ name, labels }) => ({ name, labels })),
  };
}

function routes({ destination, traffic }: PlacedRoute): JsonObject {
  const host = destination.service?.host ?? '';
  const { timeout, retries, versions } = traffic;
  const perTry = retries?.perTryTimeout?.value;
  const shares = versions.filter(({ weight }) => weight > 0);
  return {
    gateways: ['mesh'],
    hosts: [host],
    http: [
      {
        route:
          shares.length > 0
            ? shares.map(({ name, weight }) => ({ destination: { host, subset: name }, weight }))
            : [{ destination: { host } }],
        ...(timeout && !isNone(timeout) ? { timeout } : {}),
        ...(retries
          ? {
              retries: {
                attempts: retries.attempts,
                ...(perTry && !isNone(perTry) ? { perTryTimeout: perTry } : {}),
                ...(retries.retryOn.length > 0 ? { retryOn: [...retries.retryOn].sort().join(',') } : {}),
              },
            }
          : {}),
      },
    ],
  };
}

/** No time limit at all, which a VirtualService says by silence: its CRD takes no duration below 1ms. */
function isNone(duration: string): boolean {
  return milliseconds(duration) === 0;
}
