import { type Diagnostic, hasErrors, type Result } from './diagnostics/diagnostic.js';
import { settleMesh } from './installation/settle.js';
import { withIstioVersion } from './installation/with-istio-version.js';
import { refusedObjects } from './mesh/admission/refused-objects.js';
import { type AppliedFile, objectsAfterApply, ofClusters } from './mesh/applied.js';
import type { Fault } from './mesh/fault-names.js';
import { withFaults } from './mesh/faults.js';
import { type Mesh, readMesh } from './mesh/mesh.js';
import type { IstioVersion } from './parse/mesh.js';
import type { Wanted } from './parse/outline.js';
import { parseSources, type Source } from './parse/parse-sources.js';
import type { CompileResult } from './pipeline.js';
import { buildTopology, type ClusterObject, readTopology } from './topology/build-topology.js';
import { focus, isIntent } from './trace/ask/focus.js';
import { ask, type Question } from './trace/ask/question.js';
import { type Memory, newMemory } from './util/memory.js';
import type { Progress } from './util/progress.js';

/** The mesh that questions are asked about, and the compilation that changed it, if one did. */
export interface JudgedMesh {
  readonly state: 'after-apply' | 'refused' | 'as-written' | 'as-is';
  readonly objects: readonly ClusterObject[];
  readonly mesh: Mesh;
  readonly placed: CompileResult['placed'];
  /** Why what is applied was refused all the same. */
  readonly refusals: readonly Diagnostic[];
  /** The paths of the files that are applied, below the output directory. */
  readonly emitted: ReadonlySet<string>;
}

interface Judging {
  readonly today: string | undefined;
  readonly faults: readonly Fault[];
  /** What lies in the output directory, if that is to be judged instead of what would be written there. */
  readonly written: readonly AppliedFile[] | undefined;
  /** The one question that is asked, if it is one. */
  readonly question: Question | undefined;
  /** What a command is told to read the sources. */
  readonly inputs?: readonly string[];
  /** The version of Istio that every cluster is taken to have, whatever is said of it. */
  readonly istioVersion?: IstioVersion | undefined;
  /** What earlier compilations have found, where almost the same was compiled before. */
  readonly memory?: Memory | undefined;
  readonly progress?: Progress | undefined;
  /** Whether the objects are taken as they are, also beside intents. */
  readonly isAsItLies?: boolean;
}

/**
 * The mesh as it will be once the compiled output is applied, read back from the text that would be written or, on
 * request, that is; without intents, the mesh as its manifests are. Output that a guardrail refuses is judged as well:
 * its counterexample is what people want to follow. What is merely unwise about enrolment stops no question; what leaves open
 * what the manifests say does.
 */
export async function judgeMesh(sources: readonly Source[], judging: Judging): Promise<Result<JudgedMesh | undefined>> {
  const isAsItLies = judging.isAsItLies ?? judging.written !== undefined;
  if (!isAsItLies && hasIntents(sources)) return meshToBe(sources, judging);
  return focused(sources, judging) ?? meshAsItLies(sources, judging);
}

/** Only a text that names the language can hold an intent, and manifests are many. */
function hasIntents(sources: readonly Source[]): boolean {
  const own = sources.filter(({ text }) => text.includes('ambit.dev/'));
  return parseSources(own, isIntent).value.intents.length > 0;
}

/** The compiler is loaded where something is compiled. */
async function meshToBe(
  sources: readonly Source[],
  { today, faults, inputs = [], istioVersion, memory = newMemory(), progress }: Judging,
): Promise<Result<JudgedMesh | undefined>> {
  const { compile } = await import('./pipeline.js');
  const result = compile(sources, {
    today,
    inputs,
    provenance: 'full',
    verify: false,
    istioVersion,
    memory,
    progress,
  });
  const { topology, objects, placed, judged: files, diagnostics } = result;
  const refusals = diagnostics.filter(({ severity }) => severity === 'error');
  if (topology === undefined || (refusals.length > 0 && files.length === 0)) return { value: undefined, diagnostics };
  const emitted = new Set(files.map(({ path }) => path));
  const applied = objectsAfterApply(objects, files, undefined, memory.recall);
  const broken = readTopology(topology.mesh, withFaults(applied.value, faults), memory.recall);
  const { value: mesh, diagnostics: found } = readMesh(broken, memory.recall);
  return {
    value: {
      objects: applied.value,
      mesh,
      state: refusals.length > 0 ? 'refused' : 'after-apply',
      placed,
      refusals,
      emitted,
    },
    diagnostics: [...diagnostics.filter(({ severity }) => severity !== 'error'), ...applied.diagnostics, ...found],
  };
}

/**
 * The part of the mesh that decides the question. Whatever is wrong, in it or in the question, is for the whole mesh to
 * say: only it knows every name.
 */
function focused(sources: readonly Source[], judging: Judging): Result<JudgedMesh> | undefined {
  const { question } = judging;
  if (question === undefined) return undefined;
  const diagnostics: Diagnostic[] = [];
  const part = focus(question, (isWanted) => {
    const { value, diagnostics: found } = meshAsItLies(sources, judging, isWanted);
    diagnostics.splice(0, diagnostics.length, ...found);
    return hasErrors(found) ? undefined : value;
  });
  return part === undefined || hasErrors(ask(part.mesh, question).diagnostics)
    ? undefined
    : { value: part, diagnostics };
}

/** The mesh as its manifests are, what is written applied over them; or the wanted part of it. */
function meshAsItLies(
  sources: readonly Source[],
  { faults, written, istioVersion }: Judging,
  isWanted?: Wanted,
): Result<JudgedMesh | undefined> {
  const { value: parsed, diagnostics } = parseSources(sources, isWanted);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const { value: settled, diagnostics: contradictions } = settleMesh(parsed.mesh, parsed.objects);
  const settings = withIstioVersion(settled, istioVersion);
  if (hasErrors(contradictions)) return { value: undefined, diagnostics: [...diagnostics, ...contradictions] };
  const files = ofClusters(written ?? [], settings);
  const applied =
    written === undefined
      ? { value: parsed.objects, diagnostics: [] }
      : objectsAfterApply(parsed.objects, files, isWanted);
  const { value: topology, diagnostics: said } = buildTopology(settings, withFaults(applied.value, faults));
  const { value: mesh, diagnostics: found } = readMesh(topology);
  const state = written === undefined ? 'as-is' : 'as-written';
  const emitted = new Set(files.map(({ path }) => path));
  return {
    value: { objects: applied.value, mesh, state, placed: undefined, refusals: [], emitted },
    diagnostics: [
      ...diagnostics,
      ...contradictions,
      ...applied.diagnostics,
      ...said.filter(({ severity }) => severity === 'error'),
      ...refusedObjects(topology),
      ...found,
    ],
  };
}
