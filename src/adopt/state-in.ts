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
import { isRefusal, type Refused, refusedAmong, withoutRefused } from './refused.js';

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

/** A mesh as it is, and what its manifests have that no cluster takes. */
export interface Given {
  readonly state: State;
  readonly refused: Refused;
}

/** The mesh as some texts describe it: its manifests, and over them what the intents compile to that are no import's own. */
export function stateIn(sources: readonly Source[], setting: Setting): Result<Given | undefined> {
  const { memory, progress } = setting;
  const { recall } = memory;
  const parsed = parseSources(sources, undefined, recall, progress);
  const { mesh: written, objects, intents } = parsed.value;
  const settled = recall('settings', '', [written, objects], () => settleMesh(written, objects));
  const topology = buildTopology(settled.value, objects, recall);
  const mesh = readMesh(topology.value, recall);
  const all: readonly Diagnostic[] = [parsed, settled, topology, mesh].flatMap((each) => each.diagnostics);
  const diagnostics = all.filter((each) => !isRefusal(each));
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const refused = refusedAmong(objects, all.filter(isRefusal));
  const given: State = { mesh: mesh.value, objects: withoutRefused(refused)({ mesh: settled.value, objects }).objects };
  if (!intents.some(isSettings)) return { value: { state: given, refused }, diagnostics };
  const others = withoutOwnFiles(sources, lookAt(sources, given, new Set()).found, setting);
  const { value: state, diagnostics: faults } = withIntents(given, others, setting, refused);
  return { value: state && { state, refused }, diagnostics: [...diagnostics, ...faults] };
}

/** A mesh that is half imported does what the intents say that there are already, and what is left of its policies. */
function withIntents(
  given: State,
  sources: readonly Source[],
  { today, memory }: Setting,
  refused: Refused,
): Result<State | undefined> {
  const { recall } = memory;
  if (!parseSources(sources, undefined, recall).value.intents.some(isSettings))
    return { value: given, diagnostics: [] };
  const { files, diagnostics } = compile(sources, { today, memory, verify: false, reshape: withoutRefused(refused) });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { value: undefined, diagnostics: errors };
  const objects = objectsAfterApply(given.objects, files, undefined, recall).value;
  return { value: stateOf(given, objects, recall), diagnostics: [] };
}

function isSettings({ kind }: Intent): boolean {
  return kind === 'SecuritySettings' || kind === 'TrafficSettings';
}
