import { diagnostic } from '../../../diagnostics/create.js';
import type { Origin } from '../../../resolve/resolved.js';
import { type Cluster, keyInMesh, keyOf } from '../../../topology/model.js';
import { clusterOf } from '../../clusters.js';
import type { PlaceContext } from '../context.js';

/** Where rules name several authorizers for one proxy, Istio asks none of them and refuses (istio-security §7). */
export function checkAuthorizers(context: PlaceContext): void {
  const first = new Map<string, Asking>();
  for (const asking of askingIn(context)) {
    if (asksSeveral(asking.cluster)) continue;
    const known = first.get(asking.key) ?? asking;
    first.set(asking.key, known);
    if (known.authorizer !== asking.authorizer) reportSecond(context, known, asking);
  }
}

/** One proxy that one rule has ask an authorizer. */
interface Asking {
  readonly cluster: Cluster;
  /** Of the workload or gateway: in the whole mesh, and as people call it. */
  readonly key: string;
  readonly name: string;
  readonly authorizer: string;
  readonly origin: Origin;
}

function askingIn(context: PlaceContext): readonly Asking[] {
  const { destinations, gatewaySecurity, topology } = context.ir;
  const atWorkloads = destinations.flatMap((policy) =>
    policy.obligations.flatMap(({ authorizer, origin }) =>
      authorizer === undefined
        ? []
        : policy.destination.workloads.map((workload) => ({
            cluster: context.clusterOf(policy),
            key: keyInMesh(workload),
            name: keyOf(workload),
            authorizer,
            origin,
          })),
    ),
  );
  const atGateways = gatewaySecurity.flatMap(({ gateway, asked }) =>
    asked.map(({ authorizer, origin }) => ({
      cluster: clusterOf(topology, gateway.cluster),
      key: `gateway ${keyInMesh(gateway)}`,
      name: keyOf(gateway),
      authorizer,
      origin,
    })),
  );
  return [...atWorkloads, ...atGateways];
}

function asksSeveral({ settings: { istio } }: Cluster): boolean {
  return istio.version >= '1.30' && istio.flags.PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS === true;
}

function reportSecond(context: PlaceContext, first: Asking, second: Asking): void {
  const parameters = {
    workload: second.name,
    first: first.authorizer,
    second: second.authorizer,
    version: second.cluster.settings.istio.version,
  };
  const notes = [{ message: 'the other rule is here', span: first.origin.span }];
  context.report(diagnostic('several-authorizers', parameters, second.origin.span, { notes }));
}
