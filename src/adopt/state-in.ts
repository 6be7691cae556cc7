import type { State } from '../changes/change.js';
import { type Diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.js';
import { settleMesh } from '../installation/settle.js';
import { objectsAfterApply } from '../mesh/applied.js';
import { readMesh } from '../mesh/mesh.js';
import type { Intent } from '../parse/ast.js';
import { parseSources, type Source } from '../parse/parse-sources.js';
import { compile } from '../pipeline.js';
import { buildTopology } from '../topology/build-topology.js';
import type { Memory } from '../util/memory.js';
import type { Progress } from '../util/progress.js';
import { lookAt, withoutOwnFiles } from './look-at.js';
import { stateOf } from './prove/round.js';

/** What reading a state needs beside its texts. */
export interface Setting {
  readonly today: string | undefined;
  /** Where the intents will lie, as the paths of the sources are written. */
  readonly directory: string;
  /** Files there that an import has not written, although it may write such ones. */
  readonly kept: ReadonlySet<string>;
  readonly memory: Memory;
  readonly progress: Progress;
}

/** The mesh as some texts describe it: its manifests, and over them what the intents compile to that are no import's own. */
export function stateIn(sources: readonly Source[], setting: Setting): Result<State | undefined> {
  const { memory, progress } = setting;
  const { recall } = memory;
  const parsed = parseSources(sources, undefined, recall, progress);
  const { mesh: written, objects, intents } = parsed.value;
  const settled = recall('settings', [written, objects], () => settleMesh(written, objects));
  const topology = buildTopology(settled.value, objects, recall);
  const mesh = readMesh(topology.value, recall);
  const diagnostics: readonly Diagnostic[] = [parsed, settled, topology, mesh].flatMap((each) => each.diagnostics);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const given: State = { mesh: mesh.value, objects };
  if (!intents.some(isSettings)) return { value: given, diagnostics };
  const others = withoutOwnFiles(sources, lookAt(sources, given, new Set()).found, setting);
  const { value, diagnostics: faults } = withIntents(given, others, setting);
  return { value, diagnostics: [...diagnostics, ...faults] };
}

/** A mesh that is half imported does what the intents say that there are already, and what is left of its policies. */
function withIntents(given: State, sources: readonly Source[], { today, memory }: Setting): Result<State | undefined> {
  const { recall } = memory;
  if (!parseSources(sources, undefined, recall).value.intents.some(isSettings))
    return { value: given, diagnostics: [] };
  const { files, diagnostics } = compile(sources, { today, memory, verify: false });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { value: undefined, diagnostics: errors };
  const objects = objectsAfterApply(given.objects, files, undefined, recall).value;
  return { value: stateOf(given, objects, recall), diagnostics: [] };
}

function isSettings({ kind }: Intent): boolean {
  return kind === 'SecuritySettings' || kind === 'TrafficSettings';
}
