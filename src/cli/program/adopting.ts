import type { Command } from 'commander';
import { addInputs, examples, pathIn } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addImport(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('import')
      .description('write intents that say what the Istio policies among the manifests say, and prove that they do'),
  )
    .option('--output <directory>', 'the directory that the intents are written to', pathIn, 'intents')
    .option('--force', 'write over files that say something else by now')
    .addHelpText(
      'after',
      examples(
        'ambit import -f manifests/ --output intents/',
        'ambit import -f dump.yaml -f ambit.yaml',
        'ambit import',
      ),
    )
    .action(async (options) => {
      const { runImport } = await import('../commands/import.js');
      runtime.answer(await runImport(session(runtime), options));
    });
}
