import { describe, expect, it } from 'vitest';
import { endpointCapabilities, notKept } from '../src/dataplanes/endpoints.js';
import { limitCapabilities } from '../src/dataplanes/limits.js';
import { endpointEvidence } from './support/docs/endpoint-evidence.js';
import { endpointCells, endpointColumns, endpointFeatures } from './support/docs/endpoints.js';
import { hostRows, shownBy } from './support/docs/hosts.js';
import { limitCell, limitEvidence } from './support/docs/limits.js';
import { reachabilityEvidence, reachabilityRows } from './support/docs/reachability.js';
import { knownRecords, recordCells, recordColumns, recordEvidence, recordFeatures } from './support/docs/records.js';
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

  it('has a row for everything that traffic settings may ask of the way to pods', () => {
    const known = new Set(endpointCapabilities.map(({ feature }) => feature));
    expect([...endpointFeatures].sort()).toEqual([...known].sort());
  });

  it('shows a golden case for all that is written, planned or refused on the way to pods', () => {
    const evidence = endpointEvidence();
    const cells = endpointFeatures.flatMap((feature) =>
      endpointColumns.flatMap((column) =>
        endpointCells(feature, column).map(({ outcome }) => `${feature} ${column.name}: ${outcome}`),
      ),
    );
    expect(cells.filter((cell) => !evidence.has(cell))).toEqual([]);
  });

  it('shows a golden case for what sidecars are told to know, and for pods that have none', () => {
    expect([...reachabilityEvidence().keys()].sort()).toEqual([...reachabilityRows, 'ztunnel'].sort());
  });

  it('has a row for all that proxies record', () => {
    expect([...recordFeatures].sort()).toEqual([...knownRecords].sort());
  });

  it('shows a golden case for all that is recorded, planned or refused', () => {
    const evidence = recordEvidence();
    const cells = recordFeatures.flatMap((feature) =>
      recordColumns.flatMap(({ point }) =>
        recordCells(feature, point).map(({ outcome }) => `${feature} ${point}: ${outcome}`),
      ),
    );
    expect(cells.filter((cell) => !evidence.has(cell))).toEqual([]);
  });

  it('shows a golden case for every point that counts requests', () => {
    const cells = limitCapabilities.map(({ count, point }) => limitCell(count, point));
    expect([...limitEvidence().keys()].sort()).toEqual(cells.sort());
  });

  it.each(hostRows)('shows golden cases of hosts outside the mesh for %s', (_, ...cells) => {
    for (const { golden, shows } of cells) expect([...shownBy(golden)]).toEqual(expect.arrayContaining([...shows]));
  });

  it('says rightly that ztunnel keeps to nothing for a Service without virtual IP', () => {
    const settings = { istio: { version: '1.31' } } as unknown as Parameters<typeof notKept>[2];
    const kept = endpointFeatures.filter((feature) => notKept(feature, 'ztunnel', settings, true) === undefined);
    expect(kept).toEqual([]);
  });
});
