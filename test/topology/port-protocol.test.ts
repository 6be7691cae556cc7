import { describe, expect, test } from 'vitest';
import { type PortDeclaration, portProtocol } from '../../src/topology/port-protocol.js';

const port = (declaration: Partial<PortDeclaration>): PortDeclaration => ({
  number: 8080,
  transport: 'TCP',
  name: undefined,
  appProtocol: undefined,
  ...declaration,
});

describe('protocol of a port (T-54)', () => {
  test.each<[law: string, declaration: Partial<PortDeclaration>, protocol: string, layer: string, because: string]>([
    ['port name', { name: 'http' }, 'http', 'http', 'port name'],
    ['port name up to its dash', { name: 'http-web' }, 'http', 'http', 'port name'],
    ['port name in any case', { name: 'HTTP-web' }, 'http', 'http', 'port name'],
    ['a dash is needed', { name: 'httpweb' }, 'auto', 'detected', 'nothing declared'],
    ['http2', { name: 'http2' }, 'http2', 'http', 'port name'],
    ['grpc', { name: 'grpc-api' }, 'grpc', 'http', 'port name'],
    ['grpc-web keeps its dash', { name: 'grpc-web-ui' }, 'grpc-web', 'http', 'port name'],
    ['https is opaque', { name: 'https' }, 'https', 'tcp', 'port name'],
    ['tls is opaque', { name: 'tls-db' }, 'tls', 'tcp', 'port name'],
    ['tcp', { name: 'tcp-redis' }, 'tcp', 'tcp', 'port name'],
    ['mongo', { name: 'mongo' }, 'mongo', 'tcp', 'port name'],
    ['appProtocol wins over the name', { name: 'tcp', appProtocol: 'http' }, 'http', 'http', 'appProtocol'],
    [
      'an unknown appProtocol hides the name',
      { name: 'http', appProtocol: 'amqp' },
      'auto',
      'detected',
      'nothing declared',
    ],
    ['kubernetes.io/h2c', { appProtocol: 'kubernetes.io/h2c' }, 'http2', 'http', 'appProtocol'],
    ['kubernetes.io/ws', { appProtocol: 'kubernetes.io/ws' }, 'http', 'http', 'appProtocol'],
    ['kubernetes.io/wss', { appProtocol: 'kubernetes.io/wss' }, 'https', 'tcp', 'appProtocol'],
    ['nothing declared', {}, 'auto', 'detected', 'nothing declared'],
    ['mysql port is never sniffed', { number: 3306 }, 'tcp', 'tcp', 'well-known port'],
    ['mongo port is never sniffed', { number: 27017, name: 'db' }, 'tcp', 'tcp', 'well-known port'],
    ['a well-known port may say otherwise', { number: 53, name: 'http' }, 'http', 'http', 'port name'],
    ['UDP is UDP, whatever its name', { transport: 'UDP', name: 'http' }, 'udp', 'tcp', 'transport'],
    ['a name that every object has', { name: 'constructor' }, 'auto', 'detected', 'nothing declared'],
  ])('%s', (_, declaration, protocol, layer, because) => {
    expect(portProtocol(port(declaration))).toEqual({ protocol, layer, because });
  });
});
