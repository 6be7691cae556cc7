import { describe, expect, it } from 'vitest';
import { routeLint } from '../../src/diagnostics/catalogue/route-lint.js';
import { catalogue } from '../../src/diagnostics/catalogue.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { verify } from '../../src/pipeline.js';
import { groupBy, sortBy } from '../../src/util/order.js';
import { type CaseCount, caseCounts, countedCommit } from '../support/istioctl/counts.js';
import { analyzerMessages } from '../support/istioctl/messages.js';
import {
  type AnalyzerCase,
  analysisDirectory,
  analyzerCases,
  knownMessages,
  readInput,
} from '../support/istioctl/module.js';

const messages = new Map(analyzerMessages.map((message) => [message.name, message]));

/** What is expected of an object and is left out, though other messages of the kind are not. */
const leftOut: ReadonlyArray<{ readonly message: string; readonly object: string; readonly why: string }> = [
  {
    message: 'DestinationRuleSubsetNotSelectPods',
    object: 'subsets-not-select-pods',
    why: 'its Service has no pods at all',
  },
  { message: 'PortNameIsNotUnderNamingConvention', object: 'my-service1', why: 'no waypoint must guess' },
  { message: 'PortNameIsNotUnderNamingConvention', object: 'my-service2', why: 'no waypoint must guess' },
  { message: 'Deprecated', object: 'no-selector', why: 'istiod follows an egress proxy' },
  { message: 'InvalidGatewayCredential', object: 'defaultgateway-expired', why: 'there is no clock' },
];

/** The analyzers of routes and of what they lead through and to; others look at how Istio is installed. */
const ofRoutes =
  /^(virtualservice|destinationrule|gateway|sidecar|serviceentry|service|schemaValidation|deprecation|conditions|authz)\.|ServiceAssociation/;

/** Nothing but the MeshConfig says that sidecars capture DNS. */
const needsMeshConfig = /AUTO_ALLOCATE/;

/** Said of a clean case, and true. */
const trueAlarms: ReadonlyArray<{ readonly object: string; readonly code: string }> = [
  { object: 'alpha', code: 'AMB5390' },
  { object: 'beta', code: 'AMB5390' },
];

function found(directory: string, { files }: AnalyzerCase): readonly Diagnostic[] {
  return verify(files.map((path) => ({ path, text: readInput(directory, path) }))).diagnostics;
}

type Expected = AnalyzerCase['expected'][number];

function isLeftOut({ message, object }: Expected): boolean {
  const codes = messages.get(message)?.codes ?? [];
  return codes.length === 0 || leftOut.some((other) => other.message === message && other.object === object);
}

function isFound({ message, object }: Expected, diagnostics: readonly Diagnostic[]): boolean {
  const codes = messages.get(message)?.codes ?? [];
  return diagnostics.some(({ code, message: text }) => codes.includes(code) && names(text, object));
}

/** What is said of a case of routes, and of what they lead through and to, where nothing is wrong. */
function alarmsIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const codes = new Set<string>(Object.values(routeLint).map(({ code }) => code));
  return diagnostics.filter(
    ({ code, severity, message }) =>
      codes.has(code) &&
      severity !== 'info' &&
      !trueAlarms.some((each) => each.code === code && names(message, each.object)),
  );
}

function countOf(analyzers: string, cases: readonly AnalyzerCase[], directory: string): CaseCount {
  const expected = cases.flatMap((each) => {
    const diagnostics = found(directory, each);
    return each.expected.map((one) => ({ one, isFound: isFound(one, diagnostics) }));
  });
  const clean = cases.filter((each) => each.expected.length === 0);
  return {
    analyzers,
    cases: cases.length - clean.length,
    expected: expected.length,
    found: expected.filter((each) => each.isFound).length,
    leftOut: expected.filter((each) => !each.isFound && isLeftOut(each.one)).length,
    clean: clean.length,
    alarms: clean.flatMap((each) => alarmsIn(found(directory, each))).length,
  };
}

describe('the table of messages', () => {
  it('names each once, and codes that there are', () => {
    const codes = analyzerMessages.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const known = new Set<string>(Object.values(catalogue).map(({ code }) => code));
    expect(analyzerMessages.flatMap((message) => message.codes).filter((code) => !known.has(code))).toEqual([]);
  });
});

describe.skipIf(analysisDirectory === undefined)('the analyzers’ own cases', () => {
  const directory = analysisDirectory ?? '';
  const all = analysisDirectory === undefined ? [] : analyzerCases(directory);
  const cases = all.filter(({ analyzer, name }) => ofRoutes.test(analyzer) && !needsMeshConfig.test(name));

  it('are all there, and the table has every message that they can give', () => {
    expect(all.length).toBeGreaterThan(90);
    expect(cases.length).toBeGreaterThan(60);
    const missing = knownMessages(directory).filter(([code, name]) => messages.get(name)?.code !== code);
    expect(missing).toEqual([]);
  });

  it.each(cases.filter(({ expected }) => expected.length > 0))('$name: what is found there is found', (each) => {
    const diagnostics = found(directory, each);
    expect(each.expected.filter((one) => !isLeftOut(one) && !isFound(one, diagnostics))).toEqual([]);
  });

  it.each(cases.filter(({ expected }) => expected.length === 0))('$name: nothing is made up', (each) => {
    expect(alarmsIn(found(directory, each)).map(({ message }) => message)).toEqual([]);
  });

  it.runIf(directory.includes(countedCommit))('are as many as the page says', () => {
    const groups = groupBy(cases, ({ analyzer }) => analyzer.split('.')[0] ?? '');
    const counts = [...groups].map(([analyzers, group]) => countOf(analyzers, group, directory));
    expect(sortBy(counts, ({ analyzers }) => analyzers)).toEqual(caseCounts);
  });
});

function names(text: string, object: string): boolean {
  return text.includes(`/${object}\``) || text.includes(`\`${object}\``);
}
