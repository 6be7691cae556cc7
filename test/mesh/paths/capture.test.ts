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
    ['nobody knows from where', `${traffic}/excludeInterfaces: eth1`, 'plain/client', 'not-modelled'],
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
