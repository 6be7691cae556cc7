import { type AccessGraph, accessGraph } from './access/access-graph.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { objectsAfterApply } from './mesh/applied.js';
import { type Mesh, readMesh } from './mesh/mesh.js';
import type { Source } from './parse/parse-sources.js';
import { type CompileResult, compile, verify } from './pipeline.js';
import { type ClusterObject, readTopology } from './topology/build-topology.js';
import type { Topology } from './topology/model.js';
import { allFromOutside, type FromOutside } from './trace/matrix/from-outside.js';
import type { Progress } from './util/progress.js';

/** What a report of a whole mesh is made from. */
export interface ReportedMesh {
  readonly state: 'after-apply' | 'refused' | 'as-is';
  readonly judged: CompileResult;
  readonly topology: Topology;
  readonly graph: AccessGraph;
  readonly fromOutside: readonly FromOutside[];
}

interface Judging {
  readonly today: string;
  readonly said: readonly Diagnostic[];
  readonly inputs: readonly string[];
  readonly progress: Progress;
}

/**
 * Compiles and proves, runs all tests, and asks who reaches what in the mesh as it will be. Manifests without intents are
 * judged as they are. There is no mesh to tell of where the input is wrong, or nothing can enforce what is asked.
 */
export function reportedMesh(
  sources: readonly Source[],
  { today, said, inputs, progress }: Judging,
): { readonly judged: CompileResult; readonly reported: ReportedMesh | undefined } {
  const compiled = compile(sources, { today, said, inputs, accessTests: true, progress });
  if (compiled.intents?.length === 0) {
    const found = verify(sources, { today, said, progress });
    const { diagnostics, accepted, acceptances, objects, topology } = found;
    const judged = { ...compiled, diagnostics, accepted, acceptances, objects, topology, proof: undefined };
    return { judged, reported: topology && told('as-is', judged, topology, objects, progress) };
  }
  const { objects, judged: files, topology, diagnostics } = compiled;
  if (topology === undefined || files.length === 0) return { judged: compiled, reported: undefined };
  const isRefused = diagnostics.some(({ severity }) => severity === 'error');
  const applied = objectsAfterApply(objects, files).value;
  return {
    judged: compiled,
    reported: told(isRefused ? 'refused' : 'after-apply', compiled, topology, applied, progress),
  };
}

function told(
  state: ReportedMesh['state'],
  judged: CompileResult,
  { mesh: settings }: Topology,
  objects: readonly ClusterObject[],
  progress: Progress,
): ReportedMesh {
  const mesh: Mesh = readMesh(readTopology(settings, objects)).value;
  return {
    state,
    judged,
    topology: mesh.topology,
    graph: accessGraph(mesh, progress),
    fromOutside: allFromOutside(mesh, undefined),
  };
}
