import type { Result } from '../diagnostics/diagnostic.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide, decideEach } from '../mesh/decide.js';
import type { Mesh } from '../mesh/mesh.js';
import { describeRequest, type Request } from '../mesh/request.js';
import type { AccessCase, AccessTest, ExpectedOutcome } from '../parse/ast.js';
import { statusSeen } from '../trace/caller-sees.js';
import { groupBy } from '../util/order.js';
import { checkExpected, describeExpected } from './check-expected.js';
import { doubtOf } from './doubt.js';
import { exampleOf } from './example.js';
import { asksForMore, compare } from './expected-outcome.js';
import type { TestOutcome, Unexpected } from './outcome.js';
import { requestsOf } from './requests-of-case.js';

/** Judges the cases of a table, in their order. A case that names nothing is reported and has no outcome. */
export function judgeAccessTest(mesh: Mesh, { name, cases }: AccessTest): Result<readonly TestOutcome[]> {
  const results = cases.map((each, index) => {
    const { value: requests, diagnostics: unbound } = requestsOf(mesh, each);
    const diagnostics = [...unbound, ...checkExpected(mesh, each)];
    const [first] = requests;
    if (first === undefined || diagnostics.length > 0) return { value: [], diagnostics };
    const outcome: TestOutcome = {
      kind: 'AccessTest',
      document: name.value,
      name: each.name ?? String(index + 1),
      claim: `${each.expect} ${describeRequest(first)}${describeExpected(each.outcome)}`,
      span: each.span,
      fault: undefined,
      leavesOut: undefined,
      reason: undefined,
      ...judge(mesh, decisionsOf(mesh, requests, each.outcome), each),
    };
    return { value: [outcome], diagnostics };
  });
  return {
    value: results.flatMap(({ value }) => value),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

type Judged = Pick<TestOutcome, 'status' | 'because' | 'example'>;

/** At a gateway, and where more is asked than the verdict, everything counts that routes may make of a request. */
function decisionsOf(mesh: Mesh, requests: readonly Request[], outcome: ExpectedOutcome): readonly Decision[] {
  const isFollowed = asksForMore(outcome) || requests.some(({ destination }) => destination.kind === 'gateway');
  if (!isFollowed) return requests.map((request) => decide(mesh, request));
  return [...groupBy(requests, addressedBy).values()].flatMap(([request]) =>
    request === undefined ? [] : decideEach(mesh, request),
  );
}

/** Which pod of a Service was asked about makes no difference to what may become of the request. */
function addressedBy({ source, destination }: Request): string {
  return JSON.stringify([source, destination.kind === 'service' ? { ...destination, workload: '' } : destination]);
}

/** One request that goes another way fails the case, whatever is not known of the others. */
function judge(mesh: Mesh, decisions: readonly Decision[], expected: AccessCase): Judged {
  const sound = { mesh, fault: undefined };
  const answers = decisions.map((decision) => ({ decision, ...answerOf(mesh, decision, expected) }));
  const wrong = answers.find(({ kind }) => kind === 'wrong') ?? answers.find(({ kind }) => kind === 'unknown');
  if (wrong !== undefined) {
    const { kind, because, decision, unexpected } = wrong;
    return {
      status: kind === 'wrong' ? 'failed' : 'undecided',
      because,
      example: exampleOf(sound, decision, unexpected),
    };
  }
  // Without a way the answer is no whatever the policies say, so expecting no proves nothing.
  const status = decisions.every(isWithoutWay) ? 'vacuous' : 'passed';
  const [first] = decisions;
  if (first === undefined) return { status, because: '', example: undefined };
  return { status, because: first.because, example: exampleOf(sound, first) };
}

function isWithoutWay({ path }: Decision): boolean {
  return path.kind === 'no-path';
}

interface Answer {
  readonly kind: 'right' | 'wrong' | 'unknown';
  readonly because: string;
  readonly unexpected: readonly Unexpected[];
}

function answerOf(mesh: Mesh, decision: Decision, { expect, outcome }: AccessCase): Answer {
  const { because } = decision;
  const byVerdict = (kind: Answer['kind']): Answer => ({ kind, because, unexpected: [] });
  if (asksForMore(outcome) && decision.way?.end.kind === 'external') {
    return { ...byVerdict('unknown'), because: `what becomes of it on its way to ${decision.way.end.named.host}` };
  }
  switch (verdictOf(decision.verdict)) {
    case 'unknown':
      return { ...byVerdict('unknown'), because: doubtOf(decision) };
    case 'deny':
      return outcome.statuses.length === 0
        ? byVerdict(expect === 'deny' ? 'right' : 'wrong')
        : ofStatus(statusSeen(mesh, decision), outcome.statuses);
    default: {
      if (expect === 'deny') return byVerdict('wrong');
      const comparison = compare(mesh, decision, outcome);
      if (comparison.kind === 'unknown') return { ...byVerdict('unknown'), because: comparison.why };
      return ofUnexpected(comparison.unexpected);
    }
  }
}

function ofStatus(seen: number | undefined, expected: readonly number[]): Answer {
  if (seen !== undefined && expected.includes(seen)) return ofUnexpected([]);
  const answer = seen === undefined ? 'it is not answered' : `it is answered with status ${seen}`;
  return ofUnexpected([{ what: `${answer}, and ${expected.join(' or ')} is expected`, span: undefined }]);
}

function ofUnexpected(unexpected: readonly Unexpected[]): Answer {
  const because = unexpected.map(({ what }) => what).join('; ');
  return { kind: unexpected.length === 0 ? 'right' : 'wrong', because, unexpected };
}

function verdictOf(verdict: Decision['verdict']): AccessCase['expect'] | 'unknown' {
  if (verdict.kind === 'denied') return 'deny';
  return verdict.kind === 'allowed' && verdict.asks.length === 0 ? 'allow' : 'unknown';
}
