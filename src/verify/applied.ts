import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { readObjects } from '../parse/read-objects.js';
import { readYaml } from '../parse/read-yaml.js';
import type { ClusterObject } from '../topology/build-topology.js';
import { overlay } from './overlay.js';

/** A text that is applied, below the directory of its cluster: `<cluster>/…`. */
export interface AppliedFile {
  readonly path: string;
  readonly text: string;
}

/** The objects of a deployment after some files are applied over them. It is the text that counts, so it is read back. */
export function objectsAfterApply(
  given: readonly ClusterObject[],
  files: readonly AppliedFile[],
): Result<readonly ClusterObject[]> {
  const diagnostics: Diagnostic[] = [];
  const emitted = files.flatMap(({ path, text }) => {
    const documents = readYaml({ path, text }, 'manifest');
    const objects = readObjects(documents.value);
    diagnostics.push(...documents.diagnostics, ...objects.diagnostics);
    const cluster = path.slice(0, path.indexOf('/'));
    return objects.value.map((object) => ({ cluster, object }));
  });
  return { value: overlay(given, emitted), diagnostics };
}
