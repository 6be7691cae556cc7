import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../src/parse/document.js';
import { compile, type OutputFile, verify } from '../../src/pipeline.js';
import { type Case, goldenCases } from '../support/cases.js';
import { type Mutant, mutantsOf } from '../support/traffic-mutants/mutants.js';

/** What means the same as what is emitted, and why. */
const alike: ReadonlyArray<{ readonly why: string; readonly what: RegExp; readonly in?: RegExp }> = [
  {
    why: 'each filter counts by itself, and all headers must match',
    what: /(?:configPatches|headers|rate_limits|^descriptors) \d behind/,
  },
  {
    why: 'the name of a filter and of its statistics is for people',
    what: /(?:value\.name|stat_prefix) "|typed_config\.stat_prefix left out/,
  },
  { why: 'another label tells the pods of the gateways apart', what: /labels\.sidecar\.istio\.io\/inject left out/ },
  {
    why: 'without a word Envoy lets requests through where no answer comes',
    what: /failure_mode_deny left out/,
    in: /-on-sidecars|-gateway/,
  },
];

function isAlike({ name }: Case, mutant: string): boolean {
  return alike.some((each) => each.what.test(mutant) && (each.in?.test(name) ?? true));
}

/** What is otherwise in a file: of a ConfigMap for a rate limit service in the text that it holds. */
function mutantsIn({ text }: OutputFile): readonly Mutant[] {
  const object = parse(text) as JsonObject;
  if (object.kind === 'EnvoyFilter') return mutantsOf(object, ['spec']);
  const { data } = object as { readonly data?: { readonly 'config.yaml'?: string } };
  const config = data?.['config.yaml'];
  if (config === undefined) return [];
  return mutantsOf(parse(config) as JsonObject, []).map(({ what, value }) => ({
    what,
    value: { ...object, data: { 'config.yaml': stringify(value) } },
  }));
}

function saidOf({ sources, options }: Case, applied: readonly OutputFile[]): readonly string[] {
  const { diagnostics } = verify(sources, { ...options, applied });
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
}

describe.each(goldenCases().filter(({ name }) => name.startsWith('traffic/limits')))('$name', (golden) => {
  const { files } = compile(golden.sources, golden.options);

  it('is proved, and leaves no doubt', () => {
    expect(saidOf(golden, files)).toEqual([]);
  });

  it('is told from every output that lets other requests through', () => {
    const mutants = files.flatMap((file) => mutantsIn(file).map((mutant) => ({ ...mutant, file })));
    const survivors = mutants.filter(({ file, value }) => {
      const applied = files.map((each) => (each === file ? { ...each, text: stringify(value) } : each));
      return saidOf(golden, applied).length === 0;
    });
    expect(mutants.length).toBeGreaterThan(50);
    const found = survivors.map(({ what }) => what);
    expect(found.filter((what) => !isAlike(golden, what))).toEqual([]);
  }, 600_000);
});
