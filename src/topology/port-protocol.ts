import type { PortLayer, Transport } from './model.js';

/** What a Service or ServiceEntry port says about the bytes it carries. */
export interface PortDeclaration {
  readonly number: number;
  readonly transport: Transport;
  readonly name: string | undefined;
  readonly appProtocol: string | undefined;
}

interface PortProtocol {
  readonly protocol: string;
  readonly layer: PortLayer;
  readonly because: string;
}

const layers: ReadonlyMap<string, PortLayer> = new Map([
  ['http', 'http'],
  ['http2', 'http'],
  ['http_proxy', 'http'],
  ['grpc', 'http'],
  ['grpc-web', 'http'],
  ['https', 'tcp'],
  ['tls', 'tcp'],
  ['tcp', 'tcp'],
  ['mongo', 'tcp'],
  ['mysql', 'tcp'],
  ['redis', 'tcp'],
  ['udp', 'tcp'],
]);

/** The names that Kubernetes itself defines for `appProtocol`. */
const kubernetesProtocols: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/h2c', 'http2'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'https'],
]);

/** Ports of protocols in which the server speaks first: never sniffed, so that they do not hang. */
const neverSniffed: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/**
 * The protocol that Istio gives a port: `appProtocol`, else the port name up to its first `-`, else sniffing (T-54).
 * It decides whether a proxy sees requests at all, so a rule on paths or methods stands or falls with it.
 */
export function portProtocol(port: PortDeclaration): PortProtocol {
  if (port.transport !== 'TCP') return { protocol: port.transport.toLowerCase(), layer: 'tcp', because: 'transport' };
  const declared = port.appProtocol ?? port.name ?? '';
  const because = port.appProtocol === undefined ? 'port name' : 'appProtocol';
  const protocol = kubernetesProtocols.get(port.appProtocol ?? '') ?? parseProtocol(declared);
  const layer = layers.get(protocol);
  if (layer !== undefined) return { protocol, layer, because };
  if (neverSniffed.has(port.number)) return { protocol: 'tcp', layer: 'tcp', because: 'well-known port' };
  return { protocol: 'auto', layer: 'detected', because: 'nothing declared' };
}

/** What a proxy reads where somebody names a protocol outright; whatever is no name of one is detected. */
export function layerOfProtocol(protocol: string): PortLayer {
  return layers.get(protocol.toLowerCase()) ?? 'detected';
}

function parseProtocol(declared: string): string {
  const lower = declared.toLowerCase();
  if (lower.startsWith('grpc-web')) return 'grpc-web';
  return lower.split('-', 1)[0] ?? '';
}
