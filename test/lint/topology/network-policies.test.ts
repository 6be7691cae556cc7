import { describe } from 'vitest';
import { injected, namespace, service, waypoint, workload } from '../../topology/support/builders.js';
import { check, shop } from '../../topology/support/findings.js';

const networkPolicy = (name: string, spec: object) =>
  JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'shop' },
    spec,
  });

describe('AMB2512: NetworkPolicy and port 15008 (W-70)', () => {
  const web = { podSelector: { matchLabels: { app: 'web' } } };
  const ingress = (...ports: readonly object[]) => ({ ...web, ingress: [{ ports }] });
  const blocked = (spec: object) => [shop, workload('web'), networkPolicy('web', spec)];
  check([
    { law: 'ports without 15008', text: blocked(ingress({ port: 8080 })), expected: ['AMB2512 [{"port":8080}]'] },
    { law: 'a named port', text: blocked(ingress({ port: 'http' })), expected: ['AMB2512 [{"port":"http"}]'] },
    {
      law: '15008 over UDP is not it',
      text: blocked(ingress({ port: 8080 }, { port: 15008, protocol: 'UDP' })),
      expected: ['AMB2512 [{"port":8080},{"port":15008,"protocol":"UDP"}]'],
    },
    { law: '15008 beside it', text: blocked(ingress({ port: 8080 }, { port: 15008 })), expected: [] },
    { law: 'a range that covers 15008', text: blocked(ingress({ port: 15000, endPort: 15100 })), expected: [] },
    {
      law: 'a range that does not',
      text: blocked(ingress({ port: 8000, endPort: 9000 })),
      expected: ['AMB2512 [{"port":8000,"endPort":9000}]'],
    },
    { law: 'a rule without ports admits all', text: blocked({ ...web, ingress: [{ from: [] }] }), expected: [] },
    { law: 'deny everything is meant so', text: blocked({ ...web, ingress: [] }), expected: [] },
    {
      law: 'another policy admits 15008',
      text: [
        ...blocked(ingress({ port: 8080 })),
        networkPolicy('mesh', { podSelector: {}, ingress: [{ ports: [{ port: 15008 }] }] }),
      ],
      expected: [],
    },
    {
      law: 'it selects other pods',
      text: [shop, workload('cart'), networkPolicy('web', ingress({ port: 8080 }))],
      expected: [],
    },
    {
      law: 'pods outside the mesh need no 15008',
      text: [namespace('shop'), workload('web'), networkPolicy('web', ingress({ port: 8080 }))],
      expected: [],
    },
    {
      law: 'sidecars that listen for HBONE do',
      text: [namespace('shop', injected), workload('web'), networkPolicy('web', ingress({ port: 8080 }))],
      istio: { sidecarsListenHbone: true },
      expected: ['AMB2512 [{"port":8080}]'],
    },
    {
      law: 'egress to applications',
      text: blocked({ ...web, policyTypes: ['Egress'], egress: [{ ports: [{ port: 8080 }] }] }),
      expected: ['AMB2512 [{"port":8080}]'],
    },
    {
      law: 'egress to name servers alone is meant so',
      text: blocked({
        ...web,
        policyTypes: ['Egress'],
        egress: [{ ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }],
      }),
      expected: [],
    },
    {
      law: 'the pods of a waypoint',
      text: [
        shop,
        waypoint('waypoint'),
        networkPolicy('all', { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] }),
      ],
      expected: ['AMB2512 [{"port":8080}]'],
    },
  ]);

  const ambient = { 'istio.io/dataplane-mode': 'ambient' };
  const named = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
  const edge = [namespace('front', ambient), workload('edge', { namespace: 'front' })];
  const own = networkPolicy('own', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] });
  const fromFront = (...ports: readonly object[]) =>
    networkPolicy('front', { ...web, ingress: [{ from: [named('front')], ports }] });
  check([
    {
      law: 'a rule without ports for others opens nothing for these callers',
      text: [shop, ...edge, workload('web'), own, fromFront({ port: 8080 })],
      expected: ['AMB2512 [{"port":8080}]'],
    },
    {
      law: 'of the same policy, too',
      text: [
        shop,
        ...edge,
        workload('web'),
        networkPolicy('web', {
          ...web,
          ingress: [{ from: [{ podSelector: {} }] }, { from: [named('front')], ports: [{ port: 8080 }] }],
        }),
      ],
      expected: ['AMB2512 [{"port":8080}]'],
    },
    {
      law: 'another rule opens 15008 for these callers',
      text: [shop, ...edge, workload('web'), own, fromFront({ port: 8080 }, { port: 15008 })],
      expected: [],
    },
    {
      law: 'addresses may be those of these callers',
      text: [
        shop,
        ...edge,
        workload('web'),
        fromFront({ port: 8080 }),
        networkPolicy('pods', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }),
      ],
      expected: [],
    },
    {
      law: 'callers without HBONE come on the port itself',
      text: [
        shop,
        namespace('front'),
        workload('edge', { namespace: 'front' }),
        workload('web'),
        own,
        fromFront({ port: 8080 }),
      ],
      expected: [],
    },
    {
      law: 'behind a waypoint that is let in, nobody comes straight',
      text: [
        namespace('shop', { ...ambient, 'istio.io/use-waypoint': 'waypoint' }),
        ...edge,
        waypoint('waypoint'),
        workload('web'),
        service('web', {
          spec: { clusterIP: '10.0.0.1', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
        }),
        own,
        fromFront({ port: 8080 }),
      ],
      expected: [],
    },
    {
      law: 'egress to pods elsewhere',
      text: [
        shop,
        ...edge,
        workload('web'),
        networkPolicy('out', {
          ...web,
          policyTypes: ['Egress'],
          egress: [{ to: [{ podSelector: {} }] }, { to: [named('front')], ports: [{ port: 8080 }] }],
        }),
      ],
      expected: ['AMB2512 [{"port":8080}]'],
    },
  ]);
});
