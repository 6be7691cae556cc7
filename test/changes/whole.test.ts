import { expect, it } from 'vitest';
import type { Changes, State } from '../../src/changes/change.js';
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

/** What is not known, place by place. */
function pointsOf({ undecided }: Changes): readonly string[] {
  return undecided.flatMap(({ fact, isCrossing, places }) =>
    [...places, undefined].map((place) => JSON.stringify([fact, isCrossing, place])),
  );
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
    // What nothing differs about is as unknown as it was, and no change.
    const lasting = pointsOf(compareMeshes(after, after, { isWhole: true }));
    const [found, all] = [pointsOf(part), pointsOf(whole)];
    expect(found.filter((each) => !all.includes(each))).toEqual([]);
    expect(all.filter((each) => !found.includes(each) && !lasting.includes(each))).toEqual([]);
    expect(part.compared.ways).toBeLessThanOrEqual(whole.compared.ways);
  },
);
