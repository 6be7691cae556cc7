import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { verify } from '../../src/pipeline.js';
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

function found(directory: string, { files }: AnalyzerCase): readonly Diagnostic[] {
  return verify(files.map((path) => ({ path, text: readInput(directory, path) }))).diagnostics;
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
    const missed = each.expected.filter(({ message, object }) => {
      const codes = messages.get(message)?.codes ?? [];
      const isLeftOut = leftOut.some((other) => other.message === message && other.object === object);
      if (codes.length === 0 || isLeftOut) return false;
      return !diagnostics.some(({ code, message: text }) => codes.includes(code) && names(text, object));
    });
    expect(missed).toEqual([]);
  });

  it.each(cases.filter(({ expected }) => expected.length === 0))('$name: nothing is made up', (each) => {
    const own = cases.filter(({ analyzer }) => analyzer === each.analyzer).flatMap(({ expected }) => expected);
    const codes = new Set(own.flatMap(({ message }) => messages.get(message)?.codes ?? []));
    const alarms = found(directory, each).filter(({ code, severity }) => codes.has(code) && severity !== 'info');
    expect(alarms.map(({ message }) => message)).toEqual([]);
  });
});

function names(text: string, object: string): boolean {
  return text.includes(`/${object}\``) || text.includes(`\`${object}\``);
}
