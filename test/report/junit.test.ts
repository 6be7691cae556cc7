import { expect, it } from 'vitest';
import type { Acceptance } from '../../src/parse/acceptance.js';
import type { TestOutcome } from '../../src/policy-tests/outcome.js';
import { testsToJunit } from '../../src/report/junit.js';
import type { Responsible } from '../../src/trace/responsible.js';

const span = { file: { path: 'tests.yaml', text: 'a\nb\n' }, start: 2, end: 3 };

const closed: Responsible = {
  cluster: 'east',
  kind: 'AuthorizationPolicy',
  namespace: 'shop',
  name: 'closed',
  role: 'denies',
  rule: undefined,
  span,
  intents: [],
};

function outcome(more: Partial<TestOutcome>): TestOutcome {
  return {
    kind: 'AccessTest',
    document: 'shop',
    name: 'one',
    claim: 'allow GET /',
    span,
    reason: undefined,
    status: 'passed',
    because: 'it is so',
    example: undefined,
    fault: undefined,
    leavesOut: undefined,
    ...more,
  };
}

it('writes a suite a document, and what did not pass with what decides it', () => {
  const hops = [
    { point: 'ztunnel of shop/web', outcome: 'denied', because: 'none matches', decidedBy: [closed] },
  ] as const;
  const example = {
    request: 'GET /?a&b <"',
    verdict: 'denied',
    because: 'none matches',
    unexpected: [],
    routedBy: [],
    hops,
  } as const;
  const outcomes = [
    outcome({}),
    outcome({ name: 'two', status: 'failed', example, fault: 'mtls-permissive' }),
    outcome({
      kind: 'Guardrail',
      document: 'walls',
      claim: 'never open',
      status: 'undecided',
      because: 'a\u0001 doubt',
    }),
  ];
  expect(
    testsToJunit(outcomes, {
      displayPath: (path) => `shown/${path}`,
      sourceIntentsOf: () => [],
      acceptanceAt: () => undefined,
      inputs: [],
    }),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ambit test" tests="3" failures="1" errors="1">
  <testsuite name="AccessTest/shop" tests="2" failures="1" errors="0">
    <testcase classname="AccessTest/shop" name="one: allow GET /" file="shown/tests.yaml" line="2"/>
    <testcase classname="AccessTest/shop" name="two: allow GET /" file="shown/tests.yaml" line="2">
      <failure type="failed" message="GET /?a&amp;b &lt;&quot;: denied">ztunnel of shop/web: denied: none matches
  shown/tests.yaml:2
under the fault mtls-permissive</failure>
    </testcase>
  </testsuite>
  <testsuite name="Guardrail/walls" tests="1" failures="0" errors="1">
    <testcase classname="Guardrail/walls" name="never open" file="shown/tests.yaml" line="2">
      <error type="undecided" message="a doubt">a doubt</error>
    </testcase>
  </testsuite>
</testsuites>
`);
});

it('keeps what a test that passes is not proved for, and who accepts it', () => {
  const acceptance: Acceptance = {
    what: 'AMB5204',
    where: { kind: 'text', span },
    until: { value: '2027-01-31', span },
    reason: 'each cluster is <checked> by itself',
    owner: undefined,
    writtenIn: 'comment',
    span,
  };
  const places = { displayPath: (path: string) => path, sourceIntentsOf: () => [], inputs: [] };
  const outcomes = [outcome({ leavesOut: 'callers in other clusters' })];
  const output = (acceptanceAt: () => Acceptance | undefined) =>
    /<system-out>(.*)<\/system-out>/.exec(testsToJunit(outcomes, { ...places, acceptanceAt }))?.[1];
  expect(output(() => undefined)).toBe('not proved for callers in other clusters');
  expect(output(() => acceptance)).toBe(
    'not proved for callers in other clusters: accepted until 2027-01-31, each cluster is &lt;checked&gt; by itself',
  );
});
