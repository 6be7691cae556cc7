import type { LimitedChain, PlacedRateLimits } from '../../ir/placed-limits.js';
import type { JsonObject } from '../../parse/document.js';
import type { Origin } from '../../resolve/resolved.js';
import type { ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import { attachment } from '../attachment.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance, ruleComment } from '../provenance.js';
import { localFilter } from './local-filter.js';
import { sharedFilter } from './shared-filter.js';

/** Limits as filters of Envoy’s in front of what routes the request: one for each limit of a proxy’s own, one for each service. */
export function envoyFilter(placed: PlacedRateLimits, provenance: Provenance): Manifest {
  const { cluster, namespace, name, chains, limits, purpose, origin } = placed;
  const origins = [origin, ...limits.map((limit) => limit.origin)];
  const patches = filtersOf(limits).flatMap((filter) => chains.map((chain) => ({ filter, chain })));
  return {
    cluster,
    phase: '20-policies',
    object: {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name, namespace, ...extensionMetadata(placed, origins) },
      spec: {
        ...selected(placed),
        configPatches: patches.map(({ filter, chain }) => patch(filter, chain)),
      },
    },
    header: [...objectComment(purpose, [origin], provenance), ...(provenance === 'none' ? [] : [warning])],
    comments: patches.map(({ filter }, index) => ({
      path: ['spec', 'configPatches', index],
      lines: ruleComment(filter.origins, [], provenance),
    })),
    realises: origins.map(({ id }) => id),
  };
}

const warning = 'an extension of Envoy’s, which a later release of Istio may take otherwise: try it before an upgrade';

function extensionMetadata({ purpose, limits, chains }: PlacedRateLimits, origins: readonly Origin[]) {
  const { labels, annotations } = ownMetadata(purpose, origins);
  const isAtSidecars = chains.some((chain) => 'destinationPort' in chain);
  const asked = isAtSidecars ? [] : sortedUnique(limits.flatMap(({ through }) => through?.host ?? []));
  // A waypoint, and a gateway that may leave Services out, know of those alone that are named here (F-64).
  const known = asked.length === 0 ? {} : { 'envoyfilter.istio.io/referenced-services': asked.join(',') };
  return { labels, annotations: { ...annotations, 'ambit.dev/extension': 'true', ...known } };
}

interface Filter {
  readonly origins: readonly Origin[];
  readonly value: JsonObject;
}

function filtersOf(limits: readonly ResolvedRateLimit[]): readonly Filter[] {
  const shared = groupBy(
    limits.filter(({ through }) => through !== undefined),
    ({ through }) => through?.name,
  );
  return [
    ...limits
      .filter(({ through }) => through === undefined)
      .map((limit) => ({ origins: [limit.origin], value: localFilter(limit) })),
    ...[...shared.values()].flatMap((asked) => {
      const service = asked[0]?.through;
      return service ? [{ origins: asked.map(({ origin }) => origin), value: sharedFilter(service, asked) }] : [];
    }),
  ];
}

function selected({ attachment: attached }: PlacedRateLimits): JsonObject {
  return attached.kind === 'selector' ? { workloadSelector: { labels: attached.labels } } : attachment(attached);
}

function patch({ value }: Filter, chain: LimitedChain): JsonObject {
  return {
    applyTo: 'HTTP_FILTER',
    match: 'portNumber' in chain ? beforeRouter('GATEWAY', chain, {}) : beforeRouter('SIDECAR_INBOUND', {}, chain),
    patch: { operation: 'INSERT_BEFORE', value },
  };
}

function beforeRouter(context: string, listener: JsonObject, filterChain: JsonObject): JsonObject {
  const filter = {
    name: 'envoy.filters.network.http_connection_manager',
    subFilter: { name: 'envoy.filters.http.router' },
  };
  return { context, listener: { ...listener, filterChain: { ...filterChain, filter } } };
}
