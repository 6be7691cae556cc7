import { expect, it } from 'vitest';
import type { CompileResult } from '../../src/pipeline.js';
import { fc } from '../support/fast-check.js';
import { compileSources, projectSources, rewritten } from '../support/property-projects.js';

const twice = projectSources.chain((sources) => fc.tuple(fc.constant(sources), rewritten(sources)));

it('the order of files, documents and fields changes no byte of the output', () => {
  fc.assert(
    fc.property(twice, ([sources, otherwise]) => {
      expect(compileSources(otherwise).files).toEqual(compileSources(sources).files);
    }),
    { numRuns: 150 },
  );
});

it('the order of files, documents and fields changes nothing that is said', () => {
  fc.assert(
    fc.property(twice, ([sources, otherwise]) => {
      expect(said(compileSources(otherwise))).toEqual(said(compileSources(sources)));
    }),
    { numRuns: 150 },
  );
});

function said({ diagnostics }: CompileResult): string[] {
  return diagnostics.map(({ code, message, witness }) => `${code} ${message} ${witness ?? ''}`).sort();
}
