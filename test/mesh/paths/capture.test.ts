import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, peerAuthentication, threeNamespaces, workload } from '../support/mesh.js';
import { get, requestOf } from '../support/requests.js';

const traffic = 'traffic.sidecar.istio.io';
const strict = peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }');

/** `side` with STRICT, and one of its two workloads annotated. */
function meshWith(name: 'client' | 'server', annotations: string) {
  const annotated = workload('side', name).replace('labels:', `annotations: { ${annotations} }, labels:`);
  return meshOf(threeNamespaces.replace(workload('side', name), annotated) + strict);
}

describe('§2.8 what a sidecar takes in', () => {
  it.each([
    ['a port that is listed', `${traffic}/excludeInboundPorts: "9000, 8080"`, 'plain/client', 'allowed'],
    ['a port that is not', `${traffic}/excludeInboundPorts: "9000"`, 'plain/client', 'denied'],
    ['a port of a caller whose TLS nobody ends', `${traffic}/excludeInboundPorts: "8080"`, 'side/client', 'denied'],
    [
      'a port of an ambient caller, who comes by HBONE',
      `${traffic}/excludeInboundPorts: "8080"`,
      'amb/client',
      'allowed',
    ],
    ['a port beside the only ones', `${traffic}/includeInboundPorts: "9000"`, 'plain/client', 'allowed'],
    ['one of the only ones', `${traffic}/includeInboundPorts: "8080"`, 'plain/client', 'denied'],
    ['no port at all', `${traffic}/includeInboundPorts: ""`, 'plain/client', 'allowed'],
    ['all, whatever else is excluded', `${traffic}/includeInboundPorts: "*"`, 'plain/client', 'denied'],
    ['nobody knows what', 'sidecar.istio.io/interceptionMode: NONE', 'plain/client', 'not-modelled'],
    [
      'nobody knows what, said otherwise',
      `proxy.istio.io/config: "interceptionMode: NONE"`,
      'plain/client',
      'not-modelled',
    ],
    [
      'variables that decide nothing',
      `proxy.istio.io/config: '{"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "true"}, "concurrency": 2}'`,
      'plain/client',
      'denied',
    ],
    [
      'nobody knows which proxy, by its variables',
      `proxy.istio.io/config: '{"proxyMetadata": {"ISTIO_META_TLS_SERVER_KEY": "/key"}}'`,
      'plain/client',
      'not-modelled',
    ],
    [
      'nobody knows which proxy, by its bootstrap',
      'proxy.istio.io/config: "customConfigFile: /own"',
      'plain/client',
      'not-modelled',
    ],
    ['nobody knows what a broken text says', 'proxy.istio.io/config: "a: [b"', 'plain/client', 'not-modelled'],
    ['nobody knows from where', `${traffic}/excludeInterfaces: eth1`, 'plain/client', 'not-modelled'],
    ['nobody knows whose', `${traffic}/kubevirtInterfaces: net1`, 'plain/client', 'not-modelled'],
    ['nobody knows whose', 'istio.io/reroute-virtual-interfaces: net1', 'plain/client', 'not-modelled'],
    ['nobody knows by which istiod', 'sidecar.istio.io/discoveryAddress: other:15012', 'plain/client', 'not-modelled'],
    ['not the port of the agent', 'status.sidecar.istio.io/port: "8080"', 'plain/client', 'allowed'],
    ['nor any other then', 'status.sidecar.istio.io/port: "0"', 'plain/client', 'denied'],
    ['nobody knows by which proxy', 'inject.istio.io/templates: "sidecar,own"', 'plain/client', 'not-modelled'],
  ])('%s', (_, annotations, from, verdict) => {
    const request = requestOf(from, 'side/server:80', get());
    expect(decide(meshWith('server', annotations), request).verdict.kind).toBe(verdict);
  });

  it.each([15020, 15021, 15090])('the proxy answers on %d itself', (port) => {
    const mesh = meshOf(threeNamespaces + strict);
    const to = (number: number) => decide(mesh, requestOf('plain/client', `pod side/server:${number}`, get())).verdict;
    expect([to(port).kind, to(8080).kind]).toEqual(['allowed', 'denied']);
  });
});

describe('§2.8 what the sidecar of a caller takes out', () => {
  it.each([
    ['not a port that is excluded', `${traffic}/excludeOutboundPorts: "80"`, 'denied'],
    ['the port that is addressed, and not that of the pod', `${traffic}/excludeOutboundPorts: "8080"`, 'allowed'],
    ['no address at all', `${traffic}/includeOutboundIPRanges: ""`, 'denied'],
    [
      'a port although no address',
      `${traffic}/includeOutboundIPRanges: "", ${traffic}/includeOutboundPorts: "80"`,
      'allowed',
    ],
    ['nobody knows which addresses', `${traffic}/includeOutboundIPRanges: 10.0.0.0/8`, 'not-modelled'],
    ['nobody knows which addresses not', `${traffic}/excludeOutboundIPRanges: 10.0.0.0/8`, 'not-modelled'],
  ])('%s', (_, annotations, verdict) => {
    const request = requestOf('side/client', 'side/server:80', get());
    expect(decide(meshWith('client', annotations), request).verdict.kind).toBe(verdict);
  });
});

/** The caller's pod with a security context for its container, and one for all of them. */
function callerWith(container: string, pod: string, other = '') {
  const text = workload('side', 'client')
    .replace('{ name: main,', `{ name: main, securityContext: ${container},`)
    .replace('containers: [', `securityContext: ${pod}\n      containers: [${other}`);
  return meshOf(threeNamespaces.replace(workload('side', 'client'), text) + strict);
}

describe('§2.8 what is sent by the user or the group of the proxy', () => {
  const other = '{ name: other, image: other }, ';
  it.each([
    ['passes the sidecar by', '{ runAsUser: 1337 }', '{}', '', 'denied'],
    ['as a group too', '{ runAsGroup: 1337 }', '{}', '', 'denied'],
    ['said for the whole pod', '{}', '{ runAsUser: 1337 }', other, 'denied'],
    ['unless a container is another user', '{ runAsUser: 1000 }', '{ runAsUser: 1337 }', '', 'allowed'],
    ['which of the containers sends, nobody knows', '{ runAsUser: 1337 }', '{}', other, 'not-modelled'],
    ['another user is captured', '{ runAsUser: 1000 }', '{ fsGroup: 1337 }', '', 'allowed'],
  ])('%s', (_, container, pod, more, verdict) => {
    const decision = decide(callerWith(container, pod, more), requestOf('side/client', 'side/server:80', get()));
    expect(decision.verdict.kind).toBe(verdict);
  });

  it('changes nothing of what arrives', () => {
    const mesh = callerWith('{ runAsUser: 1337 }', '{}');
    expect(decide(mesh, requestOf('plain/client', 'pod side/client:8080', get())).verdict.kind).toBe('denied');
  });
});
