import { describe, expect, it } from 'vitest';
import { type Fate, totalOf } from '../../src/adopt/fates.js';
import { handOver } from '../../src/adopt/hand-over.js';
import { type Imported, isProved } from '../../src/adopt/import-objects.js';
import { comparedWith } from '../../src/adopt/prove/compared-with.js';
import { isAlike } from '../../src/adopt/prove/meaning.js';
import { stateOf } from '../../src/adopt/prove/round.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { bookshopWith, importFrom, textsOf } from './adopting.js';

const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`;

function networkPolicy(name: string, app: string, spec: string): string {
  const selector = app === '' ? '{}' : `{ matchLabels: { app: ${app} } }`;
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: bookshop }
spec: { podSelector: ${selector}, policyTypes: [Ingress], ${spec} }
`;
}

function policy(name: string, spec: string): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: bookshop }
spec: { ${spec} }
`;
}

const fromCatalog = 'from: [{ source: { principals: [cluster.local/ns/bookshop/sa/catalog] } }]';

function podsOf(...apps: readonly string[]): string {
  return apps.map((app) => `{ podSelector: { matchLabels: { app: ${app} } } }`).join(', ');
}

const denyAll = networkPolicy('deny-all', '', 'ingress: []');
const forCatalog = `# Readers see what the catalog says.
${networkPolicy('catalog', 'catalog', `ingress: [{ from: [${podsOf('storefront', 'reviews')}], ports: [{ port: 8080 }] }]`)}`;
const forStock = networkPolicy('stock', 'stock', `ingress: [{ from: [${podsOf('catalog')}] }]`);
const forStorefront = networkPolicy('storefront', 'storefront', 'ingress: [{}]');
const metrics = networkPolicy(
  'metrics',
  '',
  'ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }], ports: [{ port: 8080 }] }]',
);

/** What becomes of a NetworkPolicy among some objects. */
function fateOf(name: string, ...texts: readonly string[]): Fate | undefined {
  const { fates, round } = importFrom(bookshopWith(texts.join('---\n')));
  expect(isProved(round)).toBe(true);
  return fates.find(({ object }) => object.kind === 'NetworkPolicy' && object.name === name);
}

describe('callers that NetworkPolicies alone let in', () => {
  it('are said as rules, and the NetworkPolicies stay', () => {
    const result = importFrom(bookshopWith([strict, denyAll, forCatalog, forStock, forStorefront].join('---\n')));
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toEqual({ said: 5, merged: 0, dead: 0, left: 0 });
    expect(textsOf(result)['bookshop.yaml']).toBe(`apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: bookshop }
spec:
  scope: { namespace: bookshop }
  authorization:
    default: Deny
    allow:
      - name: catalog
        reason: Readers see what the catalog says.
        from: [{ service: storefront }, { service: reviews }]
        to: [{ service: catalog, port: http }]

      - name: stock
        from: [{ service: catalog }]
        to: [{ service: stock }]

      - name: storefront
        to: [{ service: storefront }]
