import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isDoubt } from '../../diagnostics/doubts.js';
import { type Deployment, type Reshape, type Source, verify } from '../../pipeline.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import type { Topology } from '../../topology/model.js';
import { type Memory, withinRun } from '../../util/memory.js';
import { deploymentAt } from '../states/moment.js';
import type { State } from './phase.js';

/** What is migrated: a project, and its mesh as it is. */
export interface Subject {
  readonly sources: readonly Source[];
  /** What was found of states before, for what is the same in this one. */
  readonly memory: Memory;
  readonly topology: Topology;
  /** What the intents say of it. */
  readonly resolved: Resolved;
  /** What is made of the deployment before anything moves. */
  readonly reshape: Reshape;
  readonly today: string | undefined;
}

/** What a state does otherwise than the intents say: each finding with the request that shows it. */
export function findingsIn(subject: Subject, { moment, applied }: State): readonly Diagnostic[] {
  const { sources, memory, topology, resolved, today } = subject;
  const reshape = (deployment: Deployment) => deploymentAt(subject.reshape(deployment), topology, moment);
  const { diagnostics } = verify(sources, { today, memory: withinRun(memory), reshape, applied, resolved });
  // Also a state with findings is behind us.
  memory.endRun();
  return diagnostics.filter(isOfState);
}

/** Whether a diagnostic says that a state is not as it should be, or may not be. */
export function isOfState(found: Diagnostic): boolean {
  return found.severity === 'error' || isDoubt(found) || found.name === 'existing-policy-refuses';
}
