import { asLabels, asObject } from '../mesh/json.js';
import type { ManifestObject } from '../parse/document.js';

/** Marks by which tools know what they apply, and the tools. */
const marks: ReadonlyArray<readonly [mark: RegExp, tool: string]> = [
  [/^argocd\.argoproj\.io\/(?:tracking-id|instance)$/, 'Argo CD'],
  [/^(?:kustomize|helm)\.toolkit\.fluxcd\.io\/name$/, 'Flux'],
  [/^meta\.helm\.sh\/release-name$/, 'Helm'],
];

/** The tool that applies an object, as its labels and annotations tell; `undefined` where they tell of none. */
export function toolOf({ value }: ManifestObject): string | undefined {
  const metadata = asObject(value.metadata);
  const noted = { ...asLabels(metadata?.labels), ...asLabels(metadata?.annotations) };
  const marked = marks.find(([mark]) => Object.keys(noted).some((key) => mark.test(key)));
  return marked?.[1] ?? noted['app.kubernetes.io/managed-by'];
}
