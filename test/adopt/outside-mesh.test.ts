import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { isProved } from '../../src/adopt/import-objects.js';
import { bookshopWith, importFrom, textsOf } from './adopting.js';

const old = `apiVersion: v1
kind: Service
metadata: { name: old, namespace: bookshop }
spec: { selector: { app: old }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: old, namespace: bookshop }
spec:
  selector: { matchLabels: { app: old } }
  template:
    metadata: { labels: { app: old, sidecar.istio.io/inject: "false" } }
    spec: { containers: [{ name: main, image: example, ports: [{ containerPort: 8080 }] }] }
`;

const strict = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: bookshop }
spec: { mtls: { mode: STRICT } }
`;

const apps = ['catalog', 'ratings', 'reviews', 'stock', 'storefront'];

function allow(name: string, spec: string): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: bookshop }
spec: ${spec}
`;
}

const fromStorefront = 'rules: [{ from: [{ source: { serviceAccounts: [bookshop/storefront] } }] }]';
const own = apps.map((app) => allow(app, `{ selector: { matchLabels: { app: ${app} } }, ${fromStorefront} }`));
const wide = allow('from-monitoring', '{ rules: [{ from: [{ source: { namespaces: [monitoring] } }] }] }');
const closing = allow('allow-nothing', '{}');

function fatesWith(...objects: readonly string[]) {
  const imported = importFrom(bookshopWith([old, ...objects].join('---\n')));
  expect(isProved(imported.round)).toBe(true);
  const stays = imported.fates.filter(({ counts }) => counts.left > 0);
  return { imported, stays, texts: textsOf(imported), total: totalOf(imported.fates) };
}

describe('a namespace of which one workload is not in the mesh', () => {
  it('has settings of single Services, where each has policies of its own', () => {
    const { stays, texts } = fatesWith(...own);
    expect(stays).toEqual([]);
    expect(texts['bookshop.yaml']).toContain('scope: { service: bookshop/catalog }');
    expect(texts['bookshop.yaml']).not.toContain('scope: { namespace: bookshop }');
  });

  it('keeps a policy for that one, and is told why it is for nobody', () => {
    const { stays } = fatesWith(allow('old', `{ selector: { matchLabels: { app: old } }, ${fromStorefront} }`));
    expect(stays.map(({ because, help }) => [because, help])).toEqual([
      [
        'it selects `bookshop/old` alone, which is not in the mesh',
        'enrol what it selects, or give the manifest of the namespace if that does, and import again',
      ],
    ]);
  });

  it('keeps what closes all of it, and nothing else', () => {
    const { stays, texts, total } = fatesWith(strict, closing, wide, ...own);
    expect(stays.map(({ key }) => key)).toEqual([
      'AuthorizationPolicy bookshop/allow-nothing',
      'PeerAuthentication bookshop/strict',
    ]);
    expect(
      stays.every(({ because }) => because?.startsWith('`bookshop/old` of its namespace is not in the mesh')),
    ).toBe(true);
    expect(stays.every(({ help }) => help?.startsWith('enrol it'))).toBe(true);
    expect(total.left).toBe(2);
    expect(texts['bookshop.yaml']?.match(/from: \[\{ namespace: monitoring \}\]/g)).toHaveLength(apps.length);
  });

  it('keeps what allows something in all of it, where nothing else closes what is deployed later', () => {
    const { stays } = fatesWith(wide, ...own);
    expect(stays.map(({ key }) => key)).toEqual([
      ...apps.map((app) => `AuthorizationPolicy bookshop/${app}`).slice(0, 1),
      'AuthorizationPolicy bookshop/from-monitoring',
      ...apps.map((app) => `AuthorizationPolicy bookshop/${app}`).slice(1),
    ]);
  });

  it('says of the namespace what promises nothing of that workload', () => {
    const { stays, texts } = fatesWith(strict.replace('STRICT', 'PERMISSIVE'));
    expect(stays).toEqual([]);
    expect(texts['bookshop.yaml']).toContain('mtls: { mode: Permissive }');
  });
});
