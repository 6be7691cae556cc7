import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { type IstioGateway, isOfProfile, istioGatewaysIn } from './istio-gateways.js';
import { lawsOf } from './shown.js';

/**
 * One of Istio's own Gateways that selects no pods: whatever is bound to it is served nowhere (S-01). Where no gateway that
 * somebody deployed himself is given, its pods are probably kept elsewhere.
 */
export function gatewaysForNothing({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    const isGiven = [...at.cluster.gateways.values()].some(({ kind }) => kind === 'classic');
    const name = isGiven ? 'gateway-for-nothing' : 'gateway-pods-not-given';
    return istioGatewaysIn(at)
      .filter(
        (gateway) => gateway.pods.length === 0 && !isOfProfile(gateway) && Object.keys(gateway.selector).length > 0,
      )
      .map(({ object }) =>
        diagnostic(name, { gateway: describe(object) }, spanIn(object, ['spec', 'selector']), {
          ...lawsOf(
            'it is for the pods of gateways that its selector fits, in any namespace (istio-traffic-topology S-01)',
            'no request shows it: the manifests have no pod that would take one',
          ),
        }),
      );
  });
}

/** The ports of the Service, and of the pods, of the gateways in Istio's own profiles. */
const profilePorts = [80, 443, 8080, 8443, 15021, 15443, 31400];

/** A server on a port to which no Service leads (S-01). */
export function serversOutOfReach({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    istioGatewaysIn(at).flatMap((gateway) => {
      const ports = portsOf(gateway);
      if (ports === undefined) return [];
      return gateway.servers
        .filter(({ port }) => !ports.includes(port))
        .map(({ port, path, object }) => {
          const why =
            gateway.pods.length === 0
              ? 'the Service of Istio’s own gateway does not lead'
              : 'no Service in front of its pods leads';
          const parameters = { gateway: describe(object), port, why };
          return diagnostic('server-out-of-reach', parameters, spanIn(object, [...path, 'port', 'number']), {
            witness: `a connection to port ${port} of the gateway’s Service gets no answer`,
            ...lawsOf(
              'a server is on the port of the pods to which its port of the Service leads (istio-security §2.10)',
            ),
          });
        });
    }),
  );
}

/** `undefined` where no Service is known. */
function portsOf(gateway: IstioGateway): readonly number[] | undefined {
  if (gateway.pods.length === 0) return isOfProfile(gateway) ? profilePorts : undefined;
  const known = gateway.pods.flatMap(({ ports }) => (ports === undefined ? [] : [ports]));
  if (known.length === 0) return undefined;
  return known.flat().flatMap(({ port, podPort }) => [port, ...(podPort === undefined ? [] : [podPort])]);
}
