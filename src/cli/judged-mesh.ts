import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { parseSources } from '../parse/parse-sources.js';
import { readObjects } from '../parse/read-objects.js';
import { readYaml } from '../parse/read-yaml.js';
import { type CompileResult, compile } from '../pipeline.js';
import { buildTopology, type ClusterObject } from '../topology/build-topology.js';
import { type Fault, withFaults } from '../verify/faults.js';
import { type Mesh, readMesh } from '../verify/mesh.js';
import { overlay } from '../verify/overlay.js';
import type { Loaded } from './load.js';

/** The mesh that questions are asked about, and the compilation that changed it, if one did. */
export interface JudgedMesh {
  readonly mesh: Mesh;
  readonly placed: CompileResult['placed'];
}

/**
 * The mesh as it will be once the compiled output is applied, read back from the text that would be written; without
 * intents, the mesh as its manifests are. What is merely unwise about enrolment stops no question.
 */
export function judgeMesh(
  { sources, project }: Loaded,
  today: string,
  faults: readonly Fault[],
): Result<JudgedMesh | undefined> {
  const parsed = parseSources(sources);
  if (hasErrors(parsed.diagnostics)) return { value: undefined, diagnostics: parsed.diagnostics };
  const { mesh, objects, intents } = parsed.value;
  const compiled = intents.length > 0 ? compile(sources, { today, provenance: 'full' }) : undefined;
  if (compiled !== undefined && hasErrors(compiled.diagnostics)) {
    return { value: undefined, diagnostics: compiled.diagnostics };
  }
  const emitted = compiled === undefined ? [] : reread(compiled, project?.output ?? '');
  const topology = buildTopology(mesh, withFaults(overlay(objects, emitted), faults));
  const judged = readMesh(topology.value);
  const diagnostics: readonly Diagnostic[] = [...parsed.diagnostics, ...judged.diagnostics];
  return { value: { mesh: judged.value, placed: compiled?.placed }, diagnostics };
}

/** The objects of the emitted text, under the paths that it is written to. */
function reread({ files, manifests }: CompileResult, directory: string): readonly ClusterObject[] {
  const root = directory === '' || directory.endsWith('/') ? directory : `${directory}/`;
  return files.flatMap(({ path, text }, index) => {
    const cluster = manifests[index]?.cluster ?? '';
    const documents = readYaml({ path: `${root}${path}`, text }, 'manifest').value;
    return readObjects(documents).value.map((object) => ({ cluster, object }));
  });
}
