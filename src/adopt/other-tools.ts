import { asLabels, asObject, asText } from '../mesh/json.js';
import type { JsonObject, ManifestObject } from '../parse/document.js';
import { objectsIn } from './objects-in.js';

/** Marks by which tools know what they apply, and the tools. */
const marks: ReadonlyArray<readonly [mark: RegExp, tool: string]> = [
  [/^argocd\.argoproj\.io\/(?:tracking-id|instance)$/, 'Argo CD'],
  [/^(?:kustomize|helm)\.toolkit\.fluxcd\.io\/name$/, 'Flux'],
  [/^meta\.helm\.sh\/release-name$/, 'Helm'],
];

/** What applies an object, as its labels, annotations and owners tell; `undefined` where they tell of nothing. */
export function toolOf({ value }: ManifestObject): string | undefined {
  const metadata = asObject(value.metadata);
  const noted = { ...asLabels(metadata?.labels), ...asLabels(metadata?.annotations) };
  const marked = marks.find(([mark]) => Object.keys(noted).some((key) => mark.test(key)));
  return marked?.[1] ?? noted['app.kubernetes.io/managed-by'] ?? controllerIn(metadata);
}

/** The object of which a controller makes this one, again and again. */
function controllerIn(metadata: JsonObject | undefined): string | undefined {
  const owner = objectsIn(metadata?.ownerReferences).find(({ controller }) => controller === true);
  return owner && `${asText(owner.kind)} \`${asText(owner.name)}\``;
}
