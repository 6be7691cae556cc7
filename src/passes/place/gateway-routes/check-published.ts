import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import type { ManifestObject } from '../../../parse/document.js';
import type { GatewayObject } from '../../../resolve/resolved-traffic.js';
import { type Cluster, type Gateway, keyInMesh, keyOf, selects } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';
import { homeOf } from '../routes/route-objects.js';

/** What a gateway serves, whoever can connect to it may ask for, until a policy for the gateway says otherwise. */
export function checkPublished(
  context: PlaceContext,
  cluster: Cluster,
  gateway: GatewayObject,
  served: ReadonlyArray<Located<string>>,
): void {
  const { rootNamespace } = context.ir.topology.mesh;
  const proxies = [...cluster.gateways.values()].filter(({ listeners }) =>
    listeners.some((listener) => gateway.listeners.includes(listener)),
  );
  const isGuarded = cluster.policies.some((policy) =>
    proxies.some(({ namespace, name, podLabels }) => isFor(policy, { namespace, name, podLabels, rootNamespace })),
  );
  const isSaid = proxies.length > 0 && proxies.every((proxy) => isSpokenOf(context, proxy));
  if (isGuarded || isSaid) return;
  for (const { value, span } of served) {
    context.report(diagnostic('published-to-anyone', { what: value, gateway: keyOf(gateway) }, span));
  }
}

/** Whether settings say who may call a gateway. */
function isSpokenOf({ ir }: PlaceContext, proxy: Gateway): boolean {
  return ir.gatewaySecurity.some(({ gateway }) => keyInMesh(gateway) === keyInMesh(proxy));
}

interface Proxy {
  readonly rootNamespace: string;
  readonly namespace: string;
  readonly name: string;
  readonly podLabels: Readonly<Record<string, string>>;
}

function isFor(policy: ManifestObject, { namespace, name, podLabels, rootNamespace }: Proxy): boolean {
  if (policy.kind !== 'AuthorizationPolicy') return false;
  const home = homeOf(policy);
  const { selector, targetRefs, targetRef } = Object(policy.value.spec);
  const targets: unknown[] = Array.isArray(targetRefs) ? targetRefs : targetRef === undefined ? [] : [targetRef];
  if (targets.length > 0)
    return (
      home === namespace && targets.map(Object).some((target) => target.kind === 'Gateway' && target.name === name)
    );
  const isNear = home === namespace || home === rootNamespace;
  return isNear && selects(Object(selector).matchLabels ?? {}, podLabels);
}
