import { judgeMesh } from '../../../src/judged-mesh.js';
import type { Source } from '../../../src/parse/parse-sources.js';
import { keyOf } from '../../../src/topology/model.js';
import { objectsIn } from './dump.js';
import type { Plane } from './running.js';
import type { Served } from './served.js';

/** Every cluster of a project to which its output was applied, each with all that is in it. */
export async function clustersRunning(sources: readonly Source[]): Promise<ReadonlyMap<string, readonly Served[]>> {
  const { value } = await judgeMesh(sources, {
    today: '2026-11-20',
    faults: [],
    written: undefined,
    question: undefined,
  });
  if (value === undefined) throw new Error('the project does not compile');
  const { objects, mesh } = value;
  return new Map(
    mesh.topology.clusters.map(({ name, workloads, settings }) => {
      const planes = new Map([...workloads.values()].map((each) => [keyOf(each), each.mode.plane]));
      const planeOf = (workload: string): Plane => {
        const plane = planes.get(workload);
        return plane === 'sidecar' || plane === 'ambient' ? plane : 'none';
      };
      const applied = objects
        .filter(({ cluster }) => cluster === name)
        .map(({ object }): Served => JSON.parse(JSON.stringify(object.value)));
      return [name, objectsIn({ applied, istio: settings.istio, planeOf })];
    }),
  );
}
