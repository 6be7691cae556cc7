import { annotations, below, irrelevant, type Kind, labels, modelled, said } from '../entry.js';

const pod: Kind = {
  name: '/Pod',
  about: 'what runs, also as the template of a Deployment or of whatever makes pods',
  entries: [
    modelled(
      [
        ...labels('istio.io/dataplane-mode', 'sidecar.istio.io/inject', 'istio.io/rev', 'networking.istio.io/tunnel'),
        ...annotations('sidecar.istio.io/inject', 'sidecar.istio.io/status', 'ambient.istio.io/redirection'),
        ...below('spec', 'hostNetwork', 'nodeName', 'containers.name', 'containers.args', 'initContainers.name'),
        'status.phase',
      ],
      ['topology/mode.ts', 'topology/injection.ts'],
      'how it takes part in the mesh, or that it does not (E-01 to E-25)',
    ),
    modelled(
      annotations('inject.istio.io/templates'),
      ['topology/mode.ts', 'mesh/paths/capture.ts'],
      'a gateway (E-20) or proxyless gRPC (T-55) where the pod is injected; with another template than `sidecar` the pod is undecided, and AMB5353 says so',
    ),
    modelled(
      labels('gateway.networking.k8s.io/gateway-name', 'gateway.istio.io/managed'),
      'topology/read-workloads.ts',
      'that it runs a Gateway (W-03)',
    ),
    modelled(
      labels('istio.io/use-waypoint', 'istio.io/use-waypoint-namespace'),
      'topology/binding.ts',
      'the waypoint of what is addressed to it (W-13)',
    ),
    said(labels('istio.io/use-waypoint-canary'), ['AMB5353'], 'ambient callers of it, from Istio 1.31 on'),
    modelled(labels('security.istio.io/tlsMode'), 'topology/tls-mode.ts', 'what clients take it to speak (§4.5)'),
    said(
      labels('topology.istio.io/network'),
      ['AMB5353'],
      'what it is sent and what it sends, where it names another network than its cluster’s',
    ),
    modelled(['spec.serviceAccountName', 'spec.serviceAccount'], 'mesh/identity.ts', 'as whom it speaks (§4.2)'),
    modelled(
      [...below('spec.containers.ports', 'name', 'containerPort', 'protocol'), 'spec.initContainers.ports'],
      ['topology/pod-template.ts', 'mesh/paths/endpoint.ts'],
      'to which port a name leads',
    ),
    modelled(
      [
        ...annotations('traffic.sidecar.istio.io/includeInboundPorts', 'traffic.sidecar.istio.io/excludeInboundPorts'),
        ...annotations(
          'traffic.sidecar.istio.io/includeOutboundPorts',
          'traffic.sidecar.istio.io/excludeOutboundPorts',
        ),
        ...annotations('status.sidecar.istio.io/port', 'ambient.istio.io/bypass-inbound-capture'),
      ],
      'mesh/paths/capture.ts',
      'which ports a proxy stands before, and what leaves the pod in plaintext (§2.4, §2.8)',
    ),
    said(
      annotations(
        'traffic.sidecar.istio.io/includeOutboundIPRanges',
        'traffic.sidecar.istio.io/excludeOutboundIPRanges',
      ),
      ['AMB5353'],
      'what the pod sends, unless the first is empty: no address of a destination is known',
    ),
    said(
      annotations(
        'sidecar.istio.io/interceptionMode',
        'traffic.sidecar.istio.io/excludeInterfaces',
        'istio.io/reroute-virtual-interfaces',
        'traffic.sidecar.istio.io/kubevirtInterfaces',
        'sidecar.istio.io/bootstrapOverride',
        'sidecar.istio.io/discoveryAddress',
        'proxy.istio.io/config',
      ),
      ['AMB5353'],
      'what arrives at the pod and what it sends, where it says something that decides (§2.8)',
    ),
    modelled(
      ['spec.securityContext', 'spec.containers.securityContext'],
      'mesh/paths/proxy-user.ts',
      'that what user or group 1337 sends is not captured (§2.8); undecided where one of several containers runs so',
    ),
    modelled(
      [
        ...annotations('sidecar.istio.io/rewriteAppHTTPProbers'),
        ...below('spec.containers', 'startupProbe', 'readinessProbe', 'livenessProbe'),
        ...below('spec.initContainers', 'startupProbe', 'readinessProbe', 'livenessProbe'),
      ],
      'topology/probes.ts',
      'which probes arrive in plaintext (§5.3)',
    ),
    irrelevant(
      labels(
        'service.istio.io/canonical-name',
        'service.istio.io/canonical-revision',
        'service.istio.io/workload-name',
        'topology.istio.io/cluster',
        'topology.istio.io/locality',
        'topology.istio.io/subzone',
      ),
      'names for metrics, and which of several pods is nearer',
    ),
    irrelevant(
      annotations(
        'sidecar.istio.io/agentLogLevel',
        'sidecar.istio.io/componentLogLevel',
        'sidecar.istio.io/logLevel',
        'sidecar.istio.io/extraStatTags',
        'sidecar.istio.io/statsCompression',
        'sidecar.istio.io/statsEvictionInterval',
        'sidecar.istio.io/statsFlushInterval',
        'sidecar.istio.io/statsHistogramBins',
        'sidecar.istio.io/statsHistogramBuckets',
        'sidecar.istio.io/statsInclusionPrefixes',
        'sidecar.istio.io/statsInclusionRegexps',
        'sidecar.istio.io/statsInclusionSuffixes',
        'prometheus.istio.io/merge-metrics',
      ),
      'what the proxy records',
    ),
    irrelevant(
      annotations(
        'sidecar.istio.io/proxyImage',
        'sidecar.istio.io/proxyImageType',
        'sidecar.istio.io/proxyCPU',
        'sidecar.istio.io/proxyCPULimit',
        'sidecar.istio.io/proxyMemory',
        'sidecar.istio.io/proxyMemoryLimit',
        'sidecar.istio.io/userVolume',
        'sidecar.istio.io/userVolumeMount',
        'sidecar.istio.io/nativeSidecar',
        'proxy.istio.io/overrides',
      ),
      'how the proxy’s container is run: whatever its image, it is taken for Istio’s proxy',
    ),
    irrelevant(
      annotations(
        'readiness.status.sidecar.istio.io/applicationPorts',
        'readiness.status.sidecar.istio.io/failureThreshold',
        'readiness.status.sidecar.istio.io/initialDelaySeconds',
        'readiness.status.sidecar.istio.io/periodSeconds',
      ),
      'when the proxy counts as ready',
    ),
    irrelevant(annotations('ambient.istio.io/dns-capture'), 'who answers questions for names'),
    irrelevant(['spec.*', 'status.*'], 'nothing that a proxy or istiod decides by'),
  ],
};

const template = modelled(
  ['spec.template'],
  'topology/pod-template.ts',
  'the pods, of which all that is said of a Pod holds',
);
const control = irrelevant(['spec.*', 'status'], 'how many pods there are, and how they are replaced');

const maker = (name: string): Kind => ({ name, about: 'what makes pods', entries: [template, control] });

export const pods: readonly Kind[] = [
  pod,
  maker('apps/Deployment'),
  maker('apps/StatefulSet'),
  maker('apps/DaemonSet'),
  maker('apps/ReplicaSet'),
  maker('batch/Job'),
  maker('/ReplicationController'),
  {
    name: 'any other kind with a pod template',
    about: 'what makes pods as well: CloneSets of OpenKruise, Configurations of Knative, and Rollouts of Argo',
    entries: [template, control],
  },
  {
    name: 'batch/CronJob',
    about: 'what makes pods at certain times',
    entries: [
      modelled(['spec.jobTemplate'], 'topology/pod-template.ts', 'the pods, of which all that is said of a Pod holds'),
      irrelevant(['spec.*', 'status'], 'when it makes them'),
    ],
  },
];
