import { traceCommand } from '../trace/trace-command.js';
import type { Example } from './outcome.js';

/** The command that follows an example, for whoever reads the same inputs; `undefined` where its hops say all. */
export function commandFor({ traced }: Example, inputs: readonly string[] | undefined): string | undefined {
  return inputs && traced && traceCommand(traced.request, { ...traced, inputs });
}
