import type { Command } from 'commander';
import { exitCodes } from '../exit-code.js';
import { examples } from './options.js';
import type { Runtime } from './runtime.js';

export function addLanguageServer(program: Command, { host }: Runtime): void {
  program
    .command('lsp')
    .description('be the language server of an editor, on stdin and stdout')
    .option('--stdio', 'on stdin and stdout, as it is anyhow: editors say so')
    .option('--clientProcessId <id>', "end with this process, the editor's: editors say so")
    .addHelpText('after', examples('ambit lsp'))
    .action(async () => {
      if (host.employer !== undefined) {
        const { judgeForServer } = await import('../language-server/judge-for-server.js');
        return judgeForServer(host, host.employer);
      }
      const { serveEditor } = await import('../language-server/serve-editor.js');
      await serveEditor(host);
    });
}

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
