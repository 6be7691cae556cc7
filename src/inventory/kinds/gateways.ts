import { annotations, below, irrelevant, type Kind, labels, modelled, said } from '../entry.js';

const listeners = 'topology/listeners';

const certificates = 'which certificates are shown and taken: who asks says whether a connection gets as far as this';

const revision = modelled(
  labels('istio.io/rev'),
  ['topology/revisions.ts', listeners],
  'whether an istiod serves it (E-30)',
);

const written = irrelevant(['status'], 'controllers write it, and nobody decides by it');

/** What a listener of Gateway API says, wherever it stands. */
const ofListeners = modelled(
  [
    ...below('spec.listeners', 'name', 'port', 'protocol', 'hostname', 'allowedRoutes'),
    ...below('spec.listeners.tls', 'mode', 'options'),
  ],
  [listeners, 'mesh/paths/gateway'],
  'what is read of what arrives there, on which port of the pods, and whose routes count (§2.10)',
);

const listenerSet = (name: string): Kind => ({
  name,
  about: 'listeners that are added to a Gateway',
  entries: [
    modelled(['spec.parentRef'], listeners, 'to which Gateway, if that lets it (T-56)'),
    ofListeners,
    irrelevant(['spec.listeners.tls.certificateRefs'], certificates),
    revision,
    written,
  ],
});

export const gateways: readonly Kind[] = [
  {
    name: 'networking.istio.io/Gateway',
    about: 'what gateways of Istio’s own API listen to',
    entries: [
      modelled(
        [
          'spec.selector',
          'spec.servers.hosts',
          'spec.servers.name',
          'spec.servers.tls.mode',
          'spec.servers.tls.httpsRedirect',
        ],
        [listeners, 'mesh/paths/gateway'],
        'which pods listen, what is read of what arrives, and whose routes count (§2.10)',
      ),
      modelled(
        below('spec.servers.port', 'number', 'protocol', 'name'),
        [listeners, 'mesh/paths/gateway'],
        'on which port of the pods, and what is read of what arrives there (§2.10)',
      ),
      said(['spec.servers.bind'], ['AMB2547'], 'what arrives at the listener that is bound to one address'),
      irrelevant(
        below(
          'spec.servers.tls',
          'credentialName',
          'credentialNames',
          'caCertCredentialName',
          'caCertificates',
          'caCrl',
          'serverCertificate',
          'privateKey',
          'tlsCertificates',
          'subjectAltNames',
          'verifyCertificateHash',
          'verifyCertificateSpki',
          'insecureSkipVerify',
          'cipherSuites',
          'minProtocolVersion',
          'maxProtocolVersion',
        ),
        certificates,
      ),
      irrelevant(['spec.servers.defaultEndpoint', 'spec.servers.port.targetPort'], 'Istio does not read it'),
      revision,
      written,
    ],
  },
  {
    name: 'gateway.networking.k8s.io/Gateway',
    about: 'a gateway or a waypoint, and what it listens to',
    entries: [
      modelled(
        ['spec.gatewayClassName', ...labels('istio.io/waypoint-for')],
        ['topology/gateway-class.ts', 'topology/waypoints.ts'],
        'what it is, and whom a waypoint is for (W-04, W-14)',
      ),
      ofListeners,
      modelled(
        below('spec', 'addresses', 'allowedListeners'),
        listeners,
        'which Service’s pods serve it, and which ListenerSets add to it (W-40, T-56)',
      ),
      modelled(
        [
          ...below('spec.infrastructure', 'labels', 'annotations'),
          ...annotations('gateway.istio.io/service-account', 'gateway.istio.io/name-override'),
        ],
        ['topology/gateways.ts', 'topology/gateway-settings.ts', listeners],
        'the labels, the identity and the names of its pods, and what stands before them (W-42, §4.2)',
      ),
      modelled(
        ['spec.tls.frontend', ...labels('topology.istio.io/network', 'networking.istio.io/gatewayPort')],
        listeners,
        'whether clients must show a certificate, and which listener is for other networks (§2.10)',
      ),
      modelled(['status'], 'topology/waypoints.ts', 'whether a waypoint is known yet (W-30)'),
      said(
        annotations('ambient.istio.io/waypoint-inbound-binding'),
        ['AMB5353'],
        'ambient callers of what it is a waypoint for',
      ),
      irrelevant(
        [
          ...below('spec.listeners.tls', 'certificateRefs', 'frontendValidation'),
          ...below('spec', 'tls.backend', 'backendTLS'),
        ],
        certificates,
      ),
      irrelevant(
        [
          'spec.infrastructure.parametersRef',
          'spec.defaultScope',
          ...annotations('networking.istio.io/service-type', 'gateway.istio.io/controller-version'),
          ...annotations('topology.istio.io/controlPlaneClusters'),
        ],
        'how its pods and its Service are deployed',
      ),
      revision,
    ],
  },
  {
    name: 'gateway.networking.k8s.io/GatewayClass',
    about: 'what the Gateways of a class are for',
    entries: [
      modelled(
        ['spec.controllerName', ...labels('istio.io/waypoint-for')],
        'topology/gateway-class.ts',
        'whether Istio runs its Gateways, and as what (W-04, W-14)',
      ),
      said(
        annotations('ambient.istio.io/waypoint-inbound-binding'),
        ['AMB5353'],
        'ambient callers of what its Gateways are waypoints for',
      ),
      irrelevant(below('spec', 'description', 'parametersRef'), 'how their pods are deployed'),
      written,
    ],
  },
  listenerSet('gateway.networking.k8s.io/ListenerSet'),
  listenerSet('gateway.networking.x-k8s.io/XListenerSet'),
];
