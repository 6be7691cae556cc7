import type { ManifestObject, Path } from '../../parse/document.js';
import { booleanAt, integerAt, itemsAt, mappingAt, namespaceOf, type Report, textAt, textsAt } from '../fields.js';
import { type ListenerHost, type ListenerStanding, type ListenerTls, listenerTlsModes } from '../model.js';
import { type DeclaredListener, endsTls, leftOut } from './declared.js';

const requestProtocols: ReadonlySet<string> = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);

const servedProtocols: ReadonlySet<string> = new Set([
  ...requestProtocols,
  'https',
  'tls',
  'tcp',
  'mongo',
  'mysql',
  'redis',
]);

/** The servers of one of Istio's own Gateways; those without a port were reported. */
export function readServers(object: ManifestObject, report: Report): readonly DeclaredListener[] {
  return itemsAt(object, ['spec', 'servers'], report).flatMap((path): readonly DeclaredListener[] => {
    const port = integerAt(object, [...path, 'port', 'number'], report);
    if (port === undefined) return [];
    const protocol = (textAt(object, [...path, 'port', 'protocol'], report) ?? '').toLowerCase();
    // On a port of plain requests `tls` only asks for a redirect.
    const isPlain = requestProtocols.has(protocol);
    const tls = isPlain ? undefined : readMode(object, [...path, 'tls'], report);
    const redirects = isPlain && booleanAt(object, [...path, 'tls', 'httpsRedirect'], report) === true;
    return [
      {
        name: textAt(object, [...path, 'port', 'name'], report) ?? '',
        object,
        path,
        port,
        protocol,
        tls,
        reads: isPlain || (protocol === 'https' && endsTls(tls)) ? 'requests' : 'connections',
        hosts: textsAt(object, [...path, 'hosts'], report).map((written) => hostOf(written, namespaceOf(object))),
        routeKinds: ['VirtualService'],
        ...(redirects && { redirectsToHttps: true }),
        standing: standingOf(object, path, { protocol, tls }, report),
      },
    ];
  });
}

/** PASSTHROUGH is the mode of settings that name none. */
function readMode(object: ManifestObject, path: Path, report: Report): ListenerTls | undefined {
  if (mappingAt(object, path, report) === undefined) return undefined;
  const written = textAt(object, [...path, 'mode'], report) ?? 'PASSTHROUGH';
  return listenerTlsModes.find((known) => known === written);
}

function standingOf(
  object: ManifestObject,
  path: Path,
  { protocol, tls }: Pick<DeclaredListener, 'protocol' | 'tls'>,
  report: Report,
): ListenerStanding {
  const mode = textAt(object, [...path, 'tls', 'mode'], report);
  if (!servedProtocols.has(protocol)) return leftOut(`a gateway serves no protocol \`${protocol.toUpperCase()}\``);
  if (mode !== undefined && !listenerTlsModes.some((known) => known === mode)) {
    return leftOut(`there is no TLS mode \`${mode}\``);
  }
  if ((protocol === 'https' || protocol === 'tls') && tls === undefined) {
    return leftOut(`a server of protocol ${protocol.toUpperCase()} needs \`tls\``);
  }
  const bind = textAt(object, [...path, 'bind'], report);
  return bind === undefined ? { kind: 'open' } : { kind: 'undecided', because: `who reaches the address \`${bind}\`` };
}

/** A host can name the namespaces whose routes serve it: `namespace/host`, with `.` for the Gateway's own and `*` for all. */
function hostOf(written: string, own: string): ListenerHost {
  const slash = written.indexOf('/');
  const [namespace, host] = slash < 0 ? ['*', written] : [written.slice(0, slash), written.slice(slash + 1)];
  if (namespace === '*') return { host, routesFrom: { kind: 'all' } };
  if (namespace === '~') return { host, routesFrom: { kind: 'none' } };
  return { host, routesFrom: { kind: 'named', namespace: namespace === '.' ? own : namespace } };
}
