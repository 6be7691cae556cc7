import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trace } from '../src/library/trace.js';
import { compile, type Source } from '../src/pipeline.js';
import { describeWithShared, sharedDirectory } from './support/shared.js';

/** Real applications, each with intents written for it, on every kind of data plane. */
const options = { today: '2026-06-01', provenance: 'full' } as const;

const mesh: Source = {
  path: 'mesh.yaml',
  text: `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: main }
spec: { clusters: [{ name: main, istio: { version: "1.29", sidecarsListenHbone: true } }] }
`,
};

const namespace = (label: string): Source => ({
  path: 'namespace.yaml',
  text: `apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { ${label} } }\n`,
});

const ambient = namespace('istio.io/dataplane-mode: ambient');
const sidecar = namespace('istio-injection: enabled');

function manifest(path: string): Source {
  return { path, text: readFileSync(join(sharedDirectory, 'realworld', path), 'utf8') };
}

function intents(name: string): Source {
  const path = `fixtures/realworld/${name}.yaml`;
  return { path, text: readFileSync(new URL(path, import.meta.url), 'utf8') };
}

/** Gives the pods of some applications a sidecar in a namespace that is ambient. */
function withSidecars({ path, text }: Source, applications: readonly string[]): Source {
  const template = new RegExp(
    `(  template:\n    metadata:\n      labels:\n        app: (?:${applications.join('|')})\n)`,
    'g',
  );
  return { path, text: text.replace(template, "$1        sidecar.istio.io/inject: 'true'\n") };
}

function planesOf(sources: readonly Source[]): Record<string, string> {
  const { topology } = compile(sources, options);
  const workloads = [...(topology?.clusters[0]?.workloads.values() ?? [])];
  return Object.fromEntries(workloads.map(({ name, mode }) => [name, mode.plane]));
}

function kindsOf(sources: readonly Source[]): string[] {
  const { manifests, diagnostics } = compile(sources, options);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...new Set(manifests.map(({ object }) => object.kind))].sort();
}

const ingress: Source = {
  path: 'ingress.yaml',
  text: `apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  template:
    metadata:
      labels: { istio: ingressgateway, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
`,
};

describeWithShared('the routes of Bookinfo', () => {
  const deployed = (...names: readonly string[]) => [
    mesh,
    sidecar,
    ingress,
    ...['bookinfo', 'bookinfo-gateway', 'destination-rule-all', ...names].map((name) =>
      manifest(`bookinfo/${name}.yaml`),
    ),
  ];
  const ends = async (sources: readonly Source[], question: Parameters<typeof trace>[1]) => {
    const { traces } = await trace(sources, question, options);
    return traces.map(({ hops, seen }) => `${hops.at(-1)?.name}: ${seen}`);
  };

  it('lead from outside to the pages that they name, and nowhere else', async () => {
    const from = { from: 'outside', to: 'gateway:istio-system/ingress:8080', host: 'bookinfo.example' };
    expect(await ends(deployed(), { ...from, path: '/productpage' })).toEqual([
      'default/productpage-v1:9080: reaches the service',
    ]);
    expect(await ends(deployed(), { ...from, path: '/static/a.css' })).toHaveLength(1);
    expect(await ends(deployed(), { ...from, path: '/reviews' })).toEqual([
      'VirtualService default/bookinfo: status 404',
    ]);
  });

  it('lead on to each version', async () => {
    const from = { from: 'default/productpage-v1', to: 'default/reviews:9080' };
    const split = deployed('virtual-service-reviews-90-10');
    const reviews = (version: string) => `default/reviews-${version}:9080: reaches the service`;
    expect(await ends(split, from)).toEqual([reviews('v1'), reviews('v2')]);
    const jason = deployed('virtual-service-reviews-jason-v2-v3');
    expect(await ends(jason, { ...from, headers: { 'end-user': 'jason' } })).toEqual([reviews('v2')]);
    expect(await ends(jason, from)).toEqual([reviews('v3')]);
    expect(await ends(deployed(), from)).toEqual([reviews('v1'), reviews('v2'), reviews('v3')]);
  });
});

describeWithShared('Bookinfo', () => {
  // Read within the tests: the body of a skipped suite runs all the same.
  const application = () => [mesh, manifest('bookinfo/bookinfo.yaml')];

  it('is read as it is deployed', () => {
    expect(new Set(Object.values(planesOf([...application(), ambient])))).toEqual(new Set(['ambient']));
    expect(new Set(Object.values(planesOf([...application(), sidecar])))).toEqual(new Set(['sidecar']));
  });

  it('compiles for ambient, with a waypoint and an HTTPRoute', () => {
    const kinds = ['AuthorizationPolicy', 'ConfigMap', 'Gateway', 'HTTPRoute', 'PeerAuthentication', 'Service'];
    expect(kindsOf([...application(), ambient, intents('bookinfo')])).toEqual(kinds);
  });

  it('compiles for sidecars, with a VirtualService', () => {
    const kinds = ['AuthorizationPolicy', 'DestinationRule', 'PeerAuthentication', 'VirtualService'];
    expect(kindsOf([...application(), sidecar, intents('bookinfo')])).toEqual(kinds);
  });
});

describeWithShared('Online Boutique', () => {
  const gateway = () => manifest('online-boutique/istio-manifests.yaml');
  const application = () => manifest('online-boutique/kubernetes-manifests.yaml');
  const policy = intents('online-boutique');

  it('compiles for ambient, where two services need a waypoint', () => {
    const { manifests } = compile([mesh, gateway(), application(), ambient, policy], options);
    const enrolled = manifests
      .filter(({ phase }) => phase === '30-enrolment')
      .map(({ object }) => object.metadata.name);
    expect(enrolled).toEqual(['checkoutservice', 'paymentservice']);
  });

  it('compiles for sidecars, with policies alone', () => {
    const kinds = ['AuthorizationPolicy', 'PeerAuthentication'];
    expect(kindsOf([mesh, gateway(), application(), sidecar, policy])).toEqual(kinds);
  });

  it('compiles for a mix, each service where it can be enforced', () => {
    const mixed = withSidecars(application(), ['adservice', 'paymentservice', 'emailservice']);
    const sources = [mesh, gateway(), mixed, ambient, policy];
    expect(planesOf(sources)).toMatchObject({ adservice: 'sidecar', paymentservice: 'sidecar', frontend: 'ambient' });
    const { manifests } = compile(sources, options);
    const enrolled = manifests
      .filter(({ phase }) => phase === '30-enrolment')
      .map(({ object }) => object.metadata.name);
    expect(enrolled).toEqual(['checkoutservice']);
  });

  it('is refused where the caller of a request rule runs a sidecar', () => {
    const mixed = withSidecars(application(), ['frontend']);
    const { diagnostics, files } = compile([mesh, gateway(), mixed, ambient, policy], options);
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ name }) => name)).toEqual([
      'sidecar-callers',
    ]);
    expect(files).toEqual([]);
  });

  it('has network policies that kubectl refuses, and says where', () => {
    const { diagnostics } = compile([mesh, manifest('online-boutique/network-policies.yaml')], options);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['AMB1015']));
  });
});
