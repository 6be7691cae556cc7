import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { handOver } from '../../src/adopt/hand-over.js';
import { changesOfAccess, type Imported } from '../../src/adopt/import-objects.js';
import { keyOfObject } from '../../src/adopt/policies.js';
import { importFindings } from '../../src/report/import/text.js';
import { importFrom, textsOf } from './adopting.js';

/** An ambient namespace without a waypoint, where `web` calls `cart`. */
const shop = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
${['cart', 'web'].map(workload).join('---\n')}`;

function workload(name: string): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }] }]
`;
}

interface Case {
  readonly accident: string;
  readonly spec: string;
  readonly intents: string;
  /** Kinds of changes at `shop/cart`. */
  readonly changes: readonly string[];
  /** What today's decision of the witness is. */
  readonly witness: string;
}

const cart = 'selector: { matchLabels: { app: cart } }';

const cases: readonly Case[] = [
  {
    accident: 'a denial of paths that ztunnel cannot see',
    spec: `{ action: DENY, ${cart}, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }`,
    intents: 'deny:\n      - name: old\n        to: [{ paths: [/admin] }]',
    // The others are bytes that no waypoint takes for a request, and the way around it, which is closed with it.
    changes: ['access-revoked', 'access-revoked', 'access-revoked'],
    witness: 'GET /admin from shop/web to shop/cart:80 is let through',
  },
  {
    accident: 'a denial for a Service that no waypoint serves',
    spec: '{ action: DENY, targetRefs: [{ group: "", kind: Service, name: cart }], rules: [{ to: [{ operation: { paths: [/admin] } }] }] }',
    intents: 'deny:\n      - name: old\n        to: [{ paths: [/admin] }]',
    changes: ['access-revoked', 'access-revoked', 'access-revoked'],
    witness: 'GET /admin from shop/web to shop/cart:80 is let through',
  },
  {
    accident: 'an ALLOW with methods that lets nobody through at ztunnel',
    spec: `{ ${cart}, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [GET] } }] }] }`,
    intents: 'from: [{ service: web }]\n        to: [{ methods: [GET] }]',
    changes: ['access-granted'],
    witness: 'GET / from shop/web to shop/cart:80 is refused',
  },
  {
    accident: 'a principal with its scheme',
    spec: `{ ${cart}, rules: [{ from: [{ source: { principals: ["spiffe://cluster.local/ns/shop/sa/web"] } }] }] }`,
    intents: 'from: [{ service: web }]',
    changes: ['access-granted'],
    witness: 'GET / from shop/web to shop/cart:80 is refused',
  },
  {
    accident: 'a selector with a label that is misspelt',
    spec: '{ selector: { matchLabels: { app: crat } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }',
    intents: 'from: [{ service: web }]',
    changes: ['access-revoked'],
    witness: 'GET / from shop/cart to shop/cart:80 is let through',
  },
];

function imported(spec: string, isAsMeant: boolean): Imported {
  const policy = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: old, namespace: shop }\nspec: ${spec}\n`;
  const sources = [
    { path: 'shop.yaml', text: shop },
    { path: 'old.yaml', text: policy },
  ];
  return importFrom(sources, isAsMeant);
}

describe.each(cases)('$accident', ({ spec, intents, changes, witness }) => {
  it('is named, and kept as it is', () => {
    const found = imported(spec, false);
    expect(changesOfAccess(found)).toEqual([]);
    expect(found.mended).toEqual([]);
    const [told] = importFindings(found).filter(({ code }) => code === 'AMB7021');
    expect(told?.witness).toContain(witness);
    expect(told?.help).toContain('--as-meant');
    expect(told?.span?.file.path).toBe('old.yaml');
  });

  it('is said as it was meant, with each change of access', () => {
    const found = imported(spec, true);
    expect(textsOf(found)['shop.yaml']).toContain(intents);
    expect(totalOf(found.fates)).toMatchObject({ left: 0, dead: 0 });
    const changed = changesOfAccess(found);
    expect(changed.map(({ kind }) => kind)).toEqual(changes);
    expect(changed.map(({ place }) => place.name)).toEqual(changes.map(() => 'shop/cart'));
    const told = importFindings(found);
    expect(told.map(({ code }) => code)).toEqual(['AMB7020']);
    expect(told[0]?.witness).toContain(witness);
    // The text as somebody wrote it is what is shown, and not the mended one.
    expect(told[0]?.span?.file.text).toContain(spec);
  });
});

it('a policy of which the meaning cannot be said stays as it is, with what it does', () => {
  const spec = `{ ${cart}, rules: [{ from: [{ source: { principals: ["spiffe://cluster.local/ns/shop/sa/web"] } }], when: [{ key: connection.sni, values: [a] }] }] }`;
  const found = imported(spec, true);
  expect(found.mended).toEqual([]);
  expect(changesOfAccess(found)).toEqual([]);
  expect(totalOf(found.fates).left).toBeGreaterThan(0);
});

describe('the hand-over to a waypoint that was meant', () => {
  const policies = [
    ['web', `{ ${cart}, rules: [{ from: [{ source: { serviceAccounts: [shop/web] } }] }] }`],
    ['no-admin', `{ action: DENY, ${cart}, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }`],
  ].map(
    ([name, spec]) =>
      `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`,
  );
  const { steps } = handOver(importFrom([{ path: 'shop.yaml', text: shop + policies.join('') }], true));

  it('lets the waypoint in at pods, whose old policies do not know it, before a label leads anybody there', () => {
    expect(steps.map(({ kind, objects }) => [kind, ...objects.map(({ object }) => keyOfObject(object))])).toEqual([
      [
        'add',
        'AuthorizationPolicy shop/cart-allow',
        'AuthorizationPolicy shop/cart-deny',
        'AuthorizationPolicy shop/cart-guard',
        'ConfigMap shop/waypoint-options',
        'Gateway shop/waypoint',
      ],
      ['enrol', 'Service shop/cart'],
      ['replace', 'PeerAuthentication istio-system/default'],
      ['delete', 'AuthorizationPolicy shop/no-admin', 'AuthorizationPolicy shop/web'],
    ]);
    expect(steps[0]?.changes).toEqual([]);
  });

  it('closes the way past the waypoint after all labels, where nothing closed it before', () => {
    const text = shop + (policies[1] ?? '');
    const later = handOver(importFrom([{ path: 'shop.yaml', text }], true)).steps;
    expect(later.map(({ kind }) => kind)).toEqual(['add', 'enrol', 'guard', 'replace', 'delete']);
    expect(later[0]?.changes).toEqual([]);
  });
});
