import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { meshOf, peerAuthentication, policy, threeNamespaces, workload } from '../support/mesh.js';
import { get, requestOf, verdictOf } from '../support/requests.js';

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

describe('§2.9 the listeners of a Sidecar', () => {
  const allowsGet = policy('side', 'p', '{ rules: [{ to: [{ operation: { methods: [GET] } }] }] }');
  const sidecar = (spec: string) => `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: listening, namespace: side }
spec: ${spec}
`;
  const listener = (port: number, protocol: string, more = '') =>
    sidecar(`{ ingress: [{ port: { number: ${port}, protocol: ${protocol}, name: own }${more} }] }`);

  it.each([
    ['HTTP by the name of the Service’s port', '', 80, 'allowed'],
    ['TCP, whatever the Service says', listener(8080, 'TCP'), 80, 'closed'],
    ['HTTP, whatever the Service says', listener(9000, 'HTTP'), 81, 'allowed'],
    [
      'TLS, which is only bytes',
      listener(8080, 'HTTPS', ', tls: { mode: SIMPLE, serverCertificate: /etc/cert.pem, privateKey: /etc/key.pem }'),
      80,
      'closed',
    ],
    ['nothing of ports that it leaves out, where requests are detected', listener(9999, 'TCP'), 80, 'allowed'],
    [
      'nothing of ports that it leaves out, where clients send a Service’s TCP as such',
      listener(9999, 'TCP'),
      81,
      'closed',
    ],
    ['nothing without listeners', sidecar('{ egress: [{ hosts: ["*/*"] }] }'), 81, 'closed'],
    ['a listener beside what is redirected', listener(8080, 'TCP', ', captureMode: NONE'), 80, 'not-modelled'],
    ['a protocol that is none', listener(8080, 'whatever'), 80, 'allowed'],
    [
      'one thing of two',
      listener(8080, 'TCP') + listener(8080, 'HTTP').replace('listening', 'again'),
      80,
      'not-modelled',
    ],
  ])('say %s', (_, sidecars, port, expected) => {
    const mesh = meshOf(threeNamespaces + allowsGet + sidecars);
    expect(verdictOf(mesh, 'side/client', `side/server:${port}`)).toBe(expected);
  });

  it('leave the ports of Services as they are where istiod merges both', () => {
    const flags = { PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: true };
    const mesh = meshOf(threeNamespaces + allowsGet + listener(8080, 'TCP'), { flags });
    const ports = [80, 81, 82].map((port) => verdictOf(mesh, 'side/client', `side/server:${port}`));
    expect(ports).toEqual(['closed', 'closed', 'allowed']);
  });

  it('end TLS themselves where a flag lets them', () => {
    const flags = { ENABLE_TLS_ON_SIDECAR_INGRESS: true };
    const mesh = meshOf(
      threeNamespaces +
        listener(8080, 'HTTPS', ', tls: { mode: SIMPLE, serverCertificate: /etc/cert.pem, privateKey: /etc/key.pem }'),
      {
        flags,
      },
    );
    expect(verdictOf(mesh, 'side/client', 'side/server:80')).toBe('not-modelled');
  });

  it('are nothing to ambient pods', () => {
    const ofAmbient = listener(8080, 'TCP').replace('namespace: side', 'namespace: amb');
    expect(verdictOf(meshOf(threeNamespaces + ofAmbient), 'amb/client', 'amb/server:80')).toBe('allowed');
  });
});
