import { diagnostic } from '../diagnostics/create.js';
import { type ManifestObject, type Path, spanIn } from '../parse/document.js';
import type { ClusterSettings } from '../parse/mesh.js';
import { compareText, sortBy } from '../util/order.js';
import { integerAt, labelsAt, mappingAt, namespaceOf, type Report, textAt } from './fields.js';
import type { GatewayRole } from './gateway-class.js';
import { label } from './labels.js';
import { decideMode, type ModeFacts } from './mode.js';
import type { ContainerPort, Mode, Namespace, Revisions, Workload } from './model.js';
import { type Owned, rankOf } from './ownership.js';
import { type PodSigns, readPodSigns, readPodTemplate } from './pod-template.js';

/** A workload before it is joined to its Services and its waypoint. */
export type WorkloadDraft = Omit<Workload, 'services' | 'binding'>;

/** What decides the mode of a namespace's workloads besides their own pods. */
interface WorkloadContext {
  readonly settings: ClusterSettings;
  readonly revisions: Revisions;
  readonly namespace: Namespace;
  /** The roles of the Gateways of the namespace that Istio runs, by their names. */
  readonly roles: ReadonlyMap<string, GatewayRole>;
}

/** The workloads of a namespace by `namespace/name`, sorted. */
export function readWorkloads(
  owned: readonly Owned[],
  entries: readonly ManifestObject[],
  context: WorkloadContext,
  report: Report,
): ReadonlyMap<string, WorkloadDraft> {
  const drafts = [
    ...owned.map((each) => readWorkload(each, context, report)),
    ...entries.map((entry) => readMachine(context.settings.name, entry, report)),
  ];
  const byKey = new Map<string, WorkloadDraft>();
  for (const draft of sortBy(drafts, rankOf, ({ name }) => name)) {
    const name = freeName(draft, byKey);
    byKey.set(`${draft.namespace}/${name}`, name === draft.name ? draft : { ...draft, name });
  }
  return new Map([...byKey].sort(([left], [right]) => compareText(left, right)));
}

/** Kubernetes lets a Deployment and a Job share a name; workloads are known by name, so the later kind adds its own. */
function freeName({ namespace, name, kind }: WorkloadDraft, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  while (taken.has(`${namespace}/${free}`)) free = `${free}.${kind.toLowerCase()}`;
  return free;
}

function readWorkload(owned: Owned, context: WorkloadContext, report: Report): WorkloadDraft {
  const template = readPodTemplate(owned.object, report);
  const modeOnRestart = decideMode(factsOf(template, context));
  const { namespace, name, kind, object, pods } = owned;
  const { labels, annotations, serviceAccount, hostNetwork, ports } = template;
  const mode = runningMode(owned, context, report) ?? modeOnRestart;
  return {
    cluster: context.settings.name,
    namespace,
    name,
    kind,
    labels,
    annotations,
    serviceAccount,
    hostNetwork,
    ports,
    mode,
    modeOnRestart,
    pods,
    object,
  };
}

function factsOf(pod: PodSigns, context: WorkloadContext): ModeFacts {
  const { settings, revisions, namespace } = context;
  return { pod, namespace, settings: settings.istio, revisions, gatewayRole: gatewayRoleOf(pod, context) };
}

const managedBy: ReadonlyMap<string, GatewayRole> = new Map([
  ['istio.io-gateway-controller', 'gateway'],
  ['istio.io-mesh-controller', 'waypoint'],
  ['istio.io-eastwest-controller', 'east-west'],
]);

/** Istio labels the pods that it runs for a Gateway; the Gateway's class, where it was given, says what they do (W-03). */
function gatewayRoleOf(pod: PodSigns, { roles }: WorkloadContext): GatewayRole | undefined {
  const gateway = pod.labels[label.gatewayName];
  if (gateway === undefined) return undefined;
  return roles.get(gateway) ?? managedBy.get(pod.labels[label.managed] ?? '');
}

