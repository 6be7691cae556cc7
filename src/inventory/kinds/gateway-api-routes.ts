import { below, irrelevant, type Kind, modelled, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const attachment = modelled(
  ['spec.parentRefs'],
  'mesh/routes/read/parents.ts',
  'which gateways, waypoints and sidecars route by it',
);

/** How far routes are followed. */
export const followed =
  'which rule of a sidecar or a waypoint takes a request, what becomes of it and where it goes; undecided are rewrites by regular expressions, and which of several routes counts where files have no dates; gateways are taken to lead everywhere';

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
        ['mesh/routes/read/http-route.ts', 'mesh/routes/follow', 'algebra/routes'],
        followed,
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
        ['mesh/routes/read/grpc-route.ts', 'mesh/routes/follow', 'algebra/routes'],
        followed,
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
    entries: [
      modelled(
        ['spec.from', 'spec.to'],
        'mesh/routes/read/read-routes.ts',
        'whether the route of a gateway may lead into a namespace, where one request is followed',
      ),
    ],
  },
];
