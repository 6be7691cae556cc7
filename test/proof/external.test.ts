import { describe, expect, it } from 'vitest';
import { compile, verify } from '../../src/pipeline.js';
import { goldenCases } from '../support/cases.js';

/** Ways in which somebody might change what an authorizer is asked about, and none of which says the same. */
const changes: ReadonlyArray<readonly [what: string, from: string, to: string]> = [
  ['another exception', '- /healthz\n', '- /health*\n'],
  ['no exception', '\n        notPaths:\n        - /healthz', ''],
  ['the exception alone', 'notPaths:', 'paths:'],
  ['another port', '- "80(?:80)?"', '- "9090"'],
  ['another authorizer', 'name: oauth2-proxy', 'name: opa'],
];

const options = { today: '2026-06-01', provenance: 'none' } as const;
const isAsking = /authorizationpolicy.*-external(?:-sidecar)?\.yaml$/;
const cases = ['on-sidecars', 'behind-waypoint', 'under-an-open-default', 'of-pods-of-both-kinds'];

describe.each(cases)('what an authorizer is asked about, %s', (name) => {
  const sources = goldenCases().find((each) => each.name === `placement/external-${name}`)?.sources ?? [];
  const { files, proof } = compile(sources, options);
  const codesWith = (applied: typeof files) => {
    const { diagnostics } = verify(sources, { today: options.today, applied });
    return diagnostics.map(({ code }) => code);
  };

  it('is what the settings name', () => {
    expect(proof).toMatchObject({ differences: [], asks: [], doubts: [], undecided: [] });
  });

  it.each(changes)('is not with %s', (_, from, to) => {
    const pattern = new RegExp(from);
    const applied = files.map(({ path, text }) => ({
      path,
      text: isAsking.test(path) ? text.replace(pattern, to) : text,
    }));
    expect(applied).not.toEqual(files);
    expect(codesWith(applied)).toContain('AMB5156');
  });

  it('is not where nobody is asked', () => {
    expect(codesWith(files.filter(({ path }) => !isAsking.test(path)))).toContain('AMB5156');
  });
});

it('frees nobody from the other rules', () => {
  const sources = goldenCases().find((each) => each.name === 'placement/external-on-sidecars')?.sources ?? [];
  const { files } = compile(sources, options);
  const applied = files.filter(({ path }) => !path.endsWith('-allow.yaml'));
  const { diagnostics } = verify(sources, { today: options.today, applied });
  expect(diagnostics.map(({ code }) => code)).toContain('AMB5003');
});
