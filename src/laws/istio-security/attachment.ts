import { everyVersion, inferred, issue, istio, type Law, read, run, tested } from '../law.js';

const attachment = 'pilot/pkg/model/policyattachment.go';
const waypointListener = 'pilot/pkg/networking/core/listener_waypoint.go';
const ambientTests = 'tests/integration/ambient/baseline_test.go';

/** Which policy reaches which enforcement point. */
export const attachmentLaws: readonly Law[] = [
  {
    id: '§3.1',
    title: 'Which policy reaches which proxy',
    statements: [
      'A waypoint takes a policy only if it names a target: no selector, no namespace-wide and no mesh-wide policy reaches it.',
      'Pods with a sidecar, classic gateways and ambient pods take policies without targets: those of their namespace, those of the root namespace, and those whose selector their labels satisfy. They never take one with targets.',
      'A gateway of the Gateway API takes policies that name its Gateway, and those without targets too, unless `ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY` is off.',
      'A policy for a Service or ServiceEntry must be in the namespace of that object, and the object bound to the waypoint.',
      'A policy for a Gateway must be in its namespace, and holds for all traffic through it.',
      'A policy for the GatewayClass `istio-waypoint` must be in the root namespace, and holds for every waypoint. Of another class, or elsewhere, it holds nowhere.',
      'Of several targets it is enough that one fits.',
      'At a waypoint that serves several namespaces nothing can be said for one whole namespace.',
    ],
    versions: everyVersion,
    sources: [
      istio(attachment, 'ShouldAttachPolicy'),
      istio('pilot/pkg/model/authorization.go', 'ListAuthorizationPolicies'),
      issue(58838),
      issue(57351),
    ],
    confirmed: [tested('the cases of policyattachment_test.go')],
  },
  {
    id: '§3.2',
    title: 'Which policies a waypoint evaluates for one request',
    statements: [
      'A request to a Service’s name or virtual IP: policies for that Service or ServiceEntry, for the waypoint’s Gateway, and for its class.',
      'A request to a pod’s own address: policies for the Gateway and its class only. No policy for a Service is evaluated, and none can be written for one workload.',
      'So at a waypoint that serves workloads as well, a DENY for a Service is avoided by calling the pod’s address.',
    ],
    versions: everyVersion,
    sources: [
      istio(waypointListener, 'buildWaypointHTTPFilters'),
      istio('pilot/pkg/networking/core/networkfilter.go'),
      issue(56505),
    ],
    confirmed: [read],
  },
  {
    id: '§3.3',
    title: 'Policies in front of a waypoint',
    statements: [
      'With `ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES`, which is off by default, policies that select the waypoint’s own pods are evaluated as soon as a connection reaches it, with the meaning that they have on TCP (§2.5) and about the original client.',
      'A policy that admits the waypoint alone, written for a whole namespace, then refuses every client at the waypoint in that namespace.',
      'A policy for the Gateway takes part as well, so an ALLOW with rules about requests would refuse every connection.',
    ],
    versions: 'since 1.25, behind a flag',
    sources: [
      istio('pilot/pkg/features/ambient.go', 'ENABLE_LAYERED_WAYPOINT_AUTHORIZATION_POLICIES'),
      istio('pilot/pkg/networking/plugin/authz/authorization.go', 'NewWaypointTerminationBuilder'),
      issue(54833),
    ],
    confirmed: [read, inferred('what becomes of policies for the Gateway')],
  },
  {
    id: '§3.4',
    title: 'Empty selectors at ztunnel',
    statements: [
      '`selector: {}`, or one whose `matchLabels` is null, is sent to ztunnel and attached to no pod there, so it has no effect. At a sidecar it holds for every pod of the namespace.',
      '`selector: {matchLabels: {}}` attaches to every pod, at ztunnel as well.',
      'A pod without any label gets every AuthorizationPolicy with a selector of its namespace and of the root namespace.',
    ],
    versions: everyVersion,
    sources: [
      istio('pilot/pkg/serviceregistry/ambient/workloads.go', 'buildWorkloadPolicies'),
      istio('pilot/pkg/serviceregistry/ambient/authorization.go', 'convertAuthorizationPolicy'),
      istio('pkg/kube/krt/filter.go', 'FilterSelects'),
    ],
    confirmed: [
      run('the empty `matchLabels`, and pods without labels'),
      inferred('that `selector: {}` attaches to nothing'),
    ],
  },
  {
    id: '§3.5',
    title: 'Default deny in front of and behind a waypoint',
    statements: [
      'A default deny in the root namespace holds at ztunnel, where it refuses the waypoint too, and not at the waypoint. An ALLOW of the waypoint’s principal opens the way again.',
      'The same for the GatewayClass `istio-waypoint` in the root namespace denies at the waypoint, until an ALLOW for the Service opens it.',
    ],
    versions: everyVersion,
    sources: [istio(ambientTests, 'TestAuthorizationWaypointDefaultDeny')],
    confirmed: [tested('`TestAuthorizationWaypointDefaultDeny`')],
  },
];
