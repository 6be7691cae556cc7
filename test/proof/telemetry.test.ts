import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../src/parse/document.js';
import { compile, type OutputFile, verify } from '../../src/pipeline.js';
import { type Case, goldenCases } from '../support/cases.js';
import { mutantsOf } from '../support/traffic-mutants/mutants.js';

/** What means the same as what is emitted, and why. */
const alike: ReadonlyArray<{ readonly why: string; readonly what: RegExp }> = [
  { why: 'providers have no order, nor have changes of different metrics', what: /(?:providers|overrides) \d behind/ },
  {
    why: 'Prometheus is the provider of metrics by default',
    what: /metrics\.0\.providers(?:\.0(?:\.name)?)? left out$/,
  },
  { why: 'spans go where a wider scope sends them', what: /tracing\.0\.providers(?:\.0(?:\.name)?)? left out$/ },
  {
    why: 'what a wider scope logs to is disabled',
    what: /namespace-default\.yaml spec\.accessLogging\.0\.providers(?:\.0(?:\.name)?)? left out$/,
  },
  {
    why: 'without a metric all of them are meant',
    what: /(?:mesh-default|printer).*overrides\.0\.match(?:\.metric)? left out$/,
  },
  {
    why: 'all other metrics are on anyway',
    what: /catalog\.yaml spec\.metrics\.0\.overrides\.1\.match(?:\.metric)? left out$/,
  },
  { why: 'all metrics are off where their provider is left out', what: /printer.*providers\.0\.name "prometheusx"$/ },
  {
    why: 'the API knows no other operation, and takes this one for granted',
    what: /\.operation (?:"UPSERTx"|left out)$/,
  },
  { why: 'what the API takes for granted', what: /catalog-at-waypoint\.yaml spec\.targetRefs\.0\.group left out$/ },
  { why: 'either label tells the pods from others', what: /partner-gateway.*matchLabels\.\S+ left out$/ },
  {
    why: 'no other proxy of the namespace would record otherwise',
    what: /(?:default.*catalog-at-waypoint|edge\.public)\.yaml spec\.targetRefs(?:\.0)? left out$/,
  },
];

function saidOf({ sources, options }: Case, applied: readonly OutputFile[]): readonly string[] {
  const { diagnostics } = verify(sources, { ...options, applied });
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
}

describe.each(goldenCases().filter(({ name }) => name.startsWith('traffic/telemetry')))('$name', (golden) => {
  const { files } = compile(golden.sources, golden.options);
  const before = new Set(saidOf(golden, files));

  it('is proved', () => {
    expect([...before].filter((said) => said.startsWith('AMB51'))).toEqual([]);
  });

  it('is told from every Telemetry that means something else', () => {
    const mutants = files.flatMap((file) => {
      const object = parse(file.text) as JsonObject;
      if (object.kind !== 'Telemetry') return [];
      return mutantsOf(object, ['spec']).map((mutant) => ({ ...mutant, file }));
    });
    const survivors = mutants.filter(({ file, value }) => {
      const applied = files.map((each) => (each === file ? { ...each, text: stringify(value) } : each));
      return saidOf(golden, applied).every((said) => before.has(said));
    });
    expect(mutants.length).toBeGreaterThan(20);
    const found = survivors.map(({ what, file }) => `${file.path} ${what}`);
    expect(found.filter((what) => !alike.some((each) => each.what.test(what)))).toEqual([]);
  }, 600_000);
});
