import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpointFeatures, endpointRows, isRefusedSomewhere } from './support/docs/endpoint-table.js';
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

  it('shows a golden case for everything that is asked of the way to pods, and for what somebody does otherwise', () => {
    expect(Object.keys(endpointRows).sort()).toEqual([...endpointFeatures].sort());
    const cases = Object.values(endpointRows).flatMap(({ kept, refused }) => [kept, ...(refused ? [refused] : [])]);
    expect(cases.filter((name) => !existsSync(new URL(`../golden/${name}/case.yaml`, import.meta.url)))).toEqual([]);
    const unshown = endpointFeatures.filter((feature) => isRefusedSomewhere(feature) && !endpointRows[feature].refused);
    expect(unshown).toEqual([]);
  });
});
