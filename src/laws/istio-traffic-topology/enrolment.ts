import { everyVersion, inferred, istio, istioApi, istioDocs, type Law, read, run, ztunnel } from '../law.js';

const selectors = 'cni/pkg/util/enablement_selector.go';
const injector = 'pkg/kube/inject/inject.go';
const webhooks = 'manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml';
const tags = 'manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml';
const tagServices = 'manifests/charts/istio-control/istio-discovery/templates/revision-tags-svc.yaml';
const workloads = 'pilot/pkg/serviceregistry/ambient/workloads.go';

/** How a pod comes into the mesh: by ztunnel, by a sidecar, or not at all. */
export const enrolment: readonly Law[] = [
  {
    id: '§1.4',
    title: 'How a pod’s data plane is decided',
    statements: [
      'In this order, and the first that has an answer wins:',
      '1) A pod on the host network is in no mesh (E-05, E-20).',
      '2) Nor is one whose namespace both the injector and the CNI leave out (E-06, E-20).',
      '3) A running pod with the annotation `sidecar.istio.io/status` has a sidecar, whatever labels say.',
      '4) If a webhook hands the pod to the injector (E-21), it gets a sidecar, whatever `istio.io/dataplane-mode` says (E-23).',
      '5) If the labels of pod or namespace say ambient, ztunnel captures it (E-01).',
      '6) With `networking.istio.io/tunnel: http` it speaks HBONE by itself (E-08). Otherwise it is outside the mesh.',
      '7) For the pods of a Gateway its class decides, never the labels.',
    ],
    versions: everyVersion,
    sources: [istio(selectors, 'Matches'), istio(injector, 'injectRequired'), istio(webhooks)],
    confirmed: [inferred('the order as a whole, from the laws that it names')],
  },
  {
    id: 'E-01',
    title: 'Whom ambient captures',
    statements: [
      'A pod that is not on the host network, has no sidecar, and is labelled `istio.io/dataplane-mode: ambient`, or is in a namespace with that label and does not say `none` itself.',
      'The labels are read from the pod and from its namespace, not from its Deployment.',
    ],
    versions: everyVersion,
    sources: [istio(selectors, 'Matches'), istio('manifests/charts/istio-cni/values.yaml', 'enablementSelectors')],
    confirmed: [read],
  },
  {
    id: 'E-02',
    title: 'Values of `istio.io/dataplane-mode`',
    statements: ['Only `ambient` and `none` mean something. Any other value is as good as no label.'],
    versions: everyVersion,
    sources: [istioApi('label/labels.yaml', 'istio.io/dataplane-mode'), istio(selectors)],
    confirmed: [read],
  },
  {
    id: 'E-03',
    title: 'The pod’s label wins',
    statements: [
      'A pod labelled `ambient` is captured in a namespace without the label, and one labelled `none` is not in an ambient namespace.',
    ],
    versions: everyVersion,
    sources: [istio(selectors, 'Matches')],
    confirmed: [read],
  },
  {
    id: 'E-05',
    title: 'Ambient and the host network',
    statements: [
      'Pods on the host network are not captured. The CNI leaves them out by itself only in releases after 1.29.6 and 1.30.3; before, do not label them.',
    ],
    versions: everyVersion,
    sources: [istio(selectors, 'Matches'), istio('releasenotes/notes/61168.yaml')],
    confirmed: [read],
  },
  {
    id: 'E-06',
    title: 'Namespaces that the CNI leaves out',
    statements: [
      '`excludeNamespaces` of the CNI, by default `kube-system`, keeps their pods out of ambient. Up to 1.29 only the plugin obeys, so pods that already ran there may stay captured; from 1.30 on the agent lets them go.',
    ],
    versions: everyVersion,
    sources: [istio('cni/pkg/nodeagent/informers.go'), istio('releasenotes/notes/59295.yaml')],
    confirmed: [read],
  },
  {
    id: 'E-07',
    title: 'How istiod knows that a pod is captured',
    statements: [
      'By the annotation `ambient.istio.io/redirection: enabled`, which the agent writes on the running pod, and not by labels. Only then do proxies speak HBONE to it.',
      'The pod label `security.istio.io/tlsMode: istio` on an ambient pod makes sidecars use the older mutual TLS, which fails; `disabled` on a pod with a sidecar makes them send plaintext, or HBONE if it listens for that.',
    ],
    versions: everyVersion,
    sources: [istio(workloads, 'setTunnelProtocol'), istio('cni/pkg/nodeagent/informers.go')],
    confirmed: [read, run('the label `security.istio.io/tlsMode`')],
  },
  {
    id: 'E-08',
    title: 'Pods that speak HBONE themselves',
    statements: [
      'The label `networking.istio.io/tunnel: http` says that a pod takes HBONE. The injector adds it to sidecars that listen for it (E-24); a pod without a sidecar may carry it too.',
    ],
    versions: everyVersion,
    sources: [istio(workloads, 'setTunnelProtocol'), istio(injector)],
    confirmed: [read],
  },
  {
    id: 'E-09',
    title: 'What needs a restart',
    statements: [
      'Joining ambient needs none. A sidecar stays until its pod is restarted, whatever labels say by then.',
    ],
    versions: everyVersion,
    sources: [
      istioDocs('ambient/usage/add-workloads/index.md'),
      istioDocs('ambient/migrate/enable-ambient-mode/index.md'),
    ],
    confirmed: [{ how: 'documented' }],
  },
  {
    id: 'E-20',
    title: 'What the injector itself decides',
    statements: [
      'It never injects pods on the host network or in kube-system, kube-public, kube-node-lease and local-path-storage.',
      'Then the pod’s label `sidecar.istio.io/inject` decides, before the annotation of that name; then the selectors of never and of always; then the policy.',
      'A label that is there hides the annotation, even if its value is empty or no value that means anything.',
      '`inject.istio.io/templates` with `gateway` or `grpc-*` changes nothing on a pod that is not injected. A template that the installation does not have makes the injector refuse the pod.',
    ],
    versions: everyVersion,
    sources: [istio(injector, 'injectRequired')],
    confirmed: [read, run('labels that hide the annotation, and the templates')],
  },
  {
    id: 'E-21',
    title: 'Which pods reach the injector',
    statements: [
      'One of five webhooks must match; without one, the pod’s own wishes are not heard.',
      'The namespace says `istio.io/rev` and not `istio-injection`: every pod but those that say `sidecar.istio.io/inject: "false"`, by that revision or tag.',
      'The namespace says neither: a pod labelled `istio.io/rev`, by that revision or tag.',
      'The namespace says `istio-injection: enabled`: every pod but those that say false, by the default revision.',
      'The namespace says neither: a pod labelled `sidecar.istio.io/inject: "true"` without `istio.io/rev`, by the default revision.',
      'With `enableNamespacesByDefault`, the namespace says neither: every pod but those that say false.',
      'All of these are labels. No webhook looks at an annotation, or at the labels of a Deployment.',
    ],
    versions: everyVersion,
    sources: [istio(webhooks), istio(tags)],
    confirmed: [read],
  },
  {
    id: 'E-22',
    title: 'Any value of `istio-injection` counts',
    statements: [
      'A namespace with that label is looked at by no webhook of a revision, whatever its value. `disabled` keeps even pods out that say `sidecar.istio.io/inject: "true"`.',
    ],
    versions: everyVersion,
    sources: [istio(webhooks), istio(tags)],
    confirmed: [read],
  },
  {
    id: 'E-23',
    title: 'A sidecar beats ambient',
    statements: [
      'The webhooks never look at `istio.io/dataplane-mode`. In a namespace that asks for both, new pods get a sidecar, and ztunnel leaves them alone.',
      'What keeps sidecars out: `sidecar.istio.io/inject: "false"` on the pod, `istio-injection: disabled`, or a revision tag that is a Service and so has no webhook (E-31).',
    ],
    versions: everyVersion,
    sources: [istio(webhooks), istio(tags), istio(selectors, 'Matches'), istioDocs('ambient/upgrade/helm/index.md')],
    confirmed: [read],
  },
  {
    id: 'E-24',
    title: 'When a sidecar takes HBONE',
    statements: [
      'With `ISTIO_META_ENABLE_HBONE`, which the ambient profile sets in the MeshConfig. Only sidecars that were started after that listen for HBONE and carry the label `networking.istio.io/tunnel: http`.',
    ],
    versions: everyVersion,
    sources: [
      istio('manifests/helm-profiles/ambient.yaml', 'ISTIO_META_ENABLE_HBONE'),
      istio('pilot/pkg/features/ambient.go', 'PILOT_ENABLE_SIDECAR_LISTENING_HBONE'),
      istioDocs('ambient/migrate/install-ambient-components/index.md'),
    ],
    confirmed: [read],
  },
  {
    id: 'E-25',
    title: 'The pods of Gateways are not captured',
    statements: [
      'istiod labels them `istio.io/dataplane-mode: none`, waypoints always and gateways unless the user sets that label; waypoints also `sidecar.istio.io/inject: "false"`.',
      'A gateway with that label, in the Gateway or in its `infrastructure`, is as the label and its namespace say. Where it is captured, ztunnel stands before whatever comes in, plaintext from outside too, and sends on whatever goes out: Ambit takes both as not known.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go', 'setLabelOverrides'),
      istio('manifests/charts/istio-control/istio-discovery/files/waypoint.yaml'),
      ztunnel('src/proxy/inbound_passthrough.rs', 'assert_rbac'),
    ],
    confirmed: [read, run('a gateway that istiod makes in an ambient namespace')],
  },
  {
    id: 'E-30',
    title: 'Which revision an object belongs to',
    statements: [
      'The label `istio.io/rev` of the object wins over its namespace’s; none or an empty one means the default revision. A control plane ignores what belongs to another.',
      'A Gateway of another revision gets no Deployment and no status, so ztunnel finds no address for it and goes straight to the pods. If something else fills the status, the waypoint is used.',
    ],
    versions: everyVersion,
    sources: [
      istio('pkg/revisions/tag_watcher.go', 'IsMine'),
      istio('tests/integration/ambient/baseline_test.go', 'TestOtherRevisionIgnored'),
    ],
    confirmed: [read, run('Gateways of another revision')],
  },
  {
    id: 'E-31',
    title: 'Revision tags',
    statements: [
      'A tag is a MutatingWebhookConfiguration, or since 1.28 a Service. A tag that is a Service injects nothing.',
    ],
    versions: everyVersion,
    sources: [istio(tagServices), istio('releasenotes/notes/revision-tags-as-svc.yaml')],
    confirmed: [read],
  },
];
