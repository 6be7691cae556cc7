import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { filesBelow } from './support/cases.js';

const root = new URL('..', import.meta.url).pathname;

interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

/** As kubectl names a kind: `services`, `httproutes.gateway.networking.k8s.io`. */
function resourceOf({ apiVersion, kind }: Written): string {
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  const plural = /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  return [plural.toLowerCase(), group].filter((part) => part !== '').join('.');
}

it('names every kind that the output can hold, for whoever has to take it away', () => {
  const page = readFileSync(join(root, 'docs/applying.md'), 'utf8');
  const listed = new Set(page.match(/[a-z]+(?:\.[a-z0-9.]+)?/g));
  const trees = filesBelow(join(root, 'golden')).filter((path) => /\/expected\/.*\.yaml$/.test(path));
  const objects = trees.flatMap((path) => loadAll(readFileSync(path, 'utf8')) as Written[]);
  const own = objects.filter((each) => each?.metadata?.labels?.['app.kubernetes.io/managed-by'] === 'ambit');
  const kinds = [...new Set(own.map(resourceOf))].sort();
  expect(kinds.length).toBeGreaterThan(5);
  expect(kinds.filter((kind) => !listed.has(kind))).toEqual([]);
});
