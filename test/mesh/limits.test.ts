import { describe, expect, it } from 'vitest';
import { limitsAt } from '../../src/mesh/limits/limits-at.js';
import { meshOf } from './support/mesh.js';

const filter = {
  '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
  stat_prefix: 'burst',
  filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
  filter_enforced: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
  token_bucket: { max_tokens: 5, tokens_per_fill: 5, fill_interval: '1s' },
};

const patch = {
  applyTo: 'HTTP_FILTER',
  match: {
    context: 'SIDECAR_INBOUND',
    listener: {
      filterChain: {
        destinationPort: 8080,
        filter: {
          name: 'envoy.filters.network.http_connection_manager',
          subFilter: { name: 'envoy.filters.http.router' },
        },
      },
    },
  },
  patch: { operation: 'INSERT_BEFORE', value: { name: 'limit', typed_config: filter } },
};

/** What is counted on a port of `shop/cart`, by an EnvoyFilter with these patches. */
function counted(port: number, patches: readonly object[] = [patch], { annotations = '', more = '' } = {}) {
  const manifests = [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }',
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: cart, namespace: shop }
spec: { template: { metadata: { labels: { app: cart }, annotations: { ${annotations} } }, spec: { containers: [{ name: app }] } } }`,
    `apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: { name: limits, namespace: shop }
spec: ${JSON.stringify({ workloadSelector: { labels: { app: 'cart' } }, configPatches: patches })}`,
    ...(more === '' ? [] : [more]),
  ].join('\n---\n');
  const [at] = meshOf(manifests).clusters.values();
  const workload = at?.cluster.workloads.get('shop/cart');
  if (at === undefined || workload === undefined) throw new Error('the manifests hold a workload');
  const { patches: found, unread } = limitsAt({ kind: 'sidecar', workload }, { port }, at);
  return {
    limits: found.flatMap(({ counts }) => (counts.kind === 'local' ? [counts.limit.requests] : [])),
    unread: unread.map(({ kind }) => kind),
  };
}

describe('limits at a sidecar', () => {
  it('are those of the chain of a port', () => {
    expect(counted(8080)).toEqual({ limits: [5], unread: [] });
    expect(counted(9090)).toEqual({ limits: [], unread: [] });
  });

  it('are not read in another shape', () => {
    const elsewhere = { ...patch, match: { context: 'GATEWAY' } };
    const half = { ...patch, patch: { ...patch.patch, operation: 'ADD' } };
    expect(counted(8080, [patch, elsewhere]).unread).toEqual(['EnvoyFilter']);
    expect(counted(8080, [half]).unread).toEqual(['EnvoyFilter']);
  });

  it('may be taken out again by what removes filters', () => {
    const removal = { applyTo: 'HTTP_FILTER', patch: { operation: 'REMOVE' } };
    expect(counted(8080, [patch, removal])).toEqual({ limits: [5], unread: ['EnvoyFilter'] });
  });

  it('are none on a port that the sidecar does not take in', () => {
    const annotations = 'traffic.sidecar.istio.io/excludeInboundPorts: "8080"';
    expect(counted(8080, [patch], { annotations }).limits).toEqual([]);
  });

  it('are open where a Sidecar has listeners of its own', () => {
    const more = `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: own, namespace: shop }
spec: { ingress: [{ port: { number: 9080, protocol: HTTP, name: http }, defaultEndpoint: "127.0.0.1:8080" }] }`;
    expect(counted(8080, [patch], { more }).unread).toEqual(['Sidecar']);
  });
});
