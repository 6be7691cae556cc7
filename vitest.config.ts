import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The mutants take as long as a third of all other tests: begun last they would run alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/test/mutation/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/write-validators.mjs',
    sequence: { sequencer: LongestFirst },
    // One less unless told otherwise, and the process that hands the files out has next to nothing to do.
    maxWorkers: '100%',
    // A missing golden must fail instead of being written; `npm run golden:update` passes -u.
    update: 'none',
    // Nothing here takes a minute; a machine that does much else at once may be many times slower.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
