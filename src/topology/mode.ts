import type { IstioSettings } from '../parse/mesh.js';
import type { GatewayRole } from './gateway-class.js';
import { asksToBeGateway, injectionOf, neverInjected, refusesInjection, templatesOf } from './injection.js';
import { annotation, label } from './labels.js';
import type { Mode, Namespace, Plane, Revisions } from './model.js';
import type { PodSigns } from './pod-template.js';

/** All that Istio looks at when it decides how a pod takes part in the mesh. */
export interface ModeFacts {
  readonly pod: PodSigns;
  readonly namespace: Namespace;
  readonly settings: IstioSettings;
  readonly revisions: Revisions;
  /** What the Gateway that made this pod is for; `undefined` for every other pod. */
  readonly gatewayRole: GatewayRole | undefined;
}

interface Decision {
  readonly plane: Plane;
  readonly because: string;
  readonly fact: string;
}

type Rule = (facts: ModeFacts) => Decision | undefined;

/** The decision procedure of istio-traffic-topology §1.4, in its order: the first rule that has an answer wins. */
const rules: readonly Rule[] = [
  managedGateway,
  writtenGateway,
  systemNamespace,
  hostNetwork,
  runningInjected,
  runningAmbient,
  runningPod,
  injected,
  ambient,
  nativeTunnel,
  optedOut,
];

/** How a pod takes part in the mesh, and why; pods that no rule enrols are outside it. */
export function decideMode(facts: ModeFacts): Mode {
  for (const rule of rules) {
    const decision = rule(facts);
    if (decision !== undefined) return { ...decision, hbone: acceptsHbone(decision.plane, facts) };
  }
  return { plane: 'none', hbone: false, because: 'no label enrols the pod or its namespace', fact: 'E-01' };
}

/** Ambient pods, waypoints and east-west gateways always accept HBONE; a sidecar does once it was told to (E-08, E-24). */
function acceptsHbone(plane: Plane, { pod, settings }: ModeFacts): boolean {
  if (plane === 'sidecar') return hasTunnel(pod) || settings.sidecarsListenHbone;
  return plane !== 'gateway' && plane !== 'none';
}

/** For the pods of a Gateway its class decides, never the labels (istio-traffic-topology §1.4, 7). */
function managedGateway({ pod, gatewayRole }: ModeFacts): Decision | undefined {
  if (gatewayRole === undefined) return undefined;
  return { plane: gatewayRole, because: `it runs Gateway \`${gatewayNameOf(pod)}\``, fact: 'W-03' };
}

function gatewayNameOf(pod: PodSigns): string {
  return pod.labels[label.gatewayName] ?? '';
}

/** A gateway that a person deploys with its proxy written out, or one that was injected and is read as it runs. */
function writtenGateway({ pod }: ModeFacts): Decision | undefined {
  if (pod.proxyRole !== 'router') return undefined;
  return { plane: 'gateway', because: 'its container `istio-proxy` runs as `router`', fact: 'W-63' };
}

function systemNamespace({ namespace, settings }: ModeFacts): Decision | undefined {
  const excluded = neverInjected.has(namespace.name) && settings.excludeNamespaces.includes(namespace.name);
  if (!excluded) return undefined;
  return { plane: 'none', because: `namespace \`${namespace.name}\` is never part of the mesh`, fact: 'E-06' };
}

function hostNetwork({ pod }: ModeFacts): Decision | undefined {
  if (!pod.hostNetwork) return undefined;
  return { plane: 'none', because: '`hostNetwork: true`', fact: 'E-05' };
}

/** What Istio wrote on a running pod is the truth about it, whatever its labels say by now. */
function runningInjected({ pod }: ModeFacts): Decision | undefined {
  if (pod.annotations[annotation.sidecarStatus] === undefined) return undefined;
  return injectedAs(pod, { because: `annotation \`${annotation.sidecarStatus}\` on the pod`, fact: 'E-01' });
}

function runningAmbient({ pod }: ModeFacts): Decision | undefined {
  if (pod.annotations[annotation.redirection] !== 'enabled') return undefined;
  return { plane: 'ambient', because: `annotation \`${annotation.redirection}=enabled\` on the pod`, fact: 'E-07' };
}

