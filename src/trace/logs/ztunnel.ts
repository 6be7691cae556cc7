import { jsonFields } from './json-fields.js';
import {
  addressOf,
  type LoggedEnd,
  type LogLine,
  type NamedPolicy,
  type Outcome,
  type Side,
  timeIn,
} from './log-line.js';

type Fields = Readonly<Record<string, string>>;

/** A line of ztunnel, of its access log or about a policy (F-65); `undefined` where it is none. */
export function readZtunnelLine(text: string): LogLine | undefined {
  const fields = fieldsIn(text);
  if (fields['src.addr'] !== undefined) return { ...accessLine(fields), time: fields.time ?? timeIn(text) };
  const [, dryRun, action] = /\b(dry-run: )?(deny|allow) policy match\b/.exec(text) ?? [];
  if (action === undefined) return undefined;
  return {
    ...nothingElse,
    side: 'destination',
    time: fields.time ?? timeIn(text),
    outcome: outcomeOf(action, dryRun !== undefined),
    policy: policyNamed(fields.policy),
    because: `${action} policy match`,
    caller: callerOf(fields),
    destination: destinationOf(fields),
  };
}

const nothingElse = { writtenBy: 'ztunnel', request: undefined, flags: [] } as const;

const sides: Readonly<Record<string, Side>> = { inbound: 'destination', outbound: 'caller' };

function outcomeOf(action: string, isDryRun: boolean): Outcome {
  if (isDryRun) return action === 'deny' ? 'would be refused' : 'would be let through';
  return action === 'deny' ? 'refused' : 'passed';
}

function accessLine(fields: Fields): Omit<LogLine, 'time'> {
  const error = fields.error;
  const isRefused = error?.startsWith('connection closed due to policy') ?? false;
  const [, denier] = /explicitly denied by: (\S+)/.exec(error ?? '') ?? [];
  const isNone = error?.includes('none allowed') ?? false;
  return {
    ...nothingElse,
    side: sides[fields.direction ?? ''],
    outcome: error === undefined ? 'passed' : isRefused ? 'refused' : 'failed',
    because: error,
    policy: denier === undefined ? (isNone ? 'none' : undefined) : policyNamed(denier),
    caller: callerOf(fields),
    destination: destinationOf(fields),
  };
}

function policyNamed(text: string | undefined): NamedPolicy | undefined {
  const [namespace, name] = text?.split('/') ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name, rule: undefined };
}

function callerOf(fields: Fields): LoggedEnd {
  return {
    pod: fields['src.workload'],
    namespace: fields['src.namespace'],
    principal: fields['src.identity']?.replace(/^spiffe:\/\//, ''),
    address: addressOf(fields['src.addr']).address,
  };
}

/** Behind HBONE the address that was asked for is another than the one that took the connection. */
function destinationOf(fields: Fields): LoggedEnd {
  return {
    pod: fields['dst.workload'],
    namespace: fields['dst.namespace'],
    principal: fields['dst.identity']?.replace(/^spiffe:\/\//, ''),
    host: fields['dst.service'],
    ...addressOf(fields['dst.hbone_addr'] ?? fields['dst.addr']),
  };
}

/** `name=value` and `name="value"` of a line, or the fields of one in JSON. */
function fieldsIn(text: string): Fields {
  if (text.startsWith('{')) return jsonFields(text);
  const pairs = [...text.matchAll(/([\w.]+)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']));
}
