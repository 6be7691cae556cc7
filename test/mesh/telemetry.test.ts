import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { accessLoggingOf } from '../../src/mesh/telemetry/access-logs.js';
import { applicableAt } from '../../src/mesh/telemetry/applicable.js';
import { metricsOf } from '../../src/mesh/telemetry/metrics.js';
import type { Side } from '../../src/mesh/telemetry/side.js';
import { readTelemetryObject } from '../../src/mesh/telemetry/telemetry-object.js';
import { tracingOf } from '../../src/mesh/telemetry/tracing.js';
import type { ManifestObject } from '../../src/parse/document.js';
import type { IstioVersion } from '../../src/parse/mesh.js';
import { meshOf } from './support/mesh.js';

/** Levels from the widest to the nearest, each as the spec of a Telemetry. */
const levels = (...specs: readonly string[]) =>
  specs.map((spec) => readTelemetryObject({ value: { spec: load(spec) } } as unknown as ManifestObject));

describe('access logs', () => {
  const logs = (side: Side, ...specs: readonly string[]) =>
    [...(accessLoggingOf(levels(...specs), side, () => true) ?? [])].map(([name, { disabled, filter }]) =>
      disabled ? `${name} off` : `${name} ${filter}`.trim(),
    );
  const envoy = 'accessLogging: [{ providers: [{ name: envoy }] }]';

  it('are those of the last level that names providers', () => {
    expect(logs('SERVER', envoy, 'accessLogging: [{ providers: [{ name: otel }] }]')).toEqual(['otel']);
  });

  it('take a filter from beside the provider alone', () => {
    expect(logs('SERVER', envoy, 'accessLogging: [{ filter: { expression: a } }]')).toEqual(['envoy']);
    const own = 'accessLogging: [{ providers: [{ name: envoy }], filter: { expression: a } }]';
    expect(logs('SERVER', envoy, own)).toEqual(['envoy a']);
  });

  it('are off where what came before is disabled, and the MeshConfig’s own where nothing came before', () => {
    const off = 'accessLogging: [{ disabled: true }]';
    expect(logs('SERVER', envoy, off)).toEqual(['envoy off']);
    expect(logs('SERVER', off)).toEqual([' off']);
  });

  it('are told apart by the side', () => {
    const off = 'accessLogging: [{ match: { mode: CLIENT }, providers: [{ name: envoy }], disabled: true }]';
    expect(logs('SERVER', envoy, off)).toEqual(['envoy']);
    expect(logs('CLIENT', envoy, off)).toEqual(['envoy off']);
  });
});

describe('metrics', () => {
  const metrics = (...specs: readonly string[]) => metricsOf(levels(...specs), 'SERVER');
  const override = (text: string) => `metrics: [{ providers: [{ name: prometheus }], overrides: [${text}] }]`;
  const allOff = override('{ match: { metric: ALL_METRICS }, disabled: true }');

  it('add up label by label', () => {
    const first = override('{ match: { metric: ALL_METRICS }, tagOverrides: { a: { operation: REMOVE } } }');
    const second = override('{ match: { metric: REQUEST_COUNT }, tagOverrides: { b: { value: c } } }');
    expect(metrics(first, second).changes.get('REQUEST_COUNT')).toEqual({
      disabled: false,
      labels: new Map([
        ['a', undefined],
        ['b', 'c'],
      ]),
    });
  });

  it('are all on again as soon as a change follows', () => {
    expect(metrics(allOff).allDisabled).toBe(true);
    expect(metrics(allOff, override('{ match: { metric: REQUEST_SIZE }, disabled: true }')).allDisabled).toBe(false);
  });

  it('are off where the last level that names providers leaves out Prometheus', () => {
    expect(metrics('metrics: [{ providers: [{ name: other }] }]').allDisabled).toBe(true);
  });
});

it('spans take each field from the nearest level that has it', () => {
  const wide = 'tracing: [{ providers: [{ name: a }], randomSamplingPercentage: 5, customTags: { x: {} } }]';
  const near = 'tracing: [{ disableSpanReporting: true, customTags: { y: {} } }]';
  const state = { provider: 'a', disabled: true, sampling: 5, tags: { y: {} } };
  expect(tracingOf(levels(wide, near), 'CLIENT')).toEqual(state);
  expect(tracingOf([], 'CLIENT')).toBeUndefined();
});

describe('a waypoint of another namespace', () => {
  const telemetry = (name: string, namespace: string, extent: string) =>
    `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { ${extent}tracing: [{}] }`;
  const manifests = [
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }',
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: infra }',
    `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop, labels: { istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: infra } }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }`,
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: waypoint, namespace: infra }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }]`,
    telemetry('wide', 'infra', ''),
    telemetry('wide', 'shop', ''),
    telemetry('cart', 'shop', 'targetRefs: [{ group: "", kind: Service, name: cart }], '),
    telemetry(
      'gateway',
      'infra',
      'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }], ',
    ),
    telemetry('ignored', 'shop', 'selector: { matchLabels: { app: cart } }, '),
  ].join('\n---\n');

  function obeyed(version: IstioVersion) {
    const at = [...meshOf(manifests, { version }).clusters.values()][0];
    const service = at?.cluster.services.get('shop/cart');
    const waypoint = at?.cluster.waypoints.get('infra/waypoint');
    if (at === undefined || waypoint === undefined) throw new Error('the manifests hold a waypoint');
    const { layers, doubt } = applicableAt({ kind: 'waypoint', waypoint, service }, at);
    return { names: layers.map(({ namespace, object }) => `${namespace}/${object.name}`), doubt };
  }

  it('looks in its own namespace before Istio 1.30.3, and in that of the Service behind it', () => {
    expect(obeyed('1.29')).toEqual({ names: ['infra/wide', 'infra/gateway'], doubt: undefined });
    expect(obeyed('1.31')).toEqual({ names: ['infra/wide', 'shop/wide', 'shop/cart'], doubt: undefined });
    expect(obeyed('1.30').doubt).toBe('the patch release decides where a waypoint looks for Telemetry');
  });
});
