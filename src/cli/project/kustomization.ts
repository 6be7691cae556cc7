import { posix } from 'node:path';
import type { Phase } from '../../emit/manifest.js';
import type { OutputFile } from '../../pipeline.js';
import { compareText, sortBy } from '../../util/order.js';

const name = 'kustomization.yaml';

const enrolment: Phase = '30-enrolment';

/**
 * A kustomization for each directory of the output that lists what lies in it, so that a phase, a cluster or everything
 * can be named in a GitOps tool. There is none for the root: its directories are clusters, and no tool may apply one
 * cluster's objects to another. Enrolment is a Component of patches, to be included where the Services are built: as
 * resources its objects would be taken for the Services themselves.
 */
export function withKustomizations(files: readonly OutputFile[]): readonly OutputFile[] {
  const entries = new Map<string, Set<string>>();
  for (const { path } of files) addEntry(entries, path);
  const kustomizations = [...entries].map(([directory, names]) => ({
    path: `${directory}/${name}`,
    text: isEnrolment(directory)
      ? component([...names].sort(compareText))
      : kustomization([...names].sort(compareText)),
  }));
  return sortBy([...files, ...kustomizations], ({ path }) => path);
}

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
  const lines = resources.filter((resource) => !isEnrolment(resource)).map((resource) => `- ${resource}`);
  return ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:', ...lines, ''].join('\n');
}

function component(patches: readonly string[]): string {
  const lines = patches.map((patch) => `- path: ${patch}`);
  return ['apiVersion: kustomize.config.k8s.io/v1alpha1', 'kind: Component', 'patches:', ...lines, ''].join('\n');
}
