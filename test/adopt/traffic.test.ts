import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { isProved } from '../../src/adopt/import-objects.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';
import { bookshopWith, importFrom, rulesIn, textsOf } from './adopting.js';

const subsets = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: bookshop }
spec:
  host: reviews
  subsets:
    - { name: stable, labels: { version: v1 } }
    - { name: next, labels: { version: v2 } }
`;

function routes(http: string, name = 'reviews'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: bookshop }
spec:
  hosts: [${name}]
  http: ${http}
`;
}

function imported(...texts: readonly string[]) {
  const sources = bookshopWith(texts.join('---\n'));
  const result = importFrom(sources);
  expect(isProved(result.round)).toBe(true);
  const { said, merged, dead, left } = totalOf(result.fates);
  expect(said + merged + dead + left).toBe(rulesIn(sources));
  const because = result.fates.flatMap((fate) => fate.because ?? []);
  return { text: textsOf(result)['bookshop.yaml'] ?? '', said, dead, left, because };
}

const toSubset = (subset: string, weight?: number) =>
  `{ destination: { host: reviews, subset: ${subset} }${weight === undefined ? '' : `, weight: ${weight}`} }`;

describe('routes of a Service', () => {
  it('become a split with the versions that it names', () => {
    const { text, said } = imported(
      subsets,
      routes(`[{ route: [${toSubset('stable', 90)}, ${toSubset('next', 10)}], timeout: 3s }]`),
    );
    expect(said).toBe(2);
    expect(text).toContain('split: { stable: 90, next: 10 }');
    expect(text).toContain('stable: { labels: { version: v1 } }');
    expect(text).toContain('timeout: 3s');
  });

  it('are told one by one where they choose', () => {
    const tester = `{ match: [{ headers: { x-tester: { exact: anna } }, uri: { prefix: /books/ } }], route: [${toSubset('next')}] }`;
    const rest = `{ route: [${toSubset('stable')}], retries: { attempts: 2, retryOn: "connect-failure,unavailable" } }`;
    const { text, left } = imported(subsets, routes(`[${tester}, ${rest}]`));
    expect(left).toBe(0);
    expect(text).toContain('match: [{ paths: [/books/*], headers: { x-tester: [anna] } }]');
    expect(text).toContain('retries: { attempts: 2, retryOn: [connect-failure, unavailable] }');
  });

  it('are left out where they say what happens anyway', () => {
    const { text, dead, because } = imported(routes('[{ route: [{ destination: { host: catalog } }] }]', 'catalog'));
    expect({ text, dead, because }).toEqual({ text: '', dead: 1, because: ['it says what happens anyway'] });
  });

  it.each([
    [
      '{ fault: { abort: { httpStatus: 500, percentage: { value: 1 } } }, route: [{ destination: { host: catalog } }] }',
      '`fault` of a route is not imported',
    ],
    [
      '{ match: [{ sourceLabels: { app: storefront } }], route: [{ destination: { host: catalog } }] }',
      '`sourceLabels` in a match is not imported',
    ],
    ['{ route: [{ destination: { host: api.example.com } }] }', '`api.example.com` is no Service among the manifests'],
  ])('stay where nothing says them: %s', (rule, why) => {
    expect(imported(routes(`[${rule}]`, 'catalog'))).toMatchObject({ left: 1, because: [why] });
  });

  it('stay with their subsets', () => {
    const policy = subsets.replace(
      '  subsets:',
      '  trafficPolicy: { loadBalancer: { simple: LEAST_REQUEST } }\n  subsets:',
    );
    const { left } = imported(policy, routes(`[{ route: [${toSubset('stable', 90)}, ${toSubset('next', 10)}] }]`));
    expect(left).toBe(2);
  });
});

describeWithShared('Bookinfo and Online Boutique', () => {
  const read = (...paths: readonly string[]): readonly Source[] => [
    {
      path: 'ns.yaml',
      text: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { istio-injection: enabled } }\n',
    },
    ...paths.map((path) => ({ path, text: readFileSync(join(sharedDirectory, 'realworld', path), 'utf8') })),
  ];

  it('Bookinfo is said but for its gateway and its delay', () => {
    const files = [
      'bookinfo',
      'bookinfo-versions',
      'bookinfo-gateway',
      'destination-rule-all',
      'virtual-service-reviews-90-10',
      'virtual-service-ratings-test-delay',
    ];
    const sources = read(...files.map((name) => `bookinfo/${name}.yaml`));
    const result = importFrom(sources);
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toEqual({ said: 2, merged: 0, dead: 2, left: 4 });
    expect(textsOf(result)['default.yaml']).toContain('split: { v1: 90, v2: 10 }');
  });

  it('Online Boutique keeps its entry and its hosts outside', () => {
    const result = importFrom(
      read('online-boutique/kubernetes-manifests.yaml', 'online-boutique/istio-manifests.yaml'),
    );
    expect(isProved(result.round)).toBe(true);
    expect(totalOf(result.fates)).toEqual({ said: 1, merged: 0, dead: 0, left: 3 });
  });
});
