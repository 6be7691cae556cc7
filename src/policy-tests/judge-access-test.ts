import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import { type Decision, decide, decideEach } from '../mesh/decide.js';
import { endsOf } from '../mesh/ends.js';
import { parseAddress } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Destination, describeRequest, type Request, type Source } from '../mesh/request.js';
import type { AccessCase, AccessTest, ExpectedOutcome } from '../parse/ast.js';
import { fromDeclaredAddresses } from '../trace/ask/addresses.js';
import { destinationsNamed } from '../trace/ask/destination.js';
import { checkCluster } from '../trace/ask/locate.js';
import { payloadOf, type RequestWords } from '../trace/ask/payload.js';
import { sourcesNamed } from '../trace/ask/source.js';
import { statusSeen } from '../trace/caller-sees.js';
import { methodFault } from '../util/http-methods.js';
import { groupBy } from '../util/order.js';
import { checkExpected, describeExpected } from './check-expected.js';
import { doubtOf } from './doubt.js';
import { exampleOf } from './example.js';
import { asksForMore, compare } from './expected-outcome.js';
import type { TestOutcome, Unexpected } from './outcome.js';

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

/** Every pod behind the names must be treated as expected: load balancing may pick any of them. */
function requestsOf(mesh: Mesh, each: AccessCase): Result<readonly Request[]> {
  const { from, fromIp, to, cluster, addressing, method, path, host, headers } = each;
  const clusterFaults = cluster === undefined ? [] : at(cluster.span, checkCluster(mesh, cluster.value));
  const address = fromIp !== undefined && parseAddress(fromIp.value) === undefined ? [malformed(fromIp)] : [];
  const where = { cluster: cluster?.value };
  const sources = sourcesNamed(mesh, { ...where, from: from.value, fromIp: fromIp?.value });
  const destinations = destinationsNamed(mesh, { ...where, to: to.value, podIp: addressing === 'podIP' });
  const words = { tcp: false, method: method?.value, path, host, headers, token: undefined };
  const diagnostics = [
    ...clusterFaults,
    ...address,
    ...methodFaults(mesh, method),
    ...at(from.span, sources.diagnostics),
    ...at(to.span, destinations.diagnostics),
  ];
  const requests = sources.value.flatMap((source) =>
    endsOfAll(mesh, source, destinations.value, words).flatMap((destination) => {
      const { payload } = payloadOf(mesh, words, destination);
      return fromDeclaredAddresses(mesh, { source, destination, payload });
    }),
  );
  return { value: diagnostics.length > 0 ? [] : requests, diagnostics };
}

/** Of a Service the pods to which its requests go, whatever routes make of them. */
function endsOfAll(
  mesh: Mesh,
  source: Source,
  destinations: readonly Destination[],
  words: RequestWords,
): readonly Destination[] {
  const [first] = destinations;
  if (first?.kind !== 'service') return destinations;
  return endsOf(mesh, source, first, payloadOf(mesh, words, first).payload);
}

/** What a document says instead of a flag of the command line. */
const helps: Partial<Record<Diagnostic['name'], string>> = {
  'name-in-several-clusters': 'choose one with `cluster`',
  'workload-needs-pod-ip': 'name its Service, or write `via: podIP` to address its pods',
};

function at(span: Span, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((found) => {
    const help = helps[found.name] ?? found.help;
    return { ...found, span, ...(help !== undefined && { help }) };
  });
}

/** A method that nobody sends is answered no whatever the policies say, so that such a test would prove nothing. */
function methodFaults({ topology }: Mesh, method: AccessCase['method']): readonly Diagnostic[] {
  if (method === undefined) return [];
  const found = methodFault(method.value, topology.mesh.customMethods);
  return found === undefined ? [] : [diagnostic('malformed-method', { method: method.value }, method.span, found)];
}

function malformed({ value, span }: NonNullable<AccessCase['fromIp']>): Diagnostic {
  return diagnostic('malformed-ip-block', { block: value }, span);
}

type Judged = Pick<TestOutcome, 'status' | 'because' | 'example'>;

/** Where more is asked than the verdict, everything counts that routes may make of a request. */
function decisionsOf(mesh: Mesh, requests: readonly Request[], outcome: ExpectedOutcome): readonly Decision[] {
  if (!asksForMore(outcome)) return requests.map((request) => decide(mesh, request));
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
  const answers = decisions.map((decision) => ({ decision, ...answerOf(mesh, decision, expected) }));
  const wrong = answers.find(({ kind }) => kind === 'wrong') ?? answers.find(({ kind }) => kind === 'unknown');
  if (wrong !== undefined) {
    const { kind, because, decision, unexpected } = wrong;
    return { status: kind === 'wrong' ? 'failed' : 'undecided', because, example: exampleOf(decision, unexpected) };
  }
  // Without a way the answer is no whatever the policies say, so expecting no proves nothing.
  const status = decisions.every(isWithoutWay) ? 'vacuous' : 'passed';
  const [first] = decisions;
  if (first === undefined) return { status, because: '', example: undefined };
  return { status, because: first.because, example: exampleOf(first) };
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
