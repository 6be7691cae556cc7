import type { Command } from 'commander';
import { exitCodes } from '../exit-code.js';
import { examples } from './options.js';
import type { Runtime } from './runtime.js';

export function addContextServer(program: Command, { host, answer, run }: Runtime): void {
  program
    .command('mcp')
    .description('be a server of the Model Context Protocol, on stdin and stdout, whose tools only read')
    .addHelpText('after', examples('ambit mcp'))
    .action(async () => {
      const { serveTools } = await import('../mcp/serve-tools.js');
      await serveTools(host, program, run);
      answer(exitCodes.success);
    });
}
