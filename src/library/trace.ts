import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic.js';
import { judgeMesh } from '../judged-mesh.js';
import type { AppliedFile } from '../mesh/applied.js';
import type { Fault } from '../mesh/fault-names.js';
import { decideEachUnder } from '../mesh/faults.js';
import type { Source } from '../parse/parse-sources.js';
import { ask, type Question } from '../trace/ask/question.js';
import { type Trace, traceOf } from '../trace/trace.js';

/** One request, in the words of `ambit trace`; whatever is left out gets the plainest value. */
export type TraceQuestion = Pick<Question, 'from' | 'to'> & Partial<Question>;

export interface TraceOptions {
  /** The day that acceptances are measured against, as YYYY-MM-DD. */
  readonly today?: string | undefined;
  /** What is broken meanwhile. */
  readonly faults?: readonly Fault[];
  /** The files of an output directory, to be applied over the manifests instead of what would be compiled. */
  readonly applied?: readonly AppliedFile[];
}

export interface TraceResult {
  readonly diagnostics: readonly Diagnostic[];
  /** One for each pod that the names may mean; none where the question or the sources are wrong. */
  readonly traces: readonly Trace[];
}

const nothingSaid = {
  fromIp: undefined,
  cluster: undefined,
  podIp: false,
  tcp: false,
  method: undefined,
  path: undefined,
  host: undefined,
  headers: {},
  token: undefined,
};

/**
 * Follows one request through the mesh as it will be once the compiled output is applied; without intents, or with an
 * output of its own, as it is.
 */
export async function trace(
  sources: readonly Source[],
  question: TraceQuestion,
  { today, faults = [], applied }: TraceOptions = {},
): Promise<TraceResult> {
  const asking = { ...nothingSaid, ...question, headers: inLowerCase(question.headers ?? {}) };
  const { value: judged, diagnostics } = await judgeMesh(sources, {
    today,
    faults,
    written: applied,
    question: asking,
  });
  if (judged === undefined) return { diagnostics, traces: [] };
  const { mesh, refusals } = judged;
  const asked = ask(mesh, asking);
  const said = [...diagnostics, ...refusals, ...asked.diagnostics];
  if (asked.value === undefined || hasErrors([...diagnostics, ...asked.diagnostics]))
    return { diagnostics: said, traces: [] };
  const { first, others } = asked.value;
  const decisions = [first, ...others].flatMap((request) => decideEachUnder(mesh, request, faults));
  const traces = decisions.map((decision) => traceOf(mesh, decision));
  return { diagnostics: said, traces };
}

/** HTTP does not care how the name of a header is written; policies are compared in lower case. */
function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
