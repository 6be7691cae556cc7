import type { Result } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { parseSources } from '../parse/parse-sources.js';
import { type CompileResult, compile } from '../pipeline.js';
import { buildTopology, type ClusterObject } from '../topology/build-topology.js';
import type { MeshSettings } from '../topology/mesh.js';
import { objectsAfterApply } from '../verify/applied.js';
import type { Fault } from '../verify/fault-names.js';
import { withFaults } from '../verify/faults.js';
import { type Mesh, readMesh } from '../verify/mesh.js';
import type { Loaded } from './load.js';

/** The mesh that questions are asked about, and the compilation that changed it, if one did. */
export interface JudgedMesh {
  readonly mesh: Mesh;
  readonly placed: CompileResult['placed'];
  /** The paths of the files that would be written, below the output directory. */
  readonly emitted: ReadonlySet<string>;
}

/**
 * The mesh as it will be once the compiled output is applied, read back from the text that would be written; without
 * intents, the mesh as its manifests are. What is merely unwise about enrolment stops no question.
 */
export function judgeMesh(
  { sources }: Loaded,
  today: string,
  faults: readonly Fault[],
): Result<JudgedMesh | undefined> {
  return hasIntents(sources) ? meshToBe(sources, today, faults) : meshAsItIs(sources, faults);
}

/** Only a text that names the language can hold an intent, and manifests are many. */
function hasIntents(sources: Loaded['sources']): boolean {
  return parseSources(sources.filter(({ text }) => text.includes('ambit.dev/'))).value.intents.length > 0;
}

function meshToBe(sources: Loaded['sources'], today: string, faults: readonly Fault[]): Result<JudgedMesh | undefined> {
  const { topology, objects, placed, files, diagnostics } = compile(sources, {
    today,
    provenance: 'full',
    verify: false,
  });
  if (hasErrors(diagnostics) || topology === undefined) return { value: undefined, diagnostics };
  const emitted = new Set(files.map(({ path }) => path));
  const applied = objectsAfterApply(objects, files);
  const mesh = judged(topology.mesh, applied.value, faults, { placed, emitted });
  return { value: mesh.value, diagnostics: [...applied.diagnostics, ...mesh.diagnostics] };
}

function meshAsItIs(sources: Loaded['sources'], faults: readonly Fault[]): Result<JudgedMesh | undefined> {
  const { value, diagnostics } = parseSources(sources);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const mesh = judged(value.mesh, value.objects, faults, { placed: undefined, emitted: new Set() });
  return { value: mesh.value, diagnostics: [...diagnostics, ...mesh.diagnostics] };
}

function judged(
  settings: MeshSettings,
  objects: readonly ClusterObject[],
  faults: readonly Fault[],
  provenance: Pick<JudgedMesh, 'placed' | 'emitted'>,
): Result<JudgedMesh> {
  const { value: mesh, diagnostics } = readMesh(buildTopology(settings, withFaults(objects, faults)).value);
  return { value: { mesh, ...provenance }, diagnostics };
}
