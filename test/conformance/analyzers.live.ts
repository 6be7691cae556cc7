import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filesBelow } from '../support/cases.js';
import { findingIn, isSecurity } from './analyzers/findings.js';
import { type Beside, besides, besideTable, saidOf, unspoken } from './analyzers/side-by-side.js';
import { unasked } from './answers/comparison.js';
import { objectsOf } from './cases/apply.js';
import { meshDocument } from './cases/project.js';
import { judgeAll } from './judge-process.js';

// The analyzers' own test inputs lie in Istio's module: they are read there, and nothing of them is copied.
const folder = new URL('.', import.meta.url).pathname;
const found = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], {
  cwd: join(folder, 'judge'),
  encoding: 'utf8',
});
const inputs = filesBelow(join(found.stdout.trim(), 'pkg/config/analysis/analyzers/testdata')).filter((path) =>
  path.endsWith('.yaml'),
);

const all: Beside[] = [];

it('Ambit speaks of what the analyzers find about who gets in', () => {
  const cases = inputs.map((path) => {
    const standing = { name: basename(path), cluster: 'default', mesh, objects: objectsOf(readFileSync(path, 'utf8')) };
    return { standing, ...unasked(standing) };
  });
  for (const [index, answer] of judgeAll(folder, cases, ['--analyze']).entries()) {
    const { name = '', objects = [] } = cases[index]?.standing ?? {};
    const findings = (answer.analyzed ?? []).flatMap(findingIn).filter(isSecurity);
    if (findings.length > 0) all.push(...besides(name, findings, saidOf(objects)));
  }
  expect(all.length).toBeGreaterThan(0);
  expect(unspoken(all)).toEqual([]);
});

const mesh = meshDocument({ clusters: [{ name: 'default' }] });

afterAll(() => console.info(besideTable(all)));
