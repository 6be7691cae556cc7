import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue, type DiagnosticName } from '../../../src/diagnostics/catalogue.js';
import { lintForErrors, lintTopology } from '../../../src/lint/topology/lint-topology.js';
import { filesBelow } from '../../support/cases.js';
import { ambient, documents, namespace, workload } from '../../topology/support/builders.js';
import { topologyOf } from '../../topology/support/topology.js';

const lints = new URL('../../../src/lint/topology/', import.meta.url).pathname;

it('looks for all errors where warnings are not looked for', () => {
  const telling = filesBelow(lints).filter((path) => {
    const names = [...readFileSync(path, 'utf8').matchAll(/diagnostic\(\s*'([a-z-]+)'/g)];
    return names.some(([, name]) => catalogue[name as DiagnosticName].severity === 'error');
  });
  expect(telling.map((path) => basename(path))).toEqual(['revisions.ts']);
});

it('finds the same errors, and no warning', () => {
  const unknown = { 'istio.io/rev': 'old' };
  const { value: topology } = topologyOf(
    documents(namespace('shop', unknown), namespace('pay', { ...unknown, ...ambient }), workload('a')),
  );
  const all = lintTopology(topology);
  expect(all.map(({ severity }) => severity)).toEqual(expect.arrayContaining(['error', 'warning']));
  expect(lintForErrors(topology)).toEqual(all.filter(({ severity }) => severity === 'error'));
});
