import type { createProgram } from '../../src/cli/program.js';
import { memoryHost } from './memory-host.js';

/** For who asks a program what it is, and runs no command. */
export function idleRuntime(): Parameters<typeof createProgram>[0] {
  return { host: memoryHost(), answer: () => {}, reportLost: () => {}, run: async () => 0 };
}
