import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { claimsIn } from '../../mesh/admission/http-match.js';
import { asObject } from '../../mesh/json.js';
import { inNamespaces, type MeshCluster } from '../../mesh/mesh.js';
import type { Route } from '../../mesh/routes/route.js';
import { spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { selects } from '../../topology/model.js';
import type { LintContext } from '../context.js';
import { type GatewayPod, isOfProfile, istioGatewaysIn } from './istio-gateways.js';
import { writtenRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A route at a gateway that asks for claims of tokens which nobody validates there: it matches nobody (S-06). */
export function claimsNotRead(context: LintContext): readonly Diagnostic[] {
  return writtenRoutes(context).flatMap(({ at, route }) =>
    route.objects.flatMap((object) => {
      const claims = claimsIn(asObject(object.value.spec)?.http, ['spec', 'http']);
      const gateway = claims.length === 0 ? undefined : gatewayWithoutTokens(at, route);
      if (gateway === undefined) return [];
      return claims.map(({ place, name }) =>
        diagnostic('claim-not-read', { route: describe(object), claim: name, gateway }, spanIn(object, place, 'key'), {
          witness: `a request with any token at \`${gateway}\` has no claims: this match is not met`,
          ...lawsOf(
            'claims are there once a RequestAuthentication has validated the token (istio-traffic-topology S-06)',
          ),
        }),
      );
    }),
  );
}

function gatewayWithoutTokens(at: MeshCluster, { attachments }: Route): string | undefined {
  const keys = attachments.flatMap((each) => (each.kind === 'gateway' && each.api === 'istio' ? [each.gateway] : []));
  const bound = istioGatewaysIn(at).filter(({ key }) => keys.includes(key));
  return bound.find((gateway) => {
    const installed = isOfProfile(gateway) ? [podOfProfile(at, gateway.selector)] : [];
    const pods = gateway.pods.length === 0 ? installed : gateway.pods;
    return pods.some((pod) => !validatesTokens(at, pod));
  })?.key;
}

function podOfProfile({ rootNamespace }: MeshCluster, labels: GatewayPod['labels']): GatewayPod {
  return { namespace: rootNamespace, labels, ports: undefined };
}

function validatesTokens(at: MeshCluster, { namespace, labels }: GatewayPod): boolean {
  return inNamespaces(at.requestAuthentication, at.rootNamespace, namespace).some(({ scope }) => {
    if (scope.kind === 'selector') return selects(scope.matchLabels ?? {}, labels);
    return scope.kind === 'namespace';
  });
}
