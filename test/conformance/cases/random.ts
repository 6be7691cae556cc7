import { fc } from '../../support/fast-check.js';
import { variedSources } from '../../support/generate/varied.js';
import { projectSources } from '../../support/property-projects.js';
import type { Project } from './project.js';

const generators = { varied: variedSources, traffic: projectSources };

/** Random small projects with intents, the same for the same seed. */
export function randomProjects(kind: keyof typeof generators, seed: number, count: number): Project[] {
  return fc
    .sample(generators[kind], { seed, numRuns: count })
    .map((sources, index) => ({ name: `random/${kind}-${seed}-${index}`, sources, options: { today: '2026-06-01' } }));
}
