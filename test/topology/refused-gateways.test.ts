import { existsSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { refusedObjects } from '../../src/mesh/admission/refused-objects.js';
import type { JsonObject } from '../../src/parse/document.js';
import { admit, type Bundle } from '../support/admission.js';
import { sharedDirectory } from '../support/shared.js';
import { topologyOf } from './support/topology.js';

const bundles: readonly Bundle[] = ['istio-1.29+gateway-1.4', 'istio-1.31+gateway-1.6'];
const head = 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: door, namespace: shop }\n';
const ofListeners = (...listeners: readonly string[]) =>
  `${head}spec: { gatewayClassName: istio, listeners: [${listeners.join(', ')}] }\n`;
const http = '{ name: http, port: 80, protocol: HTTP }';
const tls = 'tls: { certificateRefs: [{ name: c }] }';

function gatewaysIn(text: string): readonly string[] {
  return topologyOf(text).value.clusters.flatMap(({ gateways }) => [...gateways.keys()]);
}

/** What is said against it. */
function refused(text: string): readonly string[] {
  return refusedObjects(topologyOf(text).value).map(({ message }) =>
    message.replace(/^Gateway `shop\/door` would be refused by the cluster: /, ''),
  );
}

const isAtHand = existsSync(sharedDirectory);

describe('a Gateway that the API server takes', () => {
  it.each([
    ofListeners(http, `{ name: https, port: 443, protocol: HTTPS, ${tls} }`),
    ofListeners('{ name: a, port: 80, protocol: HTTP, hostname: a.com }', http),
    ofListeners('{ name: a, port: 443, protocol: TLS, tls: { mode: Passthrough } }'),
    ofListeners('{ name: a, port: 15008, protocol: example.com/PROXY }'),
  ])('%s', (text) => {
    expect(refused(text)).toEqual([]);
    expect(gatewaysIn(text)).toEqual(['shop/door']);
    if (isAtHand) for (const bundle of bundles) expect(admit(load(text) as JsonObject, bundle)).toEqual([]);
  });
});

describe('a Gateway that the API server refuses is none', () => {
  it.each([
    [`${head}spec: { listeners: [${http}] }`, '`gatewayClassName` is missing'],
    [`${head}spec: { gatewayClassName: istio }`, '`listeners` is missing'],
    [ofListeners(), '`listeners` needs at least 1 item'],
    [ofListeners(http, http), '`http` is there twice'],
    [ofListeners(http, http.replace('name: http', 'name: b')), 'another listener has its port, protocol and hostname'],
    [ofListeners('{ name: a, port: 80 }'), '`protocol` is missing'],
    [ofListeners('{ name: a, port: 80, protocol: TCP, hostname: a.com }'), 'a listener for `TCP` has no `hostname`'],
    [ofListeners(`{ name: a, port: 80, protocol: HTTP, ${tls} }`), 'a listener for `HTTP` has no `tls`'],
    [
      ofListeners('{ name: a, port: 443, protocol: HTTPS, tls: { mode: Passthrough } }'),
      '`protocol: HTTPS` needs `mode: Terminate`',
    ],
    [
      ofListeners('{ name: a, port: 443, protocol: HTTPS, tls: {} }'),
      '`mode: Terminate` needs `certificateRefs` or `options`',
    ],
  ])('%s', (text, why) => {
    expect(refused(text)).toContain(why);
    expect(gatewaysIn(text)).toEqual([]);
    if (isAtHand) for (const bundle of bundles) expect(admit(load(text) as JsonObject, bundle)).not.toEqual([]);
  });

  it('but for one that was read from a cluster', () => {
    const text = ofListeners(http, http.replace('name: http', 'name: b')).replace(
      'name: door',
      'uid: 5f1c, name: door',
    );
    expect(gatewaysIn(text)).toEqual(['shop/door']);
  });
});