/** Its containers tell of a running pod, whatever labels say by now: one that was started before them has no proxy (E-09). */
function runningPod({ pod }: ModeFacts): Decision | undefined {
  const running = pod.running();
  if (running === undefined || (running === 'without a proxy' && hasTunnel(pod))) return undefined;
  return running === 'with a proxy'
    ? injectedAs(pod, { because: 'it runs with a container `istio-proxy`', fact: 'E-01' })
    : { plane: 'none', because: 'it runs without `istio-proxy` and without redirection to ztunnel', fact: 'E-09' };
}

/** The injection webhooks never look at the ambient label, and a sidecar beats ambient capture (E-23). */
function injected({ pod, namespace, revisions }: ModeFacts): Decision | undefined {
  const because = injectionOf(pod, namespace, revisions);
  return because === undefined ? undefined : injectedAs(pod, { because, fact: 'E-21' });
}

/**
 * What the injector makes of a pod. Its templates count only where it is injected (E-20): a gateway, a sidecar, or for a gRPC
 * library that speaks to istiod itself no proxy at all, so that no policy of the mesh is enforced by it.
 */
function injectedAs(pod: PodSigns, asSidecar: Omit<Decision, 'plane'>): Decision {
  if (asksToBeGateway(pod)) {
    return { plane: 'gateway', because: `annotation \`${annotation.templates}\` names \`gateway\``, fact: 'E-20' };
  }
  return templatesOf(pod).some((template) => template.startsWith('grpc-'))
    ? { plane: 'none', because: `annotation \`${annotation.templates}\` asks for proxyless gRPC`, fact: 'T-55' }
    : { plane: 'sidecar', ...asSidecar };
}

/** The pod's label beats the namespace's in both directions; only `ambient` and `none` mean anything (E-02, E-03). */
function ambient({ pod, namespace, settings }: ModeFacts): Decision | undefined {
  if (!settings.ambient || settings.excludeNamespaces.includes(namespace.name)) return undefined;
  const enrolling = `label \`${label.dataplaneMode}=ambient\` on`;
  if (pod.labels[label.dataplaneMode] === 'ambient') {
    return { plane: 'ambient', because: `${enrolling} the pod`, fact: 'E-03' };
  }
  const enrolled = namespace.labels[label.dataplaneMode] === 'ambient' && pod.labels[label.dataplaneMode] !== 'none';
  return enrolled
    ? { plane: 'ambient', because: `${enrolling} namespace \`${namespace.name}\``, fact: 'E-01' }
    : undefined;
}

function nativeTunnel({ pod }: ModeFacts): Decision | undefined {
  if (!hasTunnel(pod)) return undefined;
  return { plane: 'hbone', because: `label \`${label.tunnel}=http\` on the pod`, fact: 'E-08' };
}

/** Nothing enrols the pod any more; this only finds the words for why. */
function optedOut({ pod, namespace, settings }: ModeFacts): Decision | undefined {
  if (!settings.ambient && { ...namespace.labels, ...pod.labels }[label.dataplaneMode] === 'ambient') {
    return { plane: 'none', because: 'ambient is not installed', fact: 'E-01' };
  }
  if (settings.excludeNamespaces.includes(namespace.name)) {
    return { plane: 'none', because: `the CNI leaves namespace \`${namespace.name}\` out`, fact: 'E-06' };
  }
  if (namespace.labels[label.dataplaneMode] === 'ambient' && pod.labels[label.dataplaneMode] === 'none') {
    return { plane: 'none', because: `label \`${label.dataplaneMode}=none\` on the pod`, fact: 'E-03' };
  }
  if (refusesInjection(pod)) {
    return { plane: 'none', because: `\`${label.inject}=false\` on the pod`, fact: 'E-20' };
  }
  if (!asksToBeGateway(pod)) return undefined;
  return { plane: 'none', because: 'it asks for the template of gateways, but nothing injects it', fact: 'E-20' };
}

function hasTunnel(pod: PodSigns): boolean {
  return pod.labels[label.tunnel] === 'http';
}