`);
    const { steps, left } = handOver(result);
    expect(steps.flatMap(({ changes, undecided }) => [...changes, ...undecided])).toEqual([]);
    const deleted = steps.filter(({ kind }) => kind === 'delete').flatMap(({ objects }) => objects);
    expect(deleted.map(({ object }) => object.kind)).not.toContain('NetworkPolicy');
    expect(left.map(({ object }) => object.name)).toEqual(['catalog', 'deny-all', 'stock', 'storefront', 'public']);
  });

  it('are the only ones whom the rules let in, also where no network plugin keeps others out', () => {
    const { round, ground } = importFrom(bookshopWith([strict, denyAll, forCatalog, forStock, metrics].join('---\n')));
    const { after } = round;
    if (after === undefined) throw new Error('nothing came out');
    const rest = after.objects.filter(({ object }) => object.kind !== 'NetworkPolicy');
    const alone = stateOf(after, rest, ground.memory.recall);
    expect(rest.length).toBeLessThan(after.objects.length);
    expect(isAlike(comparedWith(ground.before, alone))).toBe(true);
  });

  it('are said of those pods alone where others are open', () => {
    const text = textsOf(importFrom(bookshopWith([strict, forStock].join('---\n'))))['bookshop.yaml'];
    expect(text).toContain('scope: { service: bookshop/stock }');
    expect(text).toContain('default: Deny');
    expect(text).toContain('from: [{ service: catalog }]');
  });

  it('are namespaces where it lets in all pods of some', () => {
    const text = textsOf(importFrom(bookshopWith([strict, denyAll, metrics].join('---\n'))))['bookshop.yaml'];
    expect(text).toContain('from: [{ namespace: monitoring }]\n        to: [{ port: http }]');
  });

  it('are let in beside a denial of Istio’s', () => {
    const denial = policy(
      'no-posts',
      'selector: { matchLabels: { app: catalog } }, action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }]',
    );
    const text = textsOf(importFrom(bookshopWith([strict, forCatalog, denial].join('---\n'))))['bookshop.yaml'];
    expect(text).toContain('- name: catalog');
    expect(text).toContain('- name: no-posts');
  });

  it('call every port of ambient pods where it opens the one of HBONE, and none where it does not', () => {
    const ambient = (text: string) =>
      bookshopWith(text).map((source) => ({
        ...source,
        text: source.text.replaceAll('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
      }));
    const onPorts = (ports: string) =>
      networkPolicy('catalog', 'catalog', `ingress: [{ from: [${podsOf('storefront')}], ports: [${ports}] }]`);
    const open = importFrom(ambient([strict, onPorts('{ port: 8080 }, { port: 15008 }')].join('---\n')));
    expect(textsOf(open)['bookshop.yaml']).toContain(
      '    default: Deny\n    allow:\n      - name: catalog\n        from: [{ service: storefront }]\n',
    );
    const closed = importFrom(ambient([strict, onPorts('{ port: 8080 }')].join('---\n')));
    expect(textsOf(closed)['bookshop.yaml']).toContain('default: Deny\n');
    expect(textsOf(closed)['bookshop.yaml']).not.toContain('allow:');
  });
});

describe('a NetworkPolicy stays unsaid', () => {
  it('where callers need not show who they are', () => {
    expect(fateOf('catalog', denyAll, forCatalog)).toMatchObject({
      because: 'as intents it would treat an unauthenticated client otherwise: anything to bookshop/catalog:80',
      help: 'ask for mutual TLS there, by a PeerAuthentication with mode STRICT',
    });
  });

  it('where ALLOW policies say who may call', () => {
    const allow = policy('stock', `selector: { matchLabels: { app: stock } }, rules: [{ ${fromCatalog} }]`);
    expect(fateOf('stock', strict, forStock, allow)?.because).toBe(
      'AuthorizationPolicy `bookshop/stock` says who may call its pods, and it takes away from that',
    );
  });

  it('where it lets in some of those that have one identity', () => {
    const rest = bookshopWith([strict, forStock].join('---\n')).map((source) => ({
      ...source,
      text: source.text.replace('serviceAccountName: ratings', 'serviceAccountName: catalog'),
    }));
    expect(importFrom(rest).fates.find(({ object }) => object.name === 'stock')).toMatchObject({
      because:
        'it lets in pods by their labels, and `bookshop/ratings`, which it does not let in, has the same ServiceAccount `bookshop/catalog`',
      help: 'give whoever calls a ServiceAccount of its own',
    });
  });

  it.each([
    ['ipBlock: { cidr: 10.0.0.0/8 }', 'it lets in addresses, `10.0.0.0/8`, and these are no identities'],
    ['podSelector: { matchLabels: { app: typo } }', 'no manifest has pods that it lets in'],
    [
      'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: typo } }',
      'no manifest has a namespace that it lets in',
    ],
    [
      'namespaceSelector: { matchLabels: { team: shop } }',
      'it lets in by labels of namespaces, and those of `istio-system` are not known',
    ],
  ])('where no manifest tells whom it lets in: %s', (peer, because) => {
    const text = networkPolicy('stock', 'stock', `ingress: [{ from: [{ ${peer} }] }]`);
    expect(fateOf('stock', strict, text)?.because).toBe(because);
  });

  it('where rules cannot name its ports', () => {
    const text = networkPolicy('stock', 'stock', 'ingress: [{ ports: [{ port: 5000, endPort: 5999 }] }]');
    expect(fateOf('stock', strict, text)?.because).toBe('rules name ports one by one, and no ranges of them');
  });

  it('where none of its pods is in the mesh', () => {
    expect(fateOf('typo', strict, networkPolicy('typo', 'typo', 'ingress: []'))?.because).toBe(
      'it is for no workload of the mesh',
    );
  });
});

it('a NetworkPolicy for what pods send says nothing of callers', () => {
  const leaving = networkPolicy('leaving', 'stock', 'egress: [{}]').replace('[Ingress]', '[Egress]');
  expect(importFrom(bookshopWith(leaving)).fates).toEqual([]);
});

describe('what an import has said of NetworkPolicies', () => {
  const sources = bookshopWith([strict, denyAll, forCatalog].join('---\n'));
  const intentsOf = (result: Imported, edit = (text: string) => text): readonly Source[] =>
    result.round.files.map(({ path, text }) => ({ path: `intents/${path}`, text: edit(text) }));

  it('is said again beside what was written', () => {
    const first = importFrom(sources);
    expect(textsOf(importFrom([...sources, ...intentsOf(first)]))).toEqual(textsOf(first));
  });

  it('is left to the intents once somebody has changed them', () => {
    const first = importFrom(sources);
    const edited = intentsOf(first, (text) => text.replace('- name: catalog', '- name: readers'));
    const again = importFrom([...sources, ...edited]);
    expect(Object.keys(textsOf(again))).not.toContain('bookshop.yaml');
    expect(isProved(again.round)).toBe(true);
  });
});
