import type { CrdSchema } from './crd-schema.js';
import type { Kind } from './kind.js';

const text: CrdSchema = { type: 'string' };
const flag: CrdSchema = { type: 'boolean' };
const intOrString: CrdSchema = { 'x-kubernetes-int-or-string': true };
const textMap: CrdSchema = { type: 'object', additionalProperties: text };
const textList: CrdSchema = { type: 'array', items: text };
const status: CrdSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const servicePort = {
  type: 'object',
  required: ['port'],
  properties: {
    name: text,
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    targetPort: intOrString,
    nodePort: { type: 'integer', minimum: 1, maximum: 65535 },
    appProtocol: text,
    protocol: { type: 'string', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' },
  },
} as const satisfies CrdSchema;

const serviceSpec: CrdSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] },
    selector: textMap,
    ports: {
      type: 'array',
      items: servicePort,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
    },
    clusterIP: text,
    clusterIPs: textList,
    externalName: text,
    externalIPs: textList,
    externalTrafficPolicy: { type: 'string', enum: ['Cluster', 'Local'] },
    internalTrafficPolicy: { type: 'string', enum: ['Cluster', 'Local'] },
    ipFamilies: textList,
    ipFamilyPolicy: { type: 'string', enum: ['SingleStack', 'PreferDualStack', 'RequireDualStack'] },
    loadBalancerClass: text,
    publishNotReadyAddresses: flag,
    sessionAffinity: { type: 'string', enum: ['None', 'ClientIP'] },
    trafficDistribution: text,
  },
};

const labelSelector: CrdSchema = {
  type: 'object',
  properties: {
    matchLabels: textMap,
    matchExpressions: {
      type: 'array',
      items: {
        type: 'object',
        required: ['key', 'operator'],
        properties: {
          key: text,
          operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] },
          values: textList,
        },
      },
    },
  },
};

const disruptionBudgetSpec: CrdSchema = {
  type: 'object',
  properties: {
    minAvailable: intOrString,
    maxUnavailable: intOrString,
    selector: labelSelector,
    unhealthyPodEvictionPolicy: { type: 'string', enum: ['IfHealthyBudget', 'AlwaysAllow'] },
  },
};

const portList: CrdSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      protocol: { type: 'string', enum: ['TCP', 'UDP', 'SCTP'] },
      port: intOrString,
      endPort: { type: 'integer', minimum: 1, maximum: 65535 },
    },
  },
};

const peerList: CrdSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      podSelector: labelSelector,
      namespaceSelector: labelSelector,
      ipBlock: { type: 'object', required: ['cidr'], properties: { cidr: text, except: textList } },
    },
  },
};

const networkPolicySpec: CrdSchema = {
  type: 'object',
  properties: {
    podSelector: labelSelector,
    policyTypes: { type: 'array', items: { type: 'string', enum: ['Ingress', 'Egress'] } },
    ingress: { type: 'array', items: { type: 'object', properties: { from: peerList, ports: portList } } },
    egress: { type: 'array', items: { type: 'object', properties: { to: peerList, ports: portList } } },
  },
};

function kind(
  scope: Kind['scope'],
  nameSyntax: Kind['nameSyntax'],
  properties: Record<string, CrdSchema>,
  required: readonly string[] = [],
): Kind {
  return { scope, nameSyntax, schema: { type: 'object', required, properties } };
}

/** The built-in kinds that may stand beside Istio's own, by `apiVersion/kind`: shape only, values in core-rules. */
export const coreKinds: ReadonlyMap<string, Kind> = new Map([
  ['v1/Service', kind('Namespaced', 'label-1035', { spec: serviceSpec, status }, ['spec'])],
  ['v1/ConfigMap', kind('Namespaced', 'subdomain', { data: textMap, binaryData: textMap, immutable: flag })],
  [
    'v1/Namespace',
    kind('Cluster', 'label', { spec: { type: 'object', properties: { finalizers: textList } }, status }),
  ],
  ['networking.k8s.io/v1/NetworkPolicy', kind('Namespaced', 'subdomain', { spec: networkPolicySpec })],
  ['policy/v1/PodDisruptionBudget', kind('Namespaced', 'subdomain', { spec: disruptionBudgetSpec, status })],
]);
