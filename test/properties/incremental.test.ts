import { expect, it } from 'vitest';
import { type CompileResult, compile } from '../../src/pipeline.js';
import type { Demand } from '../../src/proof/intents/demands.js';
import { keyInMesh } from '../../src/topology/model.js';
import { newMemory } from '../../src/util/memory.js';
import { fc } from '../support/fast-check.js';
import { editedStates } from '../support/generate/edits.js';
import { variedSources } from '../support/generate/varied.js';
import { projectSources } from '../support/property-projects.js';

// AMBIT_RUNS and AMBIT_SEED choose a longer run, or another.
const numRuns = Number(process.env.AMBIT_RUNS ?? 20);
const seed = Number(process.env.AMBIT_SEED ?? 1);

it.each([
  ['rules of every sort', variedSources],
  ['routes', projectSources],
])('what is remembered of earlier runs changes nothing: %s', (_, projects) => {
  fc.assert(
    fc.property(projects.chain(editedStates), (states) => {
      const memory = newMemory();
      // Back to the first one in the end: what was kept of it must not be mixed with what came in between.
      for (const sources of [...states, ...states.slice(0, 1)]) {
        expect(said(compile(sources, { today, memory }))).toBe(said(compile(sources, { today })));
      }
    }),
    { seed, numRuns },
  );
});

const today = '2026-06-01';

/** Everything that a compilation says, as text: files byte for byte, and findings one for one. */
function said({ files, judged, diagnostics, accepted, tests, proof }: CompileResult): string {
  const { workloads, lanes, differences = [], doubts = [], undecided = [] } = proof ?? {};
  const nameOf = ({ workload }: Demand) => keyInMesh(workload);
  const found = [
    ...differences.map(({ kind, witness, requests, demand }) => [kind, witness, requests, nameOf(demand)]),
    ...doubts.map(({ fact, demands }) => [fact, demands.map(nameOf)]),
    ...undecided.map(({ policy, demands }) => [policy, demands.map(nameOf)]),
  ];
  const told = diagnostics.map(({ span, ...rest }) => ({
    ...rest,
    span: span && [span.file.path, span.start, span.end],
  }));
  const outcomes = tests.map(({ kind }) => kind);
  return JSON.stringify({ files, judged, told, accepted, outcomes, workloads, lanes, found }, withoutTexts, 1);
}

/** Where something is written is said by its place: a file's text says nothing more. */
function withoutTexts(key: string, value: unknown): unknown {
  return key === 'file' ? Object(value).path : value;
}
