import type { Fault } from '../mesh/fault-names.js';
import {
  type Destination,
  type HttpRequest,
  type Request,
  type Source,
  statedClaims,
  usualHost,
} from '../mesh/request.js';
import { ambitCommand } from '../util/ambit-command.js';

/** What a command has to be told beside the request that it traces. */
interface Around {
  /** What it reads. */
  readonly inputs: readonly string[];
  /** Where the mesh has several. */
  readonly cluster?: string | undefined;
  /** Which of several behind a Service is meant. */
  readonly workload?: string | undefined;
  /** What is broken meanwhile. */
  readonly fault?: Fault | undefined;
}

/** The command that traces a request; `undefined` of a sender whom no command can name, and of hosts outside the mesh. */
export function traceCommand(
  { source, destination, payload }: Request,
  { inputs, cluster, workload, fault }: Around,
): string | undefined {
  const [from, to] = [nameOf(source), addressOf(destination)];
  if (to === undefined || from === undefined) return undefined;
  const words = [
    ...inputs,
    '--from',
    from,
    ...(source.ip === undefined ? [] : ['--from-ip', source.ip]),
    '--to',
    to,
    ...(destination.kind === 'pod' ? ['--pod-ip'] : []),
    ...(destination.kind === 'gateway' && destination.isEnd ? ['--at-gateway'] : []),
    ...(workload === undefined ? [] : ['--to-workload', workload]),
    ...(cluster === undefined ? [] : ['--cluster', cluster]),
    ...(payload.kind === 'tcp' ? ['--tcp'] : wordsOf(payload, destination)),
    ...(fault === undefined ? [] : ['--fault', fault]),
  ];
  return ambitCommand('trace', ...words);
}

function nameOf(source: Source): string | undefined {
  switch (source.kind) {
    case 'outside':
      return source.name === 'anyone' ? 'outside' : `external:${source.name}`;
    case 'workload':
      return source.workload;
    case 'gateway':
      return `gateway:${source.gateway}`;
    default:
      return undefined;
  }
}

function addressOf(destination: Destination): string | undefined {
  switch (destination.kind) {
    case 'gateway':
      return `gateway:${destination.gateway}:${destination.port}`;
    case 'service':
      return `${destination.service}:${destination.port}`;
    case 'pod':
      return `${destination.workload}:${destination.port}`;
    default:
      return undefined;
  }
}

function wordsOf({ method, path, host, headers, token }: HttpRequest, destination: Destination): readonly string[] {
  const isUsual = destination.kind !== 'gateway' && host === usualHost(destination);
  return [
    ...(isUsual ? [] : ['--host', host]),
    '--path',
    path,
    ...(method === 'GET' ? [] : ['--method', method]),
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(token === undefined ? [] : statedClaims(token).flatMap((claim) => ['--claim', claim])),
  ];
}
