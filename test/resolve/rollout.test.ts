import { describe, expect, it } from 'vitest';
import { compile } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

const cases = goldenCases().filter(({ name }) => name.startsWith('traffic/rollout-'));

/** The files that a case compiles to once so many steps of its rollout are taken. */
function filesAt({ sources, options }: (typeof cases)[number], step: number): ReadonlyMap<string, string> {
  const at = sources.map((source) => ({ ...source, text: source.text.replace(/(?<=\bstep: )\d+/, String(step)) }));
  const { diagnostics, files } = compile(at, options);
  expect(diagnostics.map(({ code }) => code)).toEqual(['AMB2103']);
  return new Map(files.map(({ path, text }) => [path, text]));
}

const weight = /(?<=weight: )\d+/g;

describe.each(cases)('the steps of the rollout in $name', (golden) => {
  it('change weights and nothing else', () => {
    const withoutWeights = [0, 1, 2, 3, 4].map((step) => {
      const files = [...filesAt(golden, step)];
      return files.map(([path, text]) => [path, text.replace(weight, '…')]);
    });
    for (const files of withoutWeights) expect(files).toEqual(withoutWeights[0]);
  });

  it('give the new version its share', () => {
    const shares = [0, 1, 2, 3, 4].map((step) => {
      const routes = [...filesAt(golden, step)].flatMap(([path, text]) => (/route|virtual/.test(path) ? [text] : []));
      return routes.join().match(weight)?.slice(-2).map(Number);
    });
    expect(shares).toEqual([
      [0, 100],
      [5, 95],
      [25, 75],
      [50, 50],
      [100, 0],
    ]);
  });
});

it('knows a case for each data plane', () => {
  expect(cases).toHaveLength(2);
});
