import type { JsonObject } from '../../parse/document.js';
import type { OutputFile } from '../../pipeline.js';
import type { Moment } from '../states/moment.js';

/** What is in force at one moment: the pods, and what is applied. */
export interface State {
  /** What a person would call it: `the Services are bound, and no waypoint is ready yet`. */
  readonly title: string;
  readonly moment: Moment;
  /** Files of the output of a compiler, below the directory of their cluster. */
  readonly applied: readonly OutputFile[];
}

/** One directory of a plan: what is done, and every state that it leads through. */
export interface Phase {
  /** `04-policies`: the order is in the name. */
  readonly name: string;
  readonly title: string;
  readonly namespaces: readonly string[];
  /** What is applied, below the phase. */
  readonly files: readonly OutputFile[];
  readonly patches: readonly Patch[];
  /** What is done beside applying and patching. */
  readonly commands: readonly Command[];
  /** Workloads that are restarted together because they call each other in circles. */
  readonly circles: readonly (readonly string[])[];
  readonly rollback: Rollback;
  readonly states: readonly State[];
}

/** What takes a phase back to the state before it: first files are applied as they were, then the rest is done. */
export interface Rollback {
  readonly files: readonly OutputFile[];
  readonly commands: readonly Command[];
  /** The states that it leads through and that are none of the way there. */
  readonly states: readonly State[];
}

/** What a person does in a cluster: the arguments of `kubectl`, or in words what `kubectl` does not do. */
export type Command = { readonly cluster: string } & ({ readonly kubectl: string } | { readonly inWords: string });

/** What is changed of an object that others own. `null` takes a field away. */
export interface Patch {
  /** `<kind>.<namespace>.<name>` or `<kind>.<name>`. */
  readonly file: string;
  readonly target: { readonly kind: string; readonly namespace: string | undefined; readonly name: string };
  readonly cluster: string;
  readonly patch: JsonObject;
}
