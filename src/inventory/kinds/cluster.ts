import { annotations, below, irrelevant, type Kind, labels, modelled, said } from '../entry.js';

const webhook = (name: string, entries: Kind['entries']): Kind => ({
  name,
  about: 'what the API server asks before it takes an object',
  entries: [
    modelled(
      ['webhooks.clientConfig'],
      'topology/api-server-calls.ts',
      'that the API server calls a Service, in plaintext and without an identity (§5.3)',
    ),
    ...entries,
  ],
});

export const cluster: readonly Kind[] = [
  {
    name: '/Namespace',
    about: 'what its pods and Services have in common',
    entries: [
      modelled(
        labels('istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'),
        ['topology/injection.ts', 'topology/mode.ts'],
        'how its pods take part in the mesh (E-01, E-21)',
      ),
      modelled(
        labels('istio.io/use-waypoint', 'istio.io/use-waypoint-namespace', 'istio.io/ingress-use-waypoint'),
        'topology/binding.ts',
        'the waypoint of its Services and pods (W-13, W-60)',
      ),
      said(labels('istio.io/use-waypoint-canary'), ['AMB5353'], 'ambient callers of what is there, from Istio 1.31 on'),
      irrelevant(labels('topology.istio.io/network'), 'the network of a cluster is named in the Mesh document'),
      irrelevant(['spec', 'status'], 'whether it is being deleted'),
    ],
  },
  {
    name: '/Service',
    about: 'a name for pods',
    entries: [
      modelled(
        below('spec', 'selector', 'ports', 'type', 'clusterIP', 'clusterIPs'),
        ['topology/read-services.ts', 'topology/port-protocol.ts', 'topology/endpoints.ts'],
        'which pods stand behind it, what its ports carry (T-54), and how callers arrive (§4.5)',
      ),
      said(['spec.externalName'], [], 'what is addressed to it: it stands for another name'),
      modelled(
        labels('istio.io/use-waypoint', 'istio.io/use-waypoint-namespace', 'istio.io/ingress-use-waypoint'),
        'topology/binding.ts',
        'its waypoint (W-13, W-60)',
      ),
      said(labels('istio.io/use-waypoint-canary'), ['AMB5353'], 'ambient callers of it, from Istio 1.31 on'),
      modelled(
        labels('experimental.istio.io/disable-gateway-port-translation'),
        'topology/listeners',
        'to which port of a gateway’s pods it leads (§2.10)',
      ),
      modelled(labels('istio.io/tag'), 'topology/revisions.ts', 'a tag of a revision, since Istio 1.28 (E-31)'),
      modelled(annotations('networking.istio.io/exportTo'), 'mesh/paths/visibility.ts', 'whose proxies know it (§4.5)'),
      irrelevant(
        annotations('alpha.istio.io/kubernetes-serviceaccounts', 'alpha.istio.io/canonical-serviceaccounts'),
        'further identities that clients take for its own, beside those of its pods',
      ),
      irrelevant(
        [
          ...annotations('networking.istio.io/traffic-distribution', 'traffic.istio.io/nodeSelector'),
          ...labels('istio.io/global', 'networking.istio.io/gatewayPort'),
        ],
        'which pods are near, and how other networks reach it: traffic between networks is decided only where it is certain',
      ),
      irrelevant(
        ['spec.*', 'status'],
        'further addresses and which of its pods answers: whoever uses them arrives as any caller does',
      ),
    ],
  },
  {
    name: 'discovery.k8s.io/EndpointSlice',
    about: 'the addresses behind a Service',
    entries: [
      modelled(
        [...labels('kubernetes.io/service-name'), 'endpoints', 'addressType'],
        ['topology/endpoints.ts', 'mesh/doubts/listed-endpoints.ts'],
        'which pods stand behind a Service without a selector; an address that is no pod’s is said (AMB5353)',
      ),
      said(['ports'], ['AMB5353'], 'what is addressed to the ports of the Service that the list leads elsewhere'),
    ],
  },
  {
    name: '/Endpoints',
    about: 'the addresses behind a Service, as they were written before EndpointSlices',
    entries: [
      said(
        ['subsets'],
        ['AMB5353'],
        'what is addressed to the Service, where an address is no pod’s or a port leads elsewhere',
      ),
    ],
  },
  {
    name: '/Secret',
    about: 'a certificate or a key',
    entries: [
      irrelevant(
        ['type', 'data', 'stringData', 'immutable'],
        'which certificate is shown: findings say where one is not given or not permitted',
      ),
    ],
  },
  {
    name: '/ServiceAccount',
    about: 'an identity',
    entries: [
      irrelevant(
        ['secrets', 'imagePullSecrets', 'automountServiceAccountToken'],
        'what pods may fetch: certificates are issued whatever it says',
      ),
    ],
  },
  {
    name: 'networking.k8s.io/NetworkPolicy',
    about: 'what may reach a pod at all, and what a pod may reach outside',
    entries: [
      modelled(
        ['spec.podSelector', 'spec.policyTypes', ...below('spec', 'egress'), ...below('spec', 'ingress')],
        'mesh/network-policies/policy.ts',
        'which connections pods may open to each other, by the ports on which the mesh takes them (W-70, W-72), and what gets out of it (F-46)',
      ),
      irrelevant(['spec.*', 'status'], 'nothing else decides about a connection'),
    ],
  },
  webhook('admissionregistration.k8s.io/MutatingWebhookConfiguration', [
    modelled(
      [...labels('istio.io/rev', 'istio.io/tag'), 'webhooks.name'],
      'topology/revisions.ts',
      'which revisions inject, and whether unlabelled namespaces are taken (E-21, E-31)',
    ),
    irrelevant(
      ['webhooks.*'],
      'when the API server calls it; of Istio’s own, the selectors of its installation are taken',
    ),
  ]),
  webhook('admissionregistration.k8s.io/ValidatingWebhookConfiguration', [
    irrelevant(['webhooks.*'], 'when the API server calls it'),
  ]),
  {
    name: 'apiregistration.k8s.io/APIService',
    about: 'an API that a Service serves',
    entries: [
      modelled(
        ['spec.service'],
        'topology/api-server-calls.ts',
        'that the API server calls a Service, in plaintext and without an identity (§5.3)',
      ),
      irrelevant(['spec.*', 'status'], 'which API it is'),
    ],
  },
  {
    name: 'apiextensions.k8s.io/CustomResourceDefinition',
    about: 'a kind of object',
    entries: [
      modelled(
        ['spec.conversion'],
        'topology/api-server-calls.ts',
        'that the API server calls a Service, in plaintext and without an identity (§5.3)',
      ),
      said(
        annotations('gateway.networking.k8s.io/bundle-version'),
        ['AMB7126'],
        'whether waypoints can be served, where sidecars are to be moved',
      ),
      irrelevant(['spec.*', 'status'], 'what such objects look like'),
    ],
  },
];