/**
 * The mode that the given pods are in. They are the truth about what runs now; where they disagree no single rule
 * would hold for the workload, so nothing can be promised about it.
 */
function runningMode(owned: Owned, context: WorkloadContext, report: Report): Mode | undefined {
  const modes = owned.pods.map((pod) => ({
    pod,
    mode: decideMode(factsOf(readPodSigns(pod, report), context)),
  }));
  const first = modes[0];
  if (first === undefined) return undefined;
  const other = modes.find(({ mode }) => mode.plane !== first.mode.plane || mode.hbone !== first.mode.hbone);
  if (other !== undefined) report(disagreement(owned, first, other));
  return first.mode;
}

interface RunningPod {
  readonly pod: ManifestObject;
  readonly mode: Mode;
}

function disagreement(owned: Owned, first: RunningPod, other: RunningPod) {
  const parameters = { workload: `${owned.namespace}/${owned.name}`, kind: owned.kind };
  return diagnostic('pods-disagree', parameters, spanIn(other.pod, ['metadata', 'name']), {
    label: sentenceOf(other.mode),
    notes: [{ message: sentenceOf(first.mode), span: spanIn(first.pod, ['metadata', 'name']) }],
  });
}

function sentenceOf({ plane, hbone, because }: Mode): string {
  return `${plane === 'none' ? 'not in the mesh' : plane}${hbone ? '' : ', without HBONE'}: ${because}`;
}

/** Where a kind says of a machine what pods say of themselves; the first labels are the weaker ones. */
const machineFields = {
  WorkloadEntry: { entry: ['spec'], metadata: ['metadata'] },
  WorkloadGroup: { entry: ['spec', 'template'], metadata: ['spec', 'metadata'] },
} as const;

/**
 * A WorkloadEntry stands for something outside Kubernetes, a WorkloadGroup for machines that register themselves and have
 * sidecars. An entry has an identity only where a sidecar runs beside it, which is what naming a service account says (M-42).
 */
function readMachine(cluster: string, object: ManifestObject, report: Report): WorkloadDraft {
  const isGroup = object.kind === 'WorkloadGroup';
  const { entry, metadata } = machineFields[isGroup ? 'WorkloadGroup' : 'WorkloadEntry'];
  const labels = {
    ...labelsAt(object, [...entry, 'labels'], report),
    ...labelsAt(object, [...metadata, 'labels'], report),
  };
  const serviceAccount = textAt(object, [...entry, 'serviceAccount'], report) || undefined;
  const mode = isGroup ? groupMode : entryMode(labels[label.tunnel] === 'http', serviceAccount !== undefined);
  return {
    cluster,
    namespace: namespaceOf(object),
    name: object.name,
    kind: object.kind,
    labels,
    annotations: labelsAt(object, [...metadata, 'annotations'], report),
    serviceAccount: serviceAccount ?? 'default',
    hostNetwork: false,
    ports: portsOfMachine(object, [...entry, 'ports'], report),
    mode,
    modeOnRestart: mode,
    pods: [],
    object,
  };
}

const groupMode: Mode = {
  plane: 'sidecar',
  hbone: false,
  because: 'its machines register with a sidecar',
  fact: 'M-42',
};

function portsOfMachine(object: ManifestObject, path: Path, report: Report): readonly ContainerPort[] {
  return Object.keys(mappingAt(object, path, report) ?? {}).flatMap((name) => {
    const number = integerAt(object, [...path, name], report);
    return number === undefined ? [] : [{ name, number, transport: 'TCP' }];
  });
}

function entryMode(tunnel: boolean, hasSidecar: boolean): Mode {
  if (hasSidecar) return { plane: 'sidecar', hbone: tunnel, because: '`serviceAccount` is named', fact: 'M-42' };
  if (tunnel) return { plane: 'hbone', hbone: true, because: `label \`${label.tunnel}=http\``, fact: 'E-08' };
  return { plane: 'none', hbone: false, because: 'no `serviceAccount` is named', fact: 'M-42' };
}
