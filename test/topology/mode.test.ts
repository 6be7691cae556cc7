import { describe, expect, test } from 'vitest';
import type { IstioSettings } from '../../src/parse/mesh.js';
import type { Mode } from '../../src/topology/model.js';
import {
  ambient,
  documents,
  injected,
  namespace,
  notInjected,
  type PodOptions,
  pod,
  workload,
} from './support/builders.js';
import { clusterOf, present } from './support/topology.js';

type Labels = Readonly<Record<string, string>>;

function modeOf(namespaceLabels: Labels, podOptions: PodOptions = {}, istio: Partial<IstioSettings> = {}): Mode {
  const text = documents(namespace('shop', namespaceLabels), pod('web', podOptions));
  return present(clusterOf(text, istio).workloads.get('shop/web')).mode;
}

const rev = (value: string) => ({ 'istio.io/rev': value });
const mode = (value: string) => ({ 'istio.io/dataplane-mode': value });
const inject = (value: string) => ({ 'sidecar.istio.io/inject': value });
const templates = (value: string) => ({ 'inject.istio.io/templates': value });
const tunnel = { 'networking.istio.io/tunnel': 'http' };
const onNode = { nodeName: 'node-1', containers: [{ name: 'main' }] };
const proxy = { name: 'istio-proxy' };
const running = { 'sidecar.istio.io/status': '{}' };

describe('plane of a pod', () => {
  test.each<[law: string, namespace: Labels, pod: PodOptions, plane: string, fact: string]>([
    ['E-01 namespace label captures', ambient, {}, 'ambient', 'E-01'],
    ['E-01 nothing enrols', {}, {}, 'none', 'E-01'],
    ['E-02 other values are unset', mode('Ambient'), {}, 'none', 'E-01'],
    ['E-03 pod label enrols in an unlabelled namespace', {}, { labels: mode('ambient') }, 'ambient', 'E-03'],
    ['E-03 pod label opts out of an ambient namespace', ambient, { labels: mode('none') }, 'none', 'E-03'],
    ['E-02 an unknown pod label does not opt out', ambient, { labels: mode('off') }, 'ambient', 'E-01'],
    ['E-05 host network is never enrolled', ambient, { spec: { hostNetwork: true } }, 'none', 'E-05'],
    ['E-20 host network is never injected', injected, { spec: { hostNetwork: true } }, 'none', 'E-05'],
    ['E-09 a pod runs as it was started, before injection', injected, { spec: onNode }, 'none', 'E-09'],
    ['E-09 or before capture', ambient, { spec: onNode }, 'none', 'E-09'],
    ['E-01 a pod runs with a proxy', {}, { spec: { ...onNode, containers: [proxy] } }, 'sidecar', 'E-01'],
    ['E-01 as a native sidecar too', {}, { spec: { ...onNode, initContainers: [proxy] } }, 'sidecar', 'E-01'],
    ['E-01 a running sidecar beats the ambient label', ambient, { annotations: running }, 'sidecar', 'E-01'],
    [
      'E-07 redirection is the truth about a running pod',
      {},
      { annotations: { 'ambient.istio.io/redirection': 'enabled' } },
      'ambient',
      'E-07',
    ],
    [
      'E-07 pending redirection proves nothing',
      {},
      { annotations: { 'ambient.istio.io/redirection': 'pending' } },
      'none',
      'E-01',
    ],
    ['E-23 injection beats ambient', { ...ambient, ...injected }, {}, 'sidecar', 'E-21'],
    ['E-23 inject=false guards ambient', { ...ambient, ...injected }, { labels: notInjected }, 'ambient', 'E-01'],
    [
      'E-23 istio-injection=disabled guards ambient',
      { ...ambient, 'istio-injection': 'disabled', ...rev('default') },
      {},
      'ambient',
      'E-01',
    ],
    ['E-08 native tunnel', {}, { labels: tunnel }, 'hbone', 'E-08'],
    ['T-55 proxyless gRPC has no proxy', injected, { annotations: templates('grpc-agent') }, 'none', 'T-55'],
    ['E-20 only where it is injected', ambient, { annotations: templates('grpc-agent') }, 'ambient', 'E-01'],
    [
      'E-20 the template of gateways makes a gateway',
      injected,
      { annotations: templates('gateway') },
      'gateway',
      'E-20',
    ],
    [
      'E-20 as the chart of Istio has it, in a namespace without labels',
      {},
      { labels: inject('true'), annotations: templates('gateway') },
      'gateway',
      'E-20',
    ],
    [
      'E-20 beside the template of an identity',
      injected,
      { annotations: templates('gateway, spire') },
      'gateway',
      'E-20',
    ],
    ['E-20 a running one', {}, { annotations: { ...running, ...templates('gateway') } }, 'gateway', 'E-20'],
    [
      'E-20 a running one by its containers',
      {},
      { annotations: templates('gateway'), spec: { ...onNode, containers: [proxy] } },
      'gateway',
      'E-20',
    ],
    ['E-20 nothing injects it', {}, { annotations: templates('gateway') }, 'none', 'E-20'],
    [
      'E-20 nothing injects it, and ztunnel takes it',
      ambient,
      { annotations: templates('gateway') },
      'ambient',
      'E-01',
    ],
    ['E-20 its label refuses', injected, { labels: notInjected, annotations: templates('gateway') }, 'none', 'E-20'],
    ['E-20 it runs without a proxy', injected, { annotations: templates('gateway'), spec: onNode }, 'none', 'E-09'],
    [
      'E-20 the host network is never injected',
      injected,
      { annotations: templates('gateway'), spec: { hostNetwork: true } },
      'none',
      'E-05',
    ],
    [
      'a router proxy written out is a gateway',
      {},
      { spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'router'] }] } },
      'gateway',
      'W-63',
    ],
    [
      'a sidecar proxy written out is not',
      {},
      { spec: { containers: [{ name: 'istio-proxy', args: ['proxy', 'sidecar'] }] } },
      'none',
      'E-01',
    ],
  ])('%s', (_, namespaceLabels, options, plane, fact) => {
    expect(modeOf(namespaceLabels, options)).toMatchObject({ plane, fact });
  });
});

