import type { Cursor } from '../cursor.js';
import { readTexts } from '../parse-references.js';
import { numberOf, textOf } from './leaves.js';
import { readPatterns } from './read-match.js';
import type { Cors, Fault, Retries, TrafficRoute } from './settings.js';

/** What settings say for all of their routes, and a route for itself. */
export function readLimits(node: Cursor): Pick<TrafficRoute, 'timeout' | 'retries' | 'faults' | 'cors'> {
  return {
    timeout: node.optional('timeout', (field) => field.text()),
    retries: node.optional('retries', readRetries),
    faults: node.optional('faults', (faults) => faults.items().map(readFault)),
    cors: node.optional('cors', readCors),
  };
}

function readFault(fault: Cursor): Fault {
  return {
    name: fault.field('name').text(),
    reason: fault.optional('reason', textOf),
    delay: fault.optional('delay', (node) => node.text()),
    abort: fault.optional('abort', (node) => ({ value: numberOf(node), span: node.span })),
    percent: numberOf(fault.field('percent')),
    until: fault.optional('until', (node) => node.text()),
  };
}

function readCors(cors: Cursor): Cors {
  const texts = (name: string) => cors.optional(name, readTexts)?.map(({ value }) => value) ?? [];
  return {
    origins: readPatterns(cors.field('origins')),
    methods: texts('methods'),
    headers: texts('headers'),
    exposeHeaders: texts('exposeHeaders'),
    maxAge: cors.optional('maxAge', (node) => node.text()),
    credentials: cors.optional('credentials', (node) => node.value === true),
    span: cors.keySpan,
  };
}

function readRetries(retries: Cursor): Retries {
  return {
    attempts: Number(retries.field('attempts').value),
    perTryTimeout: retries.optional('perTryTimeout', (node) => node.text()),
    retryOn: retries.optional('retryOn', readTexts)?.map(({ value }) => value) ?? [],
    backoff: retries.optional('backoff', (node) => node.text()),
    span: retries.keySpan,
  };
}
