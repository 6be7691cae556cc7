import { describe, expect, it } from 'vitest';
import { cellsOf, columns, featureNames, knownFeatures, nameOf } from './support/docs/traffic.js';
import { evidenceOf } from './support/docs/traffic-evidence.js';

describe('docs/traffic.md', () => {
  it('has a row for everything that traffic settings may ask of routes', () => {
    expect(Object.keys(featureNames).sort()).toEqual([...knownFeatures].sort());
  });

  it('shows a golden case for every kind of object and every refusal', () => {
    const evidence = evidenceOf();
    const cells = knownFeatures.flatMap((feature) =>
      columns.flatMap((column) =>
        cellsOf(feature, column).map(({ outcome }) => `${feature} ${column.name} ${nameOf(outcome)}`),
      ),
    );
    expect(cells.filter((cell) => !evidence.has(cell))).toEqual([]);
  });
});
