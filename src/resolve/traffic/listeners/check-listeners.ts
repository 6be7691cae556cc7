import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { WantedListener } from '../../../parse/traffic/listeners.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { groupBy } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';

/** What keeps a listener from being one, where it is said, and what to do. */
interface Fault {
  readonly listener: WantedListener;
  readonly span: Span;
  readonly why: string;
  readonly help: string;
  /** The other one, where two listeners exclude each other. */
  readonly first?: Span;
}

/** Reports listeners that contradict themselves or each other; answers whether there are any. */
export function checkListeners(context: ResolveContext, { listeners }: TrafficSettings): boolean {
  const found = [
    ...listeners.flatMap(tlsFaults),
    ...listeners.flatMap(authorityFaults),
    ...listeners.flatMap(hostFaults),
    ...listeners.flatMap((listener) => redirectFaults(listener, listeners)),
    ...listeners.flatMap((listener) => namespaceFaults(context, listener)),
    ...sameNames(listeners),
    ...[...groupBy(listeners, ({ port }) => port).values()].flatMap(clashesOnPort),
  ];
  for (const { listener, span, why, help, first } of found) {
    const notes = first === undefined ? [] : [{ message: 'the first is here', span: first }];
    context.report(diagnostic('listener-contradicts', { listener: listener.name.value, why }, span, { help, notes }));
  }
  return found.length > 0;
}

function tlsFaults(listener: WantedListener): Fault[] {
  const { protocol, tls, span } = listener;
  if (protocol === 'HTTP' || protocol === 'TCP') {
    const help = `write protocol ${protocol === 'HTTP' ? 'HTTPS' : 'TLS'}, or take \`tls\` out`;
    return tls === undefined ? [] : [{ listener, span: tls.span, why: `protocol ${protocol} has no TLS`, help }];
  }
  const { mode = 'Terminate', certificate } = tls ?? {};
  const at = tls?.span ?? span;
  if (mode !== 'Passthrough') {
    const help = 'add `tls: { certificate: … }`, the name of a Secret';
    return certificate ? [] : [{ listener, span: at, why: `protocol ${protocol} needs a certificate to show`, help }];
  }
  if (protocol === 'HTTPS') {
    const help = 'write protocol TLS, or let the gateway end it with `mode: Terminate`';
    return [{ listener, span: at, why: 'nobody reads requests in TLS that is passed through', help }];
  }
  const why = 'TLS is ended behind the gateway, which shows no certificate of its own';
  const help = 'take `certificate` out, or write `mode: Terminate`';
  return certificate ? [{ listener, span: certificate.span, why, help }] : [];
}

function authorityFaults(listener: WantedListener): Fault[] {
  const { mode, caCertificates } = listener.tls ?? {};
  if (caCertificates === undefined || mode === 'Mutual') return [];
  const why = 'it asks clients for no certificate that `caCertificates` could vouch for';
  return [{ listener, span: caCertificates.span, why, help: 'write `mode: Mutual`, or take it out' }];
}

function hostFaults(listener: WantedListener): Fault[] {
  const [host] = listener.hosts;
  if (listener.protocol !== 'TCP' || host === undefined) return [];
  const help = 'take `hosts` out, or write protocol TLS';
  return [{ listener, span: host.span, why: 'connections of protocol TCP name no host', help }];
}

function redirectFaults(listener: WantedListener, all: readonly WantedListener[]): Fault[] {
  const { protocol, redirect } = listener;
  if (redirect === undefined) return [];
  const { span } = redirect;
  if (protocol !== 'HTTP') {
    const why = `who asks by protocol ${protocol} does not ask in plaintext`;
    return [{ listener, span, why, help: 'take `redirect` out' }];
  }
  const isTaken = all.some((each) => each.protocol === 'HTTPS');
  return isTaken ? [] : [{ listener, span, why: 'no listener takes HTTPS', help: 'add one of protocol HTTPS' }];
}

function namespaceFaults({ topology }: ResolveContext, listener: WantedListener): Fault[] {
  const { routesFrom, span } = listener;
  if (typeof routesFrom === 'string') return [];
  const unknown = routesFrom.filter((name) => !topology.clusters.some(({ namespaces }) => namespaces.has(name)));
  const help = 'correct the name, or give the manifest of the namespace';
  return unknown.map((name) => ({
    ...{ listener, span, help },
    why: `no manifest has namespace \`${name}\`, which it is to take routes from`,
  }));
}

function sameNames(listeners: readonly WantedListener[]): Fault[] {
  const groups = groupBy(listeners, ({ name }) => name.value);
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map((listener) => ({
      ...{ listener, span: listener.name.span, why: 'another has its name', help: 'give it a name of its own' },
      ...(first && { first: first.name.span }),
    })),
  );
}

function clashesOnPort(group: readonly WantedListener[]): Fault[] {
  return group.flatMap((listener, index) => clash(listener, group.slice(0, index)));
}

/** On a port there is one family of protocols, and for one host of it one listener. */
function clash(listener: WantedListener, before: readonly WantedListener[]): Fault[] {
  const { port, protocol } = listener;
  const { span } = listener.name;
  const [first] = before;
  if (first === undefined) return [];
  if (familyOf(first) !== familyOf(listener)) {
    const why = `port ${port} carries protocol ${first.protocol} already, and cannot carry ${protocol} beside it`;
    return [{ listener, span, first: first.name.span, why, help: 'give it another port' }];
  }
  if ((first.redirect === undefined) !== (listener.redirect === undefined)) {
    const why = `on port ${port} one listener redirects to HTTPS and another does not`;
    return [{ listener, span, first: first.name.span, why, help: 'write `redirect` for all of the port, or for none' }];
  }
  if (authorityOf(first) !== authorityOf(listener)) {
    const why = `on port ${port} one ConfigMap vouches for the clients of all listeners`;
    return [{ listener, span, first: first.name.span, why, help: 'write the same `caCertificates` for all of them' }];
  }
  const twin = before.find((each) => hostsOf(each).some((host) => hostsOf(listener).includes(host)));
  if (twin === undefined) return [];
  const why = `\`${twin.name.value}\` is for the same connections on port ${port}`;
  const help = protocol === 'TCP' ? 'give it another port' : 'give it another port, or other `hosts`';
  return [{ listener, span, first: twin.name.span, why, help }];
}

/** Hosts of requests tell listeners of one port apart, and server names do; connections have nothing that does. */
function familyOf({ protocol }: WantedListener): string {
  return protocol === 'HTTPS' || protocol === 'TLS' ? 'TLS' : protocol;
}

function authorityOf({ tls }: WantedListener): string | undefined {
  return tls?.caCertificates?.value;
}

function hostsOf({ protocol, hosts }: WantedListener): readonly string[] {
  return protocol === 'TCP' || hosts.length === 0 ? ['*'] : hosts.map(({ value }) => value);
}