describe('injection webhooks (E-21) and the injector (E-20)', () => {
  test.each<[row: string, namespace: Labels, pod: PodOptions, plane: string]>([
    ['rev.namespace', rev('default'), {}, 'sidecar'],
    ['rev.namespace, inject=false', rev('default'), { labels: inject('false') }, 'none'],
    ['rev.namespace, a revision without webhook', rev('other'), {}, 'none'],
    ['rev.object', {}, { labels: rev('default') }, 'sidecar'],
    ['rev.object, blocked by a namespace revision', rev('other'), { labels: rev('default') }, 'none'],
    ['rev.object, inject=false', {}, { labels: { ...rev('default'), ...inject('false') } }, 'none'],
    ['namespace', injected, {}, 'sidecar'],
    ['namespace, inject=false', injected, { labels: inject('false') }, 'none'],
    ['object', {}, { labels: inject('true') }, 'sidecar'],
    ['object, blocked by disabled (E-22)', { 'istio-injection': 'disabled' }, { labels: inject('true') }, 'none'],
    ['object, with an unknown revision on the pod', {}, { labels: { ...inject('true'), ...rev('other') } }, 'none'],
    ['istio-injection blocks the revision (E-22)', { 'istio-injection': 'yes', ...rev('default') }, {}, 'none'],
    ['annotation alone reaches no webhook', {}, { annotations: inject('true') }, 'none'],
    ['annotation false refuses', injected, { annotations: inject('false') }, 'none'],
    [
      'label true beats annotation false',
      injected,
      { labels: inject('true'), annotations: inject('false') },
      'sidecar',
    ],
    ['an empty label hides the annotation', injected, { labels: inject(''), annotations: inject('false') }, 'sidecar'],
    ['an invalid label falls back to the policy', injected, { labels: inject('maybe') }, 'sidecar'],
  ])('%s', (_, namespaceLabels, options, plane) => {
    expect(modeOf(namespaceLabels, options).plane).toBe(plane);
  });

  test('istio-injection=enabled belongs to the default revision only', () => {
    expect(modeOf(injected, {}, { revision: 'prod' }).plane).toBe('none');
    expect(modeOf(rev('prod'), {}, { revision: 'prod' }).plane).toBe('sidecar');
  });

  const tagged = (kind: 'webhook' | 'service', tag: string) =>
    kind === 'service'
      ? JSON.stringify({
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: `istiod-${tag}`, namespace: 'istio-system', labels: { 'istio.io/tag': tag } },
        })
      : JSON.stringify({
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'MutatingWebhookConfiguration',
          metadata: { name: `istio-revision-tag-${tag}`, labels: { 'istio.io/tag': tag, 'istio.io/rev': '1-29' } },
        });

  test.each([
    ['E-31 a tag kept as a webhook injects', 'webhook', 'sidecar'],
    ['E-23 a tag kept as a Service has no webhook', 'service', 'none'],
  ] as const)('%s', (_, kind, plane) => {
    const text = documents(namespace('shop', rev('stable')), pod('web'), tagged(kind, 'stable'));
    expect(clusterOf(text).workloads.get('shop/web')?.mode.plane).toBe(plane);
  });

  test('E-21 row "auto" is read from the webhook configuration', () => {
    const webhook = JSON.stringify({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'istio-sidecar-injector' },
      webhooks: [{ name: 'auto.sidecar-injector.istio.io' }],
    });
    expect(clusterOf(documents(namespace('shop'), pod('web'), webhook)).workloads.get('shop/web')?.mode.plane).toBe(
      'sidecar',
    );
  });
});

