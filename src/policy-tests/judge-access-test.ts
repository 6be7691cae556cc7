import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import { type Decision, decide } from '../mesh/decide.js';
import { endsOf } from '../mesh/ends.js';
import { parseAddress } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import { type Destination, describeRequest, type Request, type Source } from '../mesh/request.js';
import type { AccessCase, AccessTest } from '../parse/ast.js';
import { fromDeclaredAddresses } from '../trace/ask/addresses.js';
import { destinationsNamed } from '../trace/ask/destination.js';
import { checkCluster } from '../trace/ask/locate.js';
import { payloadOf, type RequestWords } from '../trace/ask/payload.js';
import { sourcesNamed } from '../trace/ask/source.js';
import { methodFault } from '../util/http-methods.js';
import { doubtOf } from './doubt.js';
import { exampleOf } from './example.js';
import type { TestOutcome } from './outcome.js';

/** Judges the cases of a table, in their order. A case that names nothing is reported and has no outcome. */
export function judgeAccessTest(mesh: Mesh, { name, cases }: AccessTest): Result<readonly TestOutcome[]> {
  const results = cases.map((each, index) => {
    const { value: requests, diagnostics } = requestsOf(mesh, each);
    const [first] = requests;
    if (first === undefined) return { value: [], diagnostics };
    const outcome: TestOutcome = {
      kind: 'AccessTest',
      document: name.value,
      name: each.name ?? String(index + 1),
      claim: `${each.expect} ${describeRequest(first)}`,
      span: each.span,
      fault: undefined,
      leavesOut: undefined,
      reason: undefined,
      ...judge(
        requests.map((request) => decide(mesh, request)),
        each.expect,
      ),
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

/** One request that goes the other way fails the case, whatever is not known of the others. */
function judge(decisions: readonly Decision[], expect: AccessCase['expect']): Judged {
  const wrong = decisions.find(({ verdict }) => verdictOf(verdict) === (expect === 'allow' ? 'deny' : 'allow'));
  if (wrong !== undefined) return judged('failed', wrong);
  const doubtful = decisions.find(({ verdict }) => verdictOf(verdict) === 'unknown');
  if (doubtful !== undefined) return { ...judged('undecided', doubtful), because: doubtOf(doubtful) };
  // Without a way the answer is no whatever the policies say, so expecting no proves nothing.
  const status = decisions.every(({ path }) => path.kind === 'no-path') ? 'vacuous' : 'passed';
  const [first] = decisions;
  return first === undefined ? { status, because: '', example: undefined } : judged(status, first);
}

function judged(status: Judged['status'], decision: Decision): Judged {
  return { status, because: decision.because, example: exampleOf(decision) };
}

function verdictOf(verdict: Decision['verdict']): AccessCase['expect'] | 'unknown' {
  if (verdict.kind === 'denied') return 'deny';
  return verdict.kind === 'allowed' && verdict.asks.length === 0 ? 'allow' : 'unknown';
}
