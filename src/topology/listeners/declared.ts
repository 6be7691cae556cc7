import type { ManifestObject, Path } from '../../parse/document.js';
import type { IstioSettings } from '../../parse/mesh.js';
import { integerAt, itemsAt, namespaceOf, type Report, textAt } from '../fields.js';
import { readSelector } from '../label-selector.js';
import type { Listener, ListenerStanding, ListenerTls, RouteNamespaces } from '../model.js';
import { readListenerTls } from './listener-tls.js';

/** A listener before it is known on which port of the pods it is. */
export type DeclaredListener = Omit<Listener, 'podPort'>;

/** The listeners that a Gateway declares, or a ListenerSet for it; those without a port were reported. */
export function declaredListeners(
  object: ManifestObject,
  { gateway, settings }: { readonly gateway: ManifestObject; readonly settings: IstioSettings },
  report: Report,
): readonly DeclaredListener[] {
  return itemsAt(object, ['spec', 'listeners'], report).flatMap((path): readonly DeclaredListener[] => {
    const port = integerAt(object, [...path, 'port'], report);
    if (port === undefined) return [];
    const written = textAt(object, [...path, 'protocol'], report) ?? '';
    const protocol = written.toLowerCase();
    const at = { object, path, port, gateway, version: settings.version };
    const tls = protocol === 'http' || protocol === 'tcp' ? undefined : readListenerTls(at, report);
    const host = textAt(object, [...path, 'hostname'], report) ?? '*';
    return [
      {
        name: textAt(object, [...path, 'name'], report) ?? '',
        object,
        path,
        port,
        protocol,
        tls,
        reads: protocol === 'http' || (protocol === 'https' && endsTls(tls)) ? 'requests' : 'connections',
        hosts: [{ host, routesFrom: routesFrom(object, path, report) }],
        routeKinds: routeKindsOf(object, path, protocol, tls, report),
        standing: standingOf(written, tls, settings),
      },
    ];
  });
}

/** Since which release a protocol needs no flag (istio-traffic-topology T-50, T-52). */
const unflaggedSince: Readonly<Record<string, string>> = { HTTP: '', HTTPS: '', TLS: '1.30', TCP: '1.31' };

const alphaFlag = 'PILOT_ENABLE_ALPHA_GATEWAY_API';

function standingOf(protocol: string, tls: ListenerTls | undefined, settings: IstioSettings): ListenerStanding {
  const since = Object.hasOwn(unflaggedSince, protocol) ? unflaggedSince[protocol] : undefined;
  if (since === undefined) return leftOut(`Istio serves no protocol \`${protocol}\` at a gateway`);
  if (settings.version < since && settings.flags[alphaFlag] !== true) {
    return leftOut(
      `in Istio ${settings.version} a listener of protocol ${protocol} counts only with ${alphaFlag} (T-50, T-52)`,
    );
  }
  const needsTls = protocol === 'HTTPS' || protocol === 'TLS';
  return needsTls && tls === undefined ? leftOut(`a listener of protocol ${protocol} needs \`tls\``) : { kind: 'open' };
}

export function leftOut(because: string): ListenerStanding {
  return { kind: 'left-out', because };
}

export function endsTls(tls: ListenerTls | undefined): boolean {
  return tls !== undefined && tls !== 'PASSTHROUGH' && tls !== 'AUTO_PASSTHROUGH';
}

/** What a protocol can take, as far as the listener does not narrow it down. */
function routeKindsOf(
  object: ManifestObject,
  listener: Path,
  protocol: string,
  tls: ListenerTls | undefined,
  report: Report,
): readonly string[] {
  const own = protocol === 'tls' && tls === 'PASSTHROUGH' ? ['TLSRoute'] : (kindsOfProtocol.get(protocol) ?? []);
  const named = itemsAt(object, [...listener, 'allowedRoutes', 'kinds'], report).flatMap(
    (item) => textAt(object, [...item, 'kind'], report) ?? [],
  );
  return named.length === 0 ? own : own.filter((kind) => named.includes(kind));
}

const kindsOfProtocol: ReadonlyMap<string, readonly string[]> = new Map([
  ['http', ['HTTPRoute', 'GRPCRoute']],
  ['https', ['HTTPRoute', 'GRPCRoute']],
  ['tcp', ['TCPRoute']],
  ['tls', ['TCPRoute']],
]);

function routesFrom(object: ManifestObject, listener: Path, report: Report): RouteNamespaces {
  const path = [...listener, 'allowedRoutes', 'namespaces'];
  const from = textAt(object, [...path, 'from'], report);
  if (from === 'All') return { kind: 'all' };
  if (from === 'None') return { kind: 'none' };
  if (from !== 'Selector') return { kind: 'named', namespace: namespaceOf(object) };
  return { kind: 'selected', selector: readSelector(object, [...path, 'selector'], report) };
}
