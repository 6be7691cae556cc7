import type { Changes, State } from '../../changes/change.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { objectsAfterApply } from '../../mesh/applied.js';
import { readMesh } from '../../mesh/mesh.js';
import type { Source } from '../../parse/parse-sources.js';
import { type CompileResult, compile, type Reshape } from '../../pipeline.js';
import { type ClusterObject, readTopology } from '../../topology/build-topology.js';
import type { Memory, Recall } from '../../util/memory.js';
import type { Progress } from '../../util/progress.js';
import type { Plan } from '../arrange/arrange.js';
import { type IsIntended, withoutIntended } from '../meant/intended.js';
import { keyOfObject } from '../policies.js';
import { type PrintedIntents, printPlan } from '../print.js';
import { type Refused, withoutRefused } from '../refused.js';
import { asItWas } from './as-it-was.js';
import { comparedWith } from './compared-with.js';
import { changesOfMeaning } from './meaning.js';
import { changesOnTrial } from './trial.js';

/** What is imported from: the texts, and the mesh as they describe it. */
export interface Ground {
  readonly sources: readonly Source[];
  readonly today: string | undefined;
  /** What was found of texts and states before, for what is the same in the next. */
  readonly memory: Memory;
  readonly progress: Progress;
  /** Where the intents will lie, as paths of sources are written. */
  readonly directory: string;
  readonly before: State;
  /** What the intents are to mean: the mesh as it is, or with its policies as they were meant. */
  readonly meant: State;
  readonly isIntended: IsIntended;
  /** What stands among the manifests and in no cluster. */
  readonly refused: Refused;
}

/** One attempt: the intents, what they compile to, and what that changes. */
export interface Round {
  readonly plan: Plan;
  readonly files: readonly PrintedIntents[];
  /** The keys of the objects that the intents stand for. */
  readonly replaced: ReadonlySet<string>;
  readonly compiled: CompileResult;
  readonly errors: readonly Diagnostic[];
  readonly after: State | undefined;
  /** What differs from what is meant. Absent where nothing came out that could be compared. */
  readonly changes: Changes | undefined;
  /** What dry runs would decide otherwise, for each action that some have. */
  readonly onTrial: readonly Changes[];
  /** What the mesh as it was does otherwise than the settings of traffic say. */
  readonly unlike: readonly Diagnostic[];
}

/** Compiles the intents without the objects that they stand for, and compares the mesh with what it was. */
export function attempt(ground: Ground, plan: Plan, replaced: ReadonlySet<string>): Round {
  const { sources, directory, today, memory, progress, meant, isIntended, refused } = ground;
  const files = printPlan(plan);
  const intents = files.map(({ path, text }) => ({ path: `${directory}/${path}`, text }));
  const asInCluster = withoutRefused(refused);
  const reshape: Reshape = (deployment) => withoutReplaced(replaced)(asInCluster(deployment));
  const compiled = compile([...sources, ...intents], { today, memory, progress, provenance: 'ids', reshape });
  const errors = compiled.diagnostics.filter(({ severity }) => severity === 'error');
  const round = { plan, files, replaced, compiled, errors, unlike: [], onTrial: [] };
  if (errors.length > 0) return { ...round, after: undefined, changes: undefined };
  const rest = meant.objects.filter((each) => !replaced.has(keyOfObject(each.object)));
  const asMeant: Reshape = ({ mesh }) => ({ mesh, objects: meant.objects });
  const { recall } = memory;
  const after = stateOf(meant, objectsAfterApply(rest, compiled.files, undefined, recall).value, recall);
  const changes = withoutIntended(comparedWith(meant, after, progress), isIntended);
  const isToAsk = plan.traffic.length > 0 && changesOfMeaning(changes).length === 0;
  return {
    ...round,
    after,
    changes,
    onTrial: changesOnTrial(meant, after, progress),
    unlike: isToAsk ? asItWas([...sources, ...intents], { today, memory, progress, reshape: asMeant }) : [],
  };
}

/** A deployment without objects that intents stand for. */
export function withoutReplaced(replaced: ReadonlySet<string>): Reshape {
  const isGone = ({ object }: ClusterObject) => replaced.has(keyOfObject(object));
  return ({ mesh, objects }) => ({ mesh, objects: objects.filter((each) => !isGone(each)) });
}

/** Other objects in the same mesh. */
export function stateOf({ mesh }: State, objects: readonly ClusterObject[], recall: Recall): State {
  return { objects, mesh: readMesh(readTopology(mesh.topology.mesh, objects, recall), recall).value };
}