describe('namespaces outside the mesh', () => {
  const inNamespace = (name: string, labels: Labels, istio: Partial<IstioSettings> = {}) => {
    const text = documents(namespace(name, labels), pod('web', { namespace: name }));
    return present(clusterOf(text, istio).workloads.get(`${name}/web`)).mode;
  };

  test('E-20 and E-06: kube-system is never part of the mesh', () => {
    expect(inNamespace('kube-system', { ...ambient, ...injected })).toMatchObject({ plane: 'none', fact: 'E-06' });
  });

  test('istio-traffic-topology §1.4: step 2 comes before step 3: not even an injected pod counts there', () => {
    const text = documents(namespace('kube-system'), pod('web', { namespace: 'kube-system', annotations: running }));
    expect(clusterOf(text).workloads.get('kube-system/web')?.mode).toMatchObject({ plane: 'none', fact: 'E-06' });
  });

  test('E-20: kube-public is never injected, but may be ambient', () => {
    expect(inNamespace('kube-public', injected).plane).toBe('none');
    expect(inNamespace('kube-public', ambient).plane).toBe('ambient');
  });

  test('E-06: the CNI leaves excluded namespaces out, the injector does not', () => {
    const istio = { excludeNamespaces: ['batch'] };
    expect(inNamespace('batch', ambient, istio)).toMatchObject({ plane: 'none', fact: 'E-06' });
    expect(inNamespace('batch', injected, istio).plane).toBe('sidecar');
  });
});

describe('HBONE', () => {
  test.each<[law: string, namespace: Labels, pod: PodOptions, istio: Partial<IstioSettings>, hbone: boolean]>([
    ['E-07 ambient accepts it', ambient, {}, {}, true],
    ['E-24 a sidecar does not by default', injected, {}, {}, false],
    ['E-08 a sidecar with the tunnel label does', injected, { labels: tunnel }, {}, true],
    ['E-24 so do sidecars of a mesh that says so', injected, {}, { sidecarsListenHbone: true }, true],
    ['a gateway does not', injected, { annotations: templates('gateway') }, {}, false],
    ['outside the mesh nothing does', {}, {}, { sidecarsListenHbone: true }, false],
  ])('%s', (_, namespaceLabels, options, istio, hbone) => {
    expect(modeOf(namespaceLabels, options, istio).hbone).toBe(hbone);
  });
});

describe('pods that Istio runs for a Gateway (istio-traffic-topology §1.4, step 7)', () => {
  const gatewayPod = (className: string) => {
    const gateway = JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge', namespace: 'shop' },
      spec: { gatewayClassName: className, listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
    });
    const labels = { 'gateway.networking.k8s.io/gateway-name': 'edge', ...ambient };
    const text = documents(namespace('shop'), gateway, workload('edge', { labels }));
    return present(clusterOf(text).workloads.get('shop/edge')).mode;
  };

  test.each([
    ['istio', 'gateway', false],
    ['istio-waypoint', 'waypoint', true],
    ['istio-east-west', 'east-west', true],
  ])('class %s makes %s, whatever the labels say', (className, plane, hbone) => {
    expect(gatewayPod(className)).toMatchObject({ plane, hbone });
  });

  test('a class of another controller leaves the labels to decide', () => {
    expect(gatewayPod('nginx').plane).toBe('ambient');
  });

  test('without its Gateway, the label that Istio put on the pod tells', () => {
    const labels = {
      'gateway.networking.k8s.io/gateway-name': 'waypoint',
      'gateway.istio.io/managed': 'istio.io-mesh-controller',
    };
    expect(modeOf({}, { labels }).plane).toBe('waypoint');
  });
});

test('because names the deciding label and its place', () => {
  expect(modeOf(ambient).because).toBe('label `istio.io/dataplane-mode=ambient` on namespace `shop`');
  expect(modeOf(injected).because).toBe('label `istio-injection=enabled` on namespace `shop`');
});

describe('where ambient is not installed', () => {
  const off = { ambient: false };
  test.each<[what: string, pod: PodOptions, plane: string, because: string]>([
    ['a label captures nothing', {}, 'none', 'ambient is not installed'],
    [
      'a pod that was captured is',
      { annotations: { 'ambient.istio.io/redirection': 'enabled' } },
      'ambient',
      'annotation `ambient.istio.io/redirection=enabled` on the pod',
    ],
  ])('%s', (_, podOptions, plane, because) => {
    expect(modeOf(ambient, podOptions, off)).toMatchObject({ plane, because });
  });
});
