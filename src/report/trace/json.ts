import type { Span } from '../../diagnostics/diagnostic.js';
import type { JsonObject } from '../../parse/document.js';
import type { SourceIntent } from '../../trace/source-intents.js';
import type { TracedHop, TracedPolicy } from '../../trace/traced-hop.js';
import { lineOf } from './line-of.js';
import type { TraceReport } from './trace-report.js';

/** A trace for a program. Fields are only ever added. */
export function traceToJson(report: TraceReport): JsonObject {
  const { trace, sourceIntentsOf, faults, others, pods, assumedHost, displayPath } = report;
  const { verdict } = trace;
  const place = (span: Span) => ({ file: displayPath(span.file.path), line: lineOf(span) });
  return {
    verdict: verdict.kind,
    response: verdict.kind === 'denied' ? verdict.response : null,
    asks: verdict.kind === 'allowed' ? verdict.asks : [],
    callerSees: trace.seen,
    because: trace.because,
    needs: trace.needsAddress ? ['--from-ip'] : [],
    request: requestToJson(report),
    caller: {
      plane: trace.caller.plane,
      because: trace.caller.because ?? null,
      principal: trace.caller.principal ?? null,
    },
    missingWaypoint: trace.missingWaypoint === undefined ? null : { ...trace.missingWaypoint },
    hops: trace.hops.map((hop) => hopToJson(hop, place)),
    decidedBy: trace.responsible.map((each) => ({
      kind: each.kind,
      cluster: each.cluster,
      namespace: each.namespace,
      name: each.name,
      role: each.role,
      ...place(each.span),
      intents: sourceIntentsOf(each).map((intent) => sourceIntentToJson(intent, displayPath)),
    })),
    ...(trace.drawn.length > 0 && { drawn: trace.drawn.map((each) => ({ ...each })) }),
    ...(trace.settings.length > 0 && {
      settings: trace.settings.map(({ name, value, span }) => ({ name, value, ...(span && place(span)) })),
    }),
    ...(trace.copies.length > 0 && { copies: trace.copies.map((each) => ({ ...each })) }),
    mesh: report.mesh,
    faults,
    assumedHost: assumedHost ?? null,
    pods,
    otherAnswers: others.map((other) => ({ ...other })),
  };
}

export function sourceIntentToJson(
  { id, reason, place }: SourceIntent,
  displayPath: TraceReport['displayPath'],
): JsonObject {
  const at = place === undefined ? { file: null, line: null } : { file: displayPath(place.file), line: place.line };
  return { id, reason: reason ?? null, ...at };
}

function requestToJson({ trace: { request, from, to, what } }: TraceReport): JsonObject {
  const { payload } = request;
  const http =
    payload.kind === 'tcp'
      ? null
      : { method: payload.method, path: payload.path, host: payload.host, headers: payload.headers };
  return { from, to, what, http };
}

type Place = (span: Span) => JsonObject;

function hopToJson(hop: TracedHop, place: Place): JsonObject {
  const { kind, name, because, outcome, decision, reads, sees, policies } = hop;
  return {
    kind,
    name,
    because,
    outcome,
    decision: decision ?? null,
    reads: reads ?? null,
    sees: Object.fromEntries(sees.map((seen) => [seen.name, seen.value])),
    policies: policies.map((policy) => policyToJson(policy, place)),
    ...(hop.rule !== undefined && { rule: place(hop.rule) }),
  };
}

function policyToJson(policy: TracedPolicy, place: Place): JsonObject {
  const { kind, namespace, name, action, matched, span, rules, lost } = policy;
  return {
    kind,
    namespace,
    name,
    action,
    matched,
    ...place(span),
    rules: rules.map((rule) => ({ matched: rule.matched, because: rule.because, ...place(rule.span) })),
    notEnforced: lost.map((loss) => ({ because: loss.because, ...place(loss.span) })),
  };
}
