import { diagnostic } from '../../diagnostics/create.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import type { Mesh } from '../../mesh/mesh.js';
import { namesFor } from '../../mesh/paths/host-names.js';
import { type Gateway, keyOf, type Listener } from '../../topology/model.js';
import { sortedUnique } from '../../util/order.js';
import { entriesFor } from './host.js';

/** What of a question a URL may say. */
interface Addressed {
  readonly to: string;
  readonly cluster: string | undefined;
  readonly host: string | undefined;
  readonly path: string | undefined;
  readonly tcp: boolean;
  readonly from?: string;
  readonly serverName?: string;
}

/**
 * A question about a URL as one about the gateway that serves it. What the URL says of host and path holds unless the
 * question says otherwise; `tls://` is a connection in which the client asks for the host, to whatever has that name.
 * `undefined` where no gateway serves it, or several do, and the diagnostic says which there are.
 */
export function withoutUrl<Q extends Addressed>(mesh: Mesh, question: Q): Result<Q | undefined> {
  const url = urlIn(question.to);
  if (url === undefined) return { value: question, diagnostics: [] };
  const isInMesh = question.from !== undefined && !/^(?:outside$|external:)/.test(question.from);
  const called = url.protocol === 'tls:' ? calledBy(mesh, url) : undefined;
  const serving = gatewaysOf(mesh, question).flatMap((gateway) =>
    gateway.listeners.some((listener) => serves(gateway, listener, url)) ? [gateway] : [],
  );
  const port = portOf(url);
  const names =
    called !== undefined && isInMesh
      ? [called]
      : sortedUnique(serving.map((gateway) => `gateway:${keyOf(gateway)}:${port}`));
  const [name = called, ...others] = names;
  if (name === undefined || others.length > 0) {
    const help =
      others.length > 0 ? `name one of ${listed(names)}, and the host \`${url.host}\`` : hostsHelp(mesh, question);
    return { value: undefined, diagnostics: [diagnostic('unknown-callee', { name: question.to }, null, { help })] };
  }
  if (url.protocol === 'tls:') {
    return { value: { ...question, to: name, tcp: true, serverName: url.hostname.toLowerCase() }, diagnostics: [] };
  }
  const { host = url.host, path = url.pathname + url.search } = question;
  return { value: { ...question, to: name, host, path }, diagnostics: [] };
}

function urlIn(to: string): URL | undefined {
  return /^(?:https?|tls):\/\//.test(to) && URL.canParse(to) ? new URL(to) : undefined;
}

function gatewaysOf({ clusters }: Mesh, { cluster: chosen }: Addressed): readonly Gateway[] {
  const wanted = [...clusters.values()].filter(({ cluster }) => chosen === undefined || cluster.name === chosen);
  return wanted.flatMap(({ cluster }) => [...cluster.gateways.values()]);
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'http:' ? 80 : 443;
}

/** A Service or a ServiceEntry that has the host, as a question names it. */
function calledBy({ clusters }: Mesh, url: URL): string | undefined {
  const host = url.hostname.toLowerCase();
  for (const { cluster } of clusters.values()) {
    const service = [...cluster.services.values()].find((each) => namesFor(each).slice(1).includes(host));
    if (service !== undefined) return `${keyOf(service)}:${portOf(url)}`;
    if (entriesFor(cluster, host).length > 0) return `${host}:${portOf(url)}`;
  }
  return undefined;
}

function serves(gateway: Gateway, listener: Listener, url: URL): boolean {
  const { tls, hosts, standing, reads } = listener;
  const isEncrypted = url.protocol !== 'http:';
  if ((reads === 'connections') !== (url.protocol === 'tls:')) return false;
  if (standing.kind === 'left-out' || (tls !== undefined) !== isEncrypted) return false;
  if (!portsOf(gateway, listener).includes(portOf(url))) return false;
  return hosts.some(
    ({ host }) => host === url.hostname || (host.startsWith('*') && url.hostname.endsWith(host.slice(1))),
  );
}

/** By which clients come to it: those of the Service in front, where one is given. */
function portsOf({ fronts }: Gateway, { port, podPort }: Listener): readonly number[] {
  const leading = fronts.filter((front) => front.podPort === podPort).map((front) => front.port);
  return leading.length > 0 ? leading : [port];
}

function hostsHelp(mesh: Mesh, question: Addressed): string {
  const served = gatewaysOf(mesh, question).flatMap((gateway) =>
    gateway.listeners.flatMap((listener) =>
      portsOf(gateway, listener).flatMap((port) =>
        listener.hosts.map(({ host }) => `${schemeOf(listener)}://${host}:${port}`),
      ),
    ),
  );
  return served.length === 0 ? 'no gateway is given' : `gateways serve ${listed(sortedUnique(served))}`;
}

function schemeOf({ reads, tls }: Listener): string {
  if (reads === 'connections') return tls === undefined ? 'tcp' : 'tls';
  return tls === undefined ? 'http' : 'https';
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
