import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../src/parse/document.js';
import { compile, type OutputFile, verify } from '../../src/pipeline.js';
import { type Case, goldenCases } from '../support/cases.js';
import { mutantsOf } from '../support/traffic-mutants/mutants.js';

/** What means the same as what is emitted, and why. */
const alike: ReadonlyArray<{ readonly why: string; readonly what: RegExp }> = [
  { why: 'each filter counts by itself, and all headers must match', what: /(?:configPatches|headers) \d behind/ },
  { why: 'the name of a filter and of its statistics is for people', what: /(?:value\.name|stat_prefix) "/ },
  { why: 'another label tells the pods of the gateways apart', what: /labels\.sidecar\.istio\.io\/inject left out/ },
];

function saidOf({ sources, options }: Case, applied: readonly OutputFile[]): readonly string[] {
  const { diagnostics } = verify(sources, { ...options, applied });
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
}

describe.each(goldenCases().filter(({ name }) => name.startsWith('traffic/limits')))('$name', (golden) => {
  const { files } = compile(golden.sources, golden.options);

  it('is proved, and leaves no doubt', () => {
    expect(saidOf(golden, files)).toEqual([]);
  });

  it('is told from every EnvoyFilter that lets other requests through', () => {
    const mutants = files.flatMap((file) => {
      const object = parse(file.text) as JsonObject;
      if (object.kind !== 'EnvoyFilter') return [];
      return mutantsOf(object, ['spec']).map((mutant) => ({ ...mutant, file }));
    });
    const survivors = mutants.filter(({ file, value }) => {
      const applied = files.map((each) => (each === file ? { ...each, text: stringify(value) } : each));
      return saidOf(golden, applied).length === 0;
    });
    expect(mutants.length).toBeGreaterThan(50);
    const found = survivors.map(({ what }) => what);
    expect(found.filter((what) => !alike.some((each) => each.what.test(what)))).toEqual([]);
  }, 600_000);
});
