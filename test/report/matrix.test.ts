import { expect, it } from 'vitest';
import { matrixToText } from '../../src/report/matrix.js';
import { matrixOf } from '../../src/trace/matrix/matrix.js';
import { meshOf, policy, threeNamespaces, workload } from '../mesh/support/mesh.js';
import { plainPage } from '../support/page.js';

const shown = (caller: string): readonly string[] => {
  const mesh = meshOf(`${threeNamespaces}
${workload('side', caller)}
${policy('side', 'writers', `{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [side/${caller}] } }] }] }`)}
`);
  const matrix = matrixOf(mesh, { to: 'side/server:80', cluster: undefined }).value;
  return matrix === undefined ? [] : matrixToText(matrix, plainPage).split('\n');
};

it('keeps a caller apart from what it gets through, however long its name is', () => {
  expect(shown('checkoutservice-canary')).toContainEqual(
    expect.stringMatching(/^sidecar {4}side\/checkoutservice-canary {2,}✓ anything {4,}✗ nothing$/),
  );
});

it('breaks a name behind its namespace where no room is left for it', () => {
  const name = 'the-checkout-service-of-the-second-generation';
  const lines = shown(name);
  expect(lines).toContainEqual(expect.stringMatching(/^sidecar {4}side\/ {4,}✓ anything {4,}✗ nothing$/));
  expect(lines).toContainEqual(`             ${name}`);
});
