import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../src/parse/document.js';
import { compile, type OutputFile, verify } from '../../src/pipeline.js';
import { type Case, goldenCases } from '../support/cases.js';
import { alikeIn } from '../support/traffic-mutants/alike.js';
import { mutantsOf } from '../support/traffic-mutants/mutants.js';

// AMBIT_MUTANTS=all tries every mutant.
const stride = process.env.AMBIT_MUTANTS === 'all' ? 1 : 9;

const kinds = new Set([
  'VirtualService',
  'HTTPRoute',
  'TCPRoute',
  'TLSRoute',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
]);

/** What stands in a waypoint decides who passes it, and is for the mutants of policies. */
function isWaypoint({ spec }: JsonObject): boolean {
  return Object(spec).gatewayClassName === 'istio-waypoint';
}

/** What `verify` says of an output, beside remarks. */
function saidOf({ sources, options }: Case, applied: readonly OutputFile[]): readonly string[] {
  const { diagnostics } = verify(sources, { ...options, applied });
  return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code} ${message}`);
}

/** The objects that are emitted for routes, each with one thing otherwise, and what of these nobody finds. */
function survivorsOf(golden: Case) {
  const { files } = compile(golden.sources, golden.options);
  const before = new Set(saidOf(golden, files));
  const mutants = files.flatMap((file) => {
    const object = parse(file.text) as JsonObject;
    if (!kinds.has(String(object.kind)) || isWaypoint(object)) return [];
    return mutantsOf(object, ['spec']).map((mutant) => ({ ...mutant, file, what: `${object.kind} ${mutant.what}` }));
  });
  const tried = mutants.filter((_, index) => index % stride === 0);
  const survivors = tried.filter(({ file, value }) => {
    const applied = files.map((each) => (each === file ? { ...each, text: stringify(value) } : each));
    return saidOf(golden, applied).every((said) => before.has(said));
  });
  return { tried: tried.length, survivors: survivors.map(({ what }) => what) };
}

describe.each(goldenCases().filter(({ name }) => name in alikeIn))('$name', (golden) => {
  it('is told from every output that means something else', () => {
    const { tried, survivors } = survivorsOf(golden);
    expect(tried).toBeGreaterThan(3);
    expect(survivors.filter((what) => !alikeIn[golden.name]?.some((alike) => alike.what.test(what)))).toEqual([]);
  }, 600_000);
});
