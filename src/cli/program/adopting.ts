import { type Command, Option } from 'commander';
import { addInputs, examples, pathIn } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addImport(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('import')
      .description('write intents that say what the Istio policies among the manifests say, and prove that they do'),
  )
    .option('--output <directory>', 'the directory that the intents are written to', pathIn, 'intents')
    .addOption(
      new Option('-o, --format <format>', 'the format of what is told').choices(['human', 'json']).default('human'),
    )
    .option('--as-is', 'keep what happens, also where a policy does it by accident (the default)')
    .addOption(
      new Option('--as-meant', 'say what was evidently meant, and name each change of access').conflicts('asIs'),
    )
    .option('--force', 'write over files that say something else by now')
    .addHelpText(
      'after',
      examples(
        'ambit import -f manifests/ --output intents/',
        'ambit import -f dump.yaml -f ambit.yaml',
        'ambit import --as-meant',
      ),
    )
    .action(async (options) => {
      const { runImport } = await import('../commands/import.js');
      runtime.answer(await runImport(session(runtime), options));
    });
}
