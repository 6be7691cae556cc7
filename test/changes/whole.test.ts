import { expect, it } from 'vitest';
import type { State } from '../../src/changes/change.js';
import { compareMeshes } from '../../src/changes/compare-meshes.js';
import { judgeMesh } from '../../src/judged-mesh.js';
import { type DiffCase, diffCases } from '../support/diff-cases.js';

/** A side without its Mesh document, of one cluster: what is compared matters, and not where it was read. */
async function stateOf({ files }: DiffCase, side: string): Promise<State | undefined> {
  const sources = Object.entries(files).flatMap(([path, text]) =>
    path.startsWith(`/work/${side}/`) && path.endsWith('.yaml') && !/kind: (?:Mesh|Project)$/m.test(text)
      ? [{ path: path.slice(`/work/${side}/`.length), text }]
      : [],
  );
  const judging = { today: '2026-06-01', faults: [], written: undefined, question: undefined };
  const { value } = await judgeMesh(sources, judging);
  return value && { mesh: value.mesh, objects: value.objects };
}

it.each(diffCases().map((each) => [each.name, each] as const))(
  'finds as much in what differs as in all of %s',
  async (_, golden) => {
    const [before, after] = [await stateOf(golden, 'before'), await stateOf(golden, 'after')];
    if (before === undefined || after === undefined) return;
    const [part, whole] = [compareMeshes(before, after), compareMeshes(before, after, { isWhole: true })];
    const told = ({ changes }: typeof part) =>
      changes.map(({ kind, place, callers, requests, was, is, causes }) => {
        return { kind, place, callers: callers?.names, requests, was, is, causes: causes.map(({ what }) => what) };
      });
    expect(told(part)).toEqual(told(whole));
    expect(part.undecided).toEqual(whole.undecided);
    expect(part.compared.ways).toBeLessThanOrEqual(whole.compared.ways);
  },
);
