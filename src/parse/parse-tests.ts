import {
  type AccessCase,
  type AccessTest,
  type ExpectedOutcome,
  type Guardrail,
  type GuardrailCaller,
  type GuardrailCheck,
  type GuardrailTarget,
  type Modality,
  modalities,
} from './ast.js';
import type { Cursor } from './cursor.js';
import { readCaller, readTarget, readTexts } from './parse-references.js';
import { readTokenOfCase } from './tokens/read-token.js';

/** Reads a table of requests with their verdicts. */
export function readAccessTest(document: Cursor): AccessTest {
  return {
    kind: 'AccessTest',
    name: document.field('metadata').field('name').text(),
    cases: document.field('spec').field('cases').items().map(readCase),
  };
}

function readCase(each: Cursor): AccessCase {
  const text = (field: string) => each.optional(field, (node) => node.text());
  return {
    name: text('name')?.value,
    expect: each.field('expect').value as AccessCase['expect'],
    from: each.field('from').text(),
    fromIp: text('fromIP'),
    to: each.field('to').text(),
    method: text('method'),
    path: text('path')?.value,
    host: text('host')?.value,
    headers: each.optional('headers', readHeaders) ?? {},
    token: each.optional('token', readTokenOfCase),
    addressing: each.optional('via', (node) => node.value as AccessCase['addressing']) ?? 'service',
    cluster: text('cluster'),
    outcome: readOutcome(each),
    span: each.span,
  };
}

function readOutcome(each: Cursor): ExpectedOutcome {
  return {
    destinations: each.optional('destination', readTexts) ?? [],
    versions: each.optional('version', readTexts) ?? [],
    statuses: each.optional('status', (list) => list.value as readonly number[]) ?? [],
    timeout: each.optional('timeout', (node) => node.text()),
    retries: each.optional('retries', ({ value, span }) => ({ value: Number(value), span })),
  };
}

/** Names of headers are the same in every case. */
function readHeaders(headers: Cursor): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.fields().map((header) => [header.key.toLowerCase(), header.text().value]));
}

/** Reads what must never, always or only be possible, in this order. */
export function readGuardrail(document: Cursor): Guardrail {
  const spec = document.field('spec');
  return {
    kind: 'Guardrail',
    name: document.field('metadata').field('name').text(),
    checks: modalities.flatMap(
      (modality) =>
        spec.optional(modality, (checks) => checks.items().map((check) => readCheck(modality, check))) ?? [],
    ),
  };
}

/** Reads one check, whichever document it stands in. */
export function readCheck(modality: Modality, check: Cursor): GuardrailCheck {
  return {
    modality,
    name: check.field('name').text(),
    reason: check.optional('reason', (node) => node.text().value),
    from: check.optional('from', (from) => from.items().map(readGuardrailCaller)),
    to: check.optional('to', (to) => to.items().map(readGuardrailTarget)),
    addressing: check.optional('addressing', (list) => list.value as NonNullable<GuardrailCheck['addressing']>),
    includesProxyPorts: check.optional('except', (list) => list) === undefined,
    faults: check.optional('faults', (list) => list.value as GuardrailCheck['faults']) ?? [],
    cluster: check.optional('cluster', (node) => node.text()),
    traffic: {
      never: check.optional('with', (list) => list.value as GuardrailCheck['traffic']['never']) ?? [],
      timeoutAtMost: check.optional('timeout', (node) => node.field('atMost').text().value),
      retriesAtMost: check.optional('retries', (node) => Number(node.field('atMost').value)),
    },
    fields: check.fields().map(({ key, keySpan }) => ({ value: key, span: keySpan })),
  };
}

function readGuardrailCaller(caller: Cursor): GuardrailCaller {
  if (caller.value === 'plaintext') return { kind: 'plaintext', span: caller.span };
  if (caller.value === 'outside') return { kind: 'fromOutside', span: caller.span };
  const outside = caller.optional('outside', (node) => readTexts(node.field('namespaces')));
  return outside === undefined ? readCaller(caller) : { kind: 'outside', namespaces: outside, span: caller.span };
}

function readGuardrailTarget(target: Cursor): GuardrailTarget {
  return {
    ...readTarget(target),
    gateway: target.optional('gateway', (node) => node.text()),
    token: target.optional('token', (node) => node.value as GuardrailTarget['token']),
  };
}
