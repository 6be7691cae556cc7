import { type Gateway, type GatewayFront, keyOf, type Listener } from '../../../topology/model.js';
import { noPath, notModelled, type Stop } from '../hops.js';

/** Where a connection to a gateway's pods ends: at a listener, or at the proxy itself. */
export type Arrival =
  | {
      readonly kind: 'listener';
      readonly listener: Listener;
      /** The port of a Service by which it came; without one the pods were addressed themselves. */
      readonly front: GatewayFront | undefined;
    }
  | { readonly kind: 'proxy'; readonly port: number };

/** Health, metrics, and those of the proxy: answered beside all policies (§2.10). */
const proxyPortsOfGateways: readonly number[] = [15020, 15021, 15090];

/** A port is that of a Service in front, if one has it; else that of the pods, to which a Service may lead (§2.10). */
export function arrivalAt(gateway: Gateway, port: number, serverName: string | undefined): Arrival | Stop {
  const named = gateway.fronts.filter((front) => front.port === port);
  const fronts = named.length > 0 ? named : gateway.fronts.filter((front) => front.podPort === port);
  const [podPort = port, ...others] = new Set(fronts.map((front) => front.podPort));
  if (others.length > 0)
    return notModelled(`which Service is meant, for port ${port} leads to different ports (§2.10)`);
  if (proxyPortsOfGateways.includes(podPort)) return { kind: 'proxy', port: podPort };
  const listener = listenerAt(gateway, podPort, serverName);
  return listener.kind === 'listener' ? { ...listener, front: fronts[0] } : listener;
}

type Found = { readonly kind: 'listener'; readonly listener: Listener } | Stop;

function listenerAt(gateway: Gateway, podPort: number, serverName: string | undefined): Found {
  const here = gateway.listeners.filter((listener) => listener.podPort === podPort);
  const [first, ...rest] = here.filter(({ standing }) => standing.kind !== 'left-out');
  if (first === undefined) return closedPort(gateway, podPort, here);
  for (const { standing } of [first, ...rest]) if (standing.kind === 'undecided') return notModelled(standing.because);
  return first.tls === undefined
    ? { kind: 'listener', listener: first }
    : servedUnder([first, ...rest], podPort, serverName);
}

function closedPort(gateway: Gateway, podPort: number, here: readonly Listener[]): Stop {
  const [leftOut] = here;
  if (leftOut?.standing.kind === 'left-out') {
    return noPath(`istiod leaves ${describeListener(leftOut)} out: ${leftOut.standing.because}`);
  }
  if (gateway.listeners.length === 0 && gateway.kind === 'classic') {
    return notModelled(`where \`${keyOf(gateway)}\` listens: no Gateway that is given selects its pods (§2.10)`);
  }
  return noPath(`no listener of \`${keyOf(gateway)}\` is on port ${podPort} of its pods (§2.10)`);
}

/** Where TLS comes, the server name that the client sends chooses among the listeners of a port. */
function servedUnder(listeners: readonly Listener[], podPort: number, serverName: string | undefined): Found {
  const best = serverName === undefined ? listeners : closest(listeners, serverName);
  const [first, ...rest] = best;
  if (first === undefined) return noPath(`no listener on port ${podPort} serves the name \`${serverName}\` (§2.10)`);
  if (rest.every((other) => isAlike(first, other))) return { kind: 'listener', listener: first };
  return notModelled(`which listener of port ${podPort} the server name of the client chooses (§2.10)`);
}

function isAlike(left: Listener, right: Listener): boolean {
  return left.reads === right.reads && left.tls === right.tls;
}

/** An exact name comes before a wildcard, and of wildcards the longest. */
function closest(listeners: readonly Listener[], name: string): readonly Listener[] {
  const scored = listeners.map((listener) => ({ listener, score: scoreOf(listener, name.toLowerCase()) }));
  const most = Math.max(...scored.map(({ score }) => score));
  return most < 0 ? [] : scored.filter(({ score }) => score === most).map(({ listener }) => listener);
}

function scoreOf({ hosts }: Listener, name: string): number {
  const scores = hosts.map(({ host }) => {
    const written = host.toLowerCase();
    if (written === name) return Number.POSITIVE_INFINITY;
    return written.startsWith('*') && name.endsWith(written.slice(1)) ? written.length : -1;
  });
  return Math.max(-1, ...scores);
}

/** "listener `web` of Gateway `edge/public`" */
export function describeListener({ name, object }: Listener): string {
  const owner = `${object.kind} \`${object.namespace ?? 'default'}/${object.name}\``;
  return `${name === '' ? 'a listener' : `listener \`${name}\``} of ${owner}`;
}
