import { describe, expect, it } from 'vitest';
import { isAcceptable } from '../../src/acceptances/acceptable.js';
import { baselineOf } from '../../src/acceptances/baseline.js';
import { clustersOf } from '../../src/acceptances/finding.js';
import { type Source, verify } from '../../src/pipeline.js';
import { baselineToText } from '../../src/report/baseline.js';
import { goldenCases } from '../support/cases.js';

const today = '2026-06-01';

function baselineFor(sources: readonly Source[], found = verify(sources, { today })): string {
  return baselineToText({ name: 'findings' }, baselineOf(found, clustersOf(sources)));
}

/** The same documents further down, and in another order of files. */
function moved(sources: readonly Source[]): readonly Source[] {
  return sources.map(({ text, ...source }) => ({ ...source, text: `# moved\n\n${text}` })).reverse();
}

describe.each(goldenCases('lint'))('a baseline of $name', ({ sources }) => {
  const found = verify(sources, { today });
  const text = baselineFor(sources, found);
  const baseline = { path: 'findings.yaml', text };

  it('accepts all that is found and can be, and nothing is left of it', () => {
    const { diagnostics, accepted } = verify([...sources, baseline], { today });
    expect(diagnostics.filter((each) => isAcceptable(each) || each.name === 'baseline-outdated')).toEqual([]);
    const before = found.diagnostics.filter(isAcceptable);
    expect(accepted.map(({ diagnostic: { message } }) => message).sort()).toEqual(
      before.map(({ message }) => message).sort(),
    );
  });

  it('is the same wherever the documents stand', () => {
    expect(baselineFor(moved(sources))).toBe(text);
  });
});

it('does not take one finding for another', () => {
  const found = goldenCases('lint').flatMap(({ name, sources }) => {
    const { diagnostics } = verify(sources, { today });
    const distinct = new Set(
      diagnostics.filter(isAcceptable).map(({ code, message, span }) => `${code} ${message} ${span?.start}`),
    );
    const listed = baselineOf({ diagnostics, accepted: [] }, clustersOf(sources));
    return distinct.size === listed.length ? [] : [`${name}: ${distinct.size} findings, ${listed.length} fingerprints`];
  });
  expect(found).toEqual([]);
});
