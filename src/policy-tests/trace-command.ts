import { type Destination, type HttpRequest, type Request, type Source, statedClaims } from '../mesh/request.js';

/** The command that traces a request to a gateway and on from there; `undefined` of a sender whom no command can name. */
export function traceCommand({ source, destination, payload }: Request): string | undefined {
  const from = nameOf(source);
  if (destination.kind !== 'gateway' || from === undefined) return undefined;
  const words = [
    '--from',
    from,
    ...(source.ip === undefined ? [] : ['--from-ip', source.ip]),
    '--to',
    addressOf(destination),
    ...(payload.kind === 'tcp' ? ['--tcp'] : wordsOf(payload)),
  ];
  return ['ambit trace', ...words.map(quoted)].join(' ');
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

function addressOf({ gateway, port }: Extract<Destination, { kind: 'gateway' }>): string {
  return `gateway:${gateway}:${port}`;
}

function wordsOf({ method, path, host, headers, token }: HttpRequest): readonly string[] {
  return [
    '--host',
    host,
    '--path',
    path,
    ...(method === 'GET' ? [] : ['--method', method]),
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...(token === undefined ? [] : statedClaims(token).flatMap((claim) => ['--claim', claim])),
  ];
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
