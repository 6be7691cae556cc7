import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compile, type Source } from '../src/pipeline.js';
import { describeWithShared, sharedDirectory } from './support/shared.js';

/** The tasks that Istio publishes, as intents over the applications that it publishes them with, on both data planes. */
const options = { today: '2026-06-01' } as const;

const planes = ['istio.io/dataplane-mode: ambient', 'istio-injection: enabled'];

function surroundings(label: string): readonly Source[] {
  const spec = 'spec: { clusters: [{ name: main, istio: { version: "1.30" } }] }';
  return [
    { path: 'mesh.yaml', text: `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: main }\n${spec}\n` },
    {
      path: 'namespace.yaml',
      text: `apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { ${label} } }\n`,
    },
  ];
}

function manifest(path: string): Source {
  return { path, text: readFileSync(join(sharedDirectory, 'realworld', path), 'utf8') };
}

function settings(scope: string, body: string): Source {
  const head = 'apiVersion: ambit.dev/v1alpha1\nkind: TrafficSettings\nmetadata: { name: task }\n';
  return { path: 'intents.yaml', text: `${head}spec:\n  scope: ${scope}\n${body}` };
}

/** What is emitted, once nothing is left undecided. */
function provedKinds(sources: readonly Source[]): readonly string[] {
  const { diagnostics, manifests, proof } = compile(sources, options);
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  expect(proof?.traffic.open ?? []).toEqual([]);
  expect(proof?.endpoints.open ?? []).toEqual([]);
  return [...new Set(manifests.map(({ object }) => object.kind))];
}

const versions = '  versions:\n    v1: { labels: { version: v1 } }\n    v3: { labels: { version: v3 } }\n';

const tasks: Readonly<Record<string, Source>> = {
  'request routing': settings(
    '{ service: default/reviews }',
    `${versions}  routes:
    - { name: testers, match: [{ headers: { end-user: [jason] } }], to: [{ version: v3 }] }
    - { name: rest, to: [{ version: v1 }] }
`,
  ),
  'fault injection': settings(
    '{ service: default/ratings }',
    `  routes:
    - name: testers
      match: [{ headers: { end-user: [jason] } }]
      to: [{ service: ratings }]
      faults: [{ name: late, delay: 7s, percent: 100, until: 2026-12-31 }]
    - { name: rest, to: [{ service: ratings }] }
`,
  ),
  'traffic shifting': settings('{ service: default/reviews }', `${versions}  split: { v1: 50, v3: 50 }\n`),
  'request timeouts': settings('{ service: default/ratings }', '  timeout: 500ms\n'),
  'circuit breaking': settings(
    '{ service: default/productpage }',
    '  connections: { maxConnections: 1, maxPending: 1 }\n  outliers: { consecutive5xx: 1, interval: 1s, ejectFor: 3m }\n',
  ),
  mirroring: settings(
    '{ service: default/reviews }',
    `${versions}  routes:
    - { name: rest, to: [{ version: v1 }], mirror: [{ version: v3, percent: 100 }] }
`,
  ),
  'locality failover': settings(
    '{ service: default/ratings }',
    '  outliers: { consecutive5xx: 1, interval: 1s, ejectFor: 1m }\n  locality: { failover: { region1: region2 } }\n',
  ),
  egress: settings(
    '{ host: httpbin.example.com, namespace: default }',
    '  ports: { 80: { protocol: HTTP } }\n  timeout: 3s\n',
  ),
};

describeWithShared('the tasks of Bookinfo', () => {
  const asked = planes.flatMap((plane) => Object.entries(tasks).map(([task, intents]) => ({ plane, task, intents })));

  it.each(asked)('$task under $plane', ({ plane, intents }) => {
    const sources = [...surroundings(plane), manifest('bookinfo/bookinfo.yaml'), intents];
    expect(provedKinds(sources).length).toBeGreaterThan(0);
  });

  it.each(planes)('ingress under %s', (plane) => {
    const gateway = `  hosts: [bookinfo.example.com]
  listeners: [{ name: web, port: 80, protocol: HTTP }]
  routes:
    - name: pages
      match: [{ paths: [/productpage, /static/*, /login, /logout, /api/v1/products/*] }]
      to: [{ service: default/productpage, port: 9080 }]
  unmatched: NotFound
`;
    const sources = [
      ...surroundings(plane),
      manifest('bookinfo/bookinfo.yaml'),
      settings('{ gateway: default/bookinfo }', gateway),
    ];
    expect(provedKinds(sources)).toEqual(expect.arrayContaining(['Gateway', 'HTTPRoute']));
  });
});

describeWithShared('Online Boutique behind a gateway', () => {
  it.each(planes)('is led to under %s', (plane) => {
    const routes = `  hosts: [shop.example.com]
  routes: [{ name: all, timeout: 15s, to: [{ service: default/frontend, port: 80 }] }]
`;
    const sources = [
      ...surroundings(plane),
      manifest('online-boutique/kubernetes-manifests.yaml'),
      manifest('online-boutique/istio-manifests.yaml'),
      settings('{ gateway: default/istio-gateway }', routes),
    ];
    expect(provedKinds(sources)).toContain('HTTPRoute');
  });
});
