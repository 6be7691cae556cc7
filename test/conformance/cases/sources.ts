import { handWritten } from './hand-written/hand-written.js';
import { migrations } from './migrations.js';
import { standingsOf } from './project.js';
import { randomProjects } from './random.js';
import { referenceProjects } from './reference.js';
import { exampleProjects, goldenProjects } from './repository.js';
import type { Standing } from './standing.js';

/** Where cases come from; `count` is how many of those that are endless. */
export type SourceOfCases = (seed: number, count: number) => Iterable<Standing>;

export const sourcesOfCases: Readonly<Record<string, SourceOfCases>> = {
  examples: () => exampleProjects().flatMap(standingsOf),
  goldens: () => goldenProjects().flatMap(standingsOf),
  'random projects': (seed, count) => randomProjects('varied', seed, Math.ceil(count / 2)).flatMap(standingsOf),
  'random traffic': (seed, count) => randomProjects('traffic', seed, Math.ceil(count / 4)).flatMap(standingsOf),
  'reference data': () => referenceProjects().flatMap(standingsOf),
  'hand-written': handWritten,
  migrations,
};
