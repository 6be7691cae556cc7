import { annotation, label } from './labels.js';
import type { Labels, Namespace, Revisions } from './model.js';
import type { PodSigns } from './pod-template.js';

/** Namespaces in which the injector never acts (E-20). */
export const neverInjected: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

interface Webhook {
  readonly matches: (namespace: Labels, pod: Labels, revisions: Revisions) => boolean;
  readonly because: (namespace: Namespace, pod: Labels) => string;
}

/** The revision that owns `istio-injection=enabled` and pods that name none. */
const defaultRevision = 'default';

/** Which webhook hands a pod to the injector: the rows of the match table of E-21, in its order. */
const webhooks: readonly Webhook[] = [
  {
    matches: (namespace, pod, { injecting }) =>
      lacks(namespace, label.injection) && injecting.has(namespace[label.revision] ?? '') && notRefused(pod),
    because: ({ name, labels }) => onNamespace(label.revision, labels, name),
  },
  {
    matches: (namespace, pod, { injecting }) =>
      unlabelled(namespace) && injecting.has(pod[label.revision] ?? '') && notRefused(pod),
    because: (_, pod) => `label \`${label.revision}=${pod[label.revision]}\` on the pod`,
  },
  {
    matches: (namespace, pod, { injecting }) =>
      namespace[label.injection] === 'enabled' && injecting.has(defaultRevision) && notRefused(pod),
    because: ({ name, labels }) => onNamespace(label.injection, labels, name),
  },
  {
    matches: (namespace, pod, { injecting }) =>
      unlabelled(namespace) &&
      pod[label.inject] === 'true' &&
      lacks(pod, label.revision) &&
      injecting.has(defaultRevision),
    because: () => `label \`${label.inject}=true\` on the pod`,
  },
  {
    matches: (namespace, pod, { injectsByDefault }) =>
      unlabelled(namespace) && lacks(pod, label.revision) && notRefused(pod) && injectsByDefault,
    because: ({ name }) => `the injector takes unlabelled namespaces such as \`${name}\``,
  },
];

/**
 * Why the injector would give this pod a sidecar; `undefined` when it would not. A webhook must match first (E-21),
 * then the injector itself must agree (E-20): system namespaces are never injected, and the pod's label beats its
 * annotation. Pods on the host network are not asked about: they never get this far.
 */
export function injectionOf(pod: PodSigns, namespace: Namespace, revisions: Revisions): string | undefined {
  if (neverInjected.has(namespace.name)) return undefined;
  if (refusesInjection(pod)) return undefined;
  const webhook = webhooks.find(({ matches }) => matches(namespace.labels, pod.labels, revisions));
  return webhook?.because(namespace, pod.labels);
}

/** A label that is there hides the annotation, even an empty one. */
export function refusesInjection({ labels, annotations }: Pick<PodSigns, 'labels' | 'annotations'>): boolean {
  return (labels[label.inject] ?? annotations[annotation.inject]) === 'false';
}

/** The templates that the injector is asked to make a pod with, instead of those of its installation. */
export function templatesOf({ annotations }: Pick<PodSigns, 'annotations'>): readonly string[] {
  const written = annotations[annotation.templates];
  return written === undefined ? [] : written.split(',').map((template) => template.trim());
}

/** Whether a pod becomes a gateway if it is injected. */
export function asksToBeGateway(pod: Pick<PodSigns, 'annotations'>): boolean {
  return templatesOf(pod).includes('gateway');
}

function unlabelled(namespace: Labels): boolean {
  return lacks(namespace, label.injection) && lacks(namespace, label.revision);
}

function notRefused(pod: Labels): boolean {
  return pod[label.inject] !== 'false';
}

function lacks(labels: Labels, key: string): boolean {
  return labels[key] === undefined;
}

function onNamespace(key: string, labels: Labels, name: string): string {
  return `label \`${key}=${labels[key]}\` on namespace \`${name}\``;
}
