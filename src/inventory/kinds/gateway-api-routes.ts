import { below, irrelevant, type Kind, modelled, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const attachment = modelled(
  ['spec.parentRefs'],
  'mesh/routes/read/parents.ts',
  'which gateways, waypoints and sidecars route by it',
);

const hosts = modelled(['spec.hostnames'], 'mesh/routes/owner', 'for which hosts');

const defaults = irrelevant(['spec.useDefaultGateways'], 'Istio reads no default gateways');

const backends = modelled(['spec.rules.backendRefs'], 'mesh/routes/read/backends.ts', 'where connections go');

const ruleName = irrelevant(['spec.rules.name'], 'a name for people');

export const gatewayApiRoutes: readonly Kind[] = [
  {
    name: 'gateway.networking.k8s.io/HTTPRoute',
    about: 'where HTTP requests go',
    entries: [
      attachment,
      hosts,
      modelled(
        below('spec.rules', 'matches', 'backendRefs', 'filters'),
        ['mesh/routes/read/http-route.ts', 'mesh/routes/follow'],
        'which rule takes a request, what becomes of the request, and where it goes; requests that meet a filter that Ambit does not know are undecided',
      ),
      irrelevant(
        below('spec.rules', 'retry', 'timeouts', 'sessionPersistence'),
        'how long a caller waits, how often it is tried, and which pod answers',
      ),
      ruleName,
      defaults,
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'gateway.networking.k8s.io/GRPCRoute',
    about: 'where gRPC calls go',
    entries: [
      attachment,
      hosts,
      modelled(
        below('spec.rules', 'matches', 'backendRefs', 'filters'),
        ['mesh/routes/read/grpc-route.ts', 'mesh/routes/follow'],
        'which rule takes a call, what becomes of it, and where it goes',
      ),
      irrelevant(['spec.rules.sessionPersistence'], 'which pod answers'),
      ruleName,
      defaults,
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'gateway.networking.k8s.io/TCPRoute',
    about: 'where connections go',
    entries: [attachment, backends, ruleName, defaults, ofOtherRevisions, status],
  },
  {
    name: 'gateway.networking.k8s.io/TLSRoute',
    about: 'where TLS connections go',
    entries: [attachment, hosts, backends, ruleName, defaults, ofOtherRevisions, status],
  },
  {
    name: 'gateway.networking.k8s.io/UDPRoute',
    about: 'where datagrams go',
    entries: [
      irrelevant(
        below('spec', 'parentRefs', 'rules', 'useDefaultGateways'),
        'Istio does not read it: the mesh carries TCP',
      ),
      status,
    ],
  },
  {
    name: 'gateway.networking.k8s.io/ReferenceGrant',
    about: 'which namespaces may refer to an object',
    entries: [modelled(below('spec', 'from', 'to'), 'mesh/routes/read/backends.ts', 'whether a route may lead there')],
  },
];
