import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compile, type Source, verify } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';

const watching = goldenCases().filter(({ name }) =>
  /^stages\/(?:sidecar|ambient|waypoint|gateway|inheritance-.*)$/.test(name),
);

interface Policy {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: object;
}

/** What is left of a policy whoever asked for it, and whatever it is called. */
function policiesOf(sources: readonly Source[]): ReadonlyMap<string, Policy> {
  const objects = compile(sources).files.map(({ text }) => parse(text) as Policy);
  return new Map(
    objects.filter(({ kind }) => kind === 'AuthorizationPolicy').map((policy) => [policy.metadata.name, policy]),
  );
}

function enforcedAtOnce(sources: readonly Source[]): Source[] {
  return sources.map((source) => ({ ...source, text: source.text.replaceAll('stage: Shadow', 'stage: Enforce') }));
}

describe.each(watching)('settings of stage Shadow: $name', ({ name, sources }) => {
  it('are watched by the policies that would be enforced', () => {
    const [before, after] = [policiesOf(sources), policiesOf(enforcedAtOnce(sources))];
    const dryRuns = [...before.values()].filter(({ metadata }) => metadata.annotations['istio.io/dry-run'] === 'true');
    expect(dryRuns.length).toBeGreaterThan(0);
    for (const { metadata, spec } of dryRuns) {
      expect(metadata.name).toMatch(/-shadow$/);
      expect(spec).toEqual(after.get(metadata.name.replace(/-shadow$/, ''))?.spec);
    }
    const changed = [...after].filter(([name, { spec }]) => {
      return JSON.stringify(before.get(name)?.spec) !== JSON.stringify(spec);
    });
    expect(changed.map(([name]) => `${name}-shadow`).filter((name) => !before.has(name))).toEqual([]);
  });

  // Beside wider rules that are in force, what a stricter scope leaves of them lets in nobody else.
  it.skipIf(name.endsWith('stricter'))(
    'change nothing without the annotation only if they would change nothing enforced',
    () => {
      const { files } = compile(sources);
      const applied = (text: (file: string) => string) => files.map((file) => ({ ...file, text: text(file.text) }));
      const verdict = (text: (file: string) => string) =>
        verify(sources, { applied: applied(text) }).diagnostics.filter(({ severity }) => severity === 'error');
      expect(verdict((text) => text)).toEqual([]);
      expect(verdict((text) => text.replace('istio.io/dry-run: "true"', 'istio.io/dry-run: "false"'))).not.toEqual([]);
    },
  );
});
