import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { asksToBeGateway, neverInjected } from '../../topology/injection.js';
import { annotation, label } from '../../topology/labels.js';
import { keyOf, type Labels, type Mode, type Workload } from '../../topology/model.js';
import { podPath } from '../../topology/pod-template.js';
import { groupBy, sortedUnique } from '../../util/order.js';
import type { LintContext } from './lint.js';
import { labelledWorkload, namespacesOf } from './subjects.js';

/** Pods on the host network are never captured and never injected, whatever their namespace says (E-05, E-20). */
export function hostNetworkPods({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.workloads.values()]
    .filter(({ hostNetwork, labels }) => hostNetwork && !optsOut(labels))
    .filter(({ namespace }) => isEnrolled(cluster.namespaces.get(namespace)?.labels ?? {}, cluster.revisions.injecting))
    .filter(({ namespace }) => !neverInjected.has(namespace))
    .map((workload) =>
      diagnostic('host-network-outside-mesh', named(workload), podSpan(workload, 'hostNetwork'), {
        notes: [{ message: 'neither ztunnel nor the injector takes pods on the host network (E-05, E-20)' }],
      }),
    );
}

function optsOut(pod: Labels): boolean {
  return pod[label.dataplaneMode] === 'none' || pod[label.inject] === 'false';
}

function isEnrolled(namespace: Labels, revisions: ReadonlySet<string>): boolean {
  if (namespace[label.dataplaneMode] === 'ambient' || namespace[label.injection] === 'enabled') return true;
  return namespace[label.injection] === undefined && revisions.has(namespace[label.revision] ?? '');
}

/** The annotation is read by the injector only, and no webhook hands it a pod for an annotation (E-21). */
export function injectAnnotations({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.workloads.values()]
    .filter(({ annotations, labels }) => {
      return annotations[annotation.inject] === 'true' && labels[label.inject] === undefined;
    })
    .filter(({ modeOnRestart }) => !['sidecar', 'gateway'].includes(modeOnRestart.plane))
    .map((workload) =>
      diagnostic(
        'inject-annotation-without-label',
        named(workload),
        labelledWorkload(workload).annotationSpan(annotation.inject),
        { notes: [{ message: 'in a namespace without injection only the label of that name counts (E-21)' }] },
      ),
    );
}

/** Templates count only at pods that are injected, and a Gateway's selector makes no pod a gateway (E-20). */
export function gatewaysNotInjected({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.workloads.values()]
    .filter(
      (workload) => asksToBeGateway(workload) && ['none', 'ambient', 'hbone'].includes(workload.modeOnRestart.plane),
    )
    .map((workload) =>
      diagnostic(
        'gateway-not-injected',
        named(workload),
        labelledWorkload(workload).annotationSpan(annotation.templates),
        { notes: [{ message: `${workload.modeOnRestart.because} (${workload.modeOnRestart.fact})` }] },
      ),
    );
}

/** Labels that ask for ambient where the installation has none of it (E-01). */
export function ambientNotInstalled({ cluster, labelled }: LintContext): readonly Diagnostic[] {
  if (cluster.settings.istio.ambient) return [];
  return labelled
    .filter(({ labels }) => labels[label.dataplaneMode] === 'ambient')
    .map(({ title, labelSpan }) =>
      diagnostic('ambient-not-installed', { object: title }, labelSpan(label.dataplaneMode)),
    );
}

/** An ambient label on a namespace that the CNI leaves out (E-06). */
export function excludedNamespaces({ cluster }: LintContext): readonly Diagnostic[] {
  const excluded = cluster.settings.istio.excludeNamespaces;
  return namespacesOf(cluster)
    .filter(({ namespace, labels }) => labels[label.dataplaneMode] === 'ambient' && excluded.includes(namespace))
    .map(({ namespace, labelSpan }) =>
      diagnostic('excluded-namespace-labelled', { namespace }, labelSpan(label.dataplaneMode), {
        notes: [{ message: 'up to 1.29 pods that already ran there may still be captured (E-06)' }],
      }),
    );
}

/** Running pods keep the mode they started in; leaving sidecar mode takes a restart (E-09). */
export function restartsThatChangeMode({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.workloads.values()].flatMap((workload) => {
    const { mode, modeOnRestart, kind, pods, object } = workload;
    if (pods.length === 0 || mode.plane === modeOnRestart.plane) return [];
    const parameters = {
      kind,
      workload: keyOf(workload),
      running: planeName(mode),
      restarted: planeName(modeOnRestart),
    };
    return diagnostic('restart-changes-mode', parameters, spanIn(object, ['metadata', 'name']), {
      notes: [{ message: `now: ${mode.because} (${mode.fact})` }, { message: `then: ${modeOnRestart.because} (E-09)` }],
    });
  });
}

function planeName({ plane }: Mode): string {
  return plane === 'none' ? 'pods outside the mesh' : plane;
}

/** Without its Namespace manifest nobody can tell how a namespace's pods take part in the mesh (E-01, E-21). */
export function namespacesNotGiven({ cluster }: LintContext): readonly Diagnostic[] {
  const byNamespace = groupBy(cluster.workloads.values(), ({ namespace }) => namespace);
  return [...byNamespace].flatMap(([namespace, [first]]) => {
    if (first === undefined || cluster.namespaces.get(namespace)?.object !== undefined) return [];
    if (neverInjected.has(namespace)) return [];
    const span = spanIn(first.object, ['metadata', 'namespace']);
    return diagnostic('namespace-not-given', { namespace }, span, {
      notes: [{ message: 'the labels of the namespace decide the mode of its pods (E-01, E-21)' }],
    });
  });
}

const listed = 3;

/** Callers are told apart by service account and by nothing else, so one that is shared merges them. */
export function sharedServiceAccounts({ cluster }: LintContext): readonly Diagnostic[] {
  const callers = [...cluster.workloads.values()].filter(({ mode, services }) => {
    return mode.plane !== 'none' && services.length > 0;
  });
  const byAccount = groupBy(callers, ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`);
  return [...byAccount].flatMap(([account, workloads]) => {
    const [first] = workloads;
    if (first === undefined || haveServiceInCommon(workloads)) return [];
    const services = sortedUnique(workloads.flatMap((workload) => workload.services));
    return diagnostic(
      'shared-service-account',
      { account, services: enumerate(services) },
      podSpan(first, 'serviceAccountName'),
      { notes: [{ message: 'a principal is a namespace and a service account (istio-security §4.2)' }] },
    );
  });
}

function haveServiceInCommon(workloads: readonly Workload[]): boolean {
  const [first, ...others] = workloads;
  return (first?.services ?? []).some((service) => others.every(({ services }) => services.includes(service)));
}

function enumerate(names: readonly string[]): string {
  const shown = names.slice(0, listed).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

function named({ kind, namespace, name }: Workload) {
  return { kind, workload: `${namespace}/${name}` };
}

function podSpan({ object }: Workload, field: string) {
  return spanIn(object, [...podPath(object.kind), 'spec', field]);
}
