import { posix } from 'node:path';
import type { Phase } from '../../emit/manifest.js';
import type { OutputFile } from '../../pipeline.js';
import { compareText, sortBy } from '../../util/order.js';

const name = 'kustomization.yaml';

const enrolment: Phase = '30-enrolment';
const guards: Phase = '40-guards';

/**
 * A kustomization for each directory of the output that lists what lies in it, so that a phase or a cluster can be named
 * in a GitOps tool. There is none for the root: its directories are clusters, and no tool may apply one cluster's objects
 * to another. Enrolment is a Component of patches, to be included where the Services are built: as resources its objects
 * would be taken for the Services themselves. A cluster lists what may be applied at once, because `kubectl apply -k`
 * waits for nothing: guards that have to wait are left to be named by themselves.
 */
export function withKustomizations(files: readonly OutputFile[]): readonly OutputFile[] {
  const entries = new Map<string, Set<string>>();
  for (const { path } of files) addEntry(entries, path);
  const waiting = new Set(files.filter(isWaitedFor).map(({ path }) => clusterOf(path)));
  const kustomizations = [...entries].map(([directory, names]) => ({
    path: `${directory}/${name}`,
    text: kustomizationOf(directory, [...names].sort(compareText), waiting.has(directory)),
  }));
  return sortBy([...files, ...kustomizations], ({ path }) => path);
}

/** A guard refuses every caller until the waypoint is programmed and the Service is enrolled. */
function isWaitedFor({ path }: OutputFile): boolean {
  return isEnrolment(posix.dirname(path)) || posix.basename(path).startsWith('gateway.');
}

function clusterOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

function kustomizationOf(directory: string, entries: readonly string[], guardsWait: boolean): string {
  if (isEnrolment(directory)) return component(entries);
  const resources = entries.filter((entry) => !isEnrolment(entry));
  return guardsWait && resources.includes(guards)
    ? guardsLeftOut + kustomization(resources.filter((entry) => entry !== guards))
    : kustomization(resources);
}

const guardsLeftOut =
  '# Without the guards: apply them by themselves, once the waypoints are programmed and the Services are enrolled.\n';

function isEnrolment(directory: string): boolean {
  return posix.basename(directory) === enrolment;
}

function addEntry(entries: Map<string, Set<string>>, path: string): void {
  const directory = posix.dirname(path);
  if (directory === '.') return;
  entries.set(directory, (entries.get(directory) ?? new Set()).add(posix.basename(path)));
  addEntry(entries, directory);
}

function kustomization(resources: readonly string[]): string {
  const lines = resources.map((resource) => `- ${resource}`);
  return ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:', ...lines, ''].join('\n');
}

function component(patches: readonly string[]): string {
  const lines = patches.map((patch) => `- path: ${patch}`);
  return ['apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component', 'patches:', ...lines, ''].join('\n');
}
