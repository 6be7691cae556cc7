import type { Destination, Payload, Source } from '../../../src/mesh/request.js';

/* Sources, destinations and payloads as recordings spell them: short, and one a line. */

export function spellSource(source: Source): string {
  const { ip } = source;
  return [...wordsOf(source), ...(ip === undefined ? [] : [ip])].join(' ');
}

function wordsOf(source: Source): readonly string[] {
  if (source.kind === 'workload') return ['workload', source.workload];
  if (source.kind === 'gateway') return ['gateway', source.gateway];
  if (source.kind === 'outside') return ['outside', source.name];
  return [source.speaks, `${source.namespace}/${source.serviceAccount}`];
}

export function readSource(text: string, cluster: string): Source {
  const [kind = '', name = '', address] = text.split(' ');
  const ip = address === undefined ? {} : { ip: address };
  if (kind === 'workload') return { kind, cluster, workload: name, ...ip };
  if (kind === 'gateway') return { kind, cluster, gateway: name, ...ip };
  if (kind === 'outside') return { kind, name, ...ip };
  const [namespace = '', serviceAccount = ''] = name.split('/');
  return {
    kind: 'future',
    cluster,
    speaks: kind === 'sidecar' ? 'sidecar' : 'ambient',
    namespace,
    serviceAccount,
    ...ip,
  };
}

export function spellDestination(destination: Destination): string {
  const { kind, port } = destination;
  if (kind === 'service') return `service ${destination.service} ${port} ${destination.workload}`;
  if (kind === 'pod') return `pod ${destination.workload} ${port}`;
  if (kind === 'gateway') return `gateway ${destination.gateway} ${port}`;
  return `external ${destination.entry} ${port} ${destination.host}`;
}

export function readDestination(text: string, cluster: string): Destination {
  const [kind, name = '', number, last = ''] = text.split(' ');
  const port = Number(number);
  if (kind === 'service') return { kind, cluster, service: name, port, workload: last };
  if (kind === 'pod') return { kind, cluster, workload: name, port };
  return kind === 'gateway'
    ? { kind, cluster, gateway: name, port }
    : { kind: 'external', cluster, entry: name, port, host: last };
}

/** Bytes are the word `tcp`; a request is its fields, without those that are empty. */
export function spellPayload(payload: Payload): object | string {
  if (payload.kind === 'tcp') return 'tcp';
  const { method, path, host, headers, token } = payload;
  return {
    method,
    path,
    ...(host !== '' && { host }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(token !== undefined && { token }),
  };
}

export function readPayload(spelt: object | string): Payload {
  if (typeof spelt === 'string') return { kind: 'tcp' };
  return { kind: 'http', method: 'GET', path: '/', host: '', headers: {}, ...spelt };
}
