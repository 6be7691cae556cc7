import { type Command, InvalidArgumentError, Option } from 'commander';
import { addInputs, examples, pathIn } from './options.js';
import { type Runtime, session } from './runtime.js';

const formats = ['human', 'json'];

export function addImport(program: Command, runtime: Runtime): void {
  const command = program
    .command('import')
    .description('write intents that say what the Istio policies among the manifests say, and prove that they do');
  /** A directory has long been written where other commands have the format. */
  const formatOrDirectory = (written: string, before: string): string => {
    if (formats.includes(written)) return written;
    command.setOptionValue('outputDir', pathIn(written));
    return before;
  };
  const formatIn = (written: string): void => {
    if (!formats.includes(written)) throw new InvalidArgumentError(`Allowed choices are ${formats.join(', ')}.`);
    command.setOptionValue('output', written);
  };
  addInputs(command)
    .option('--output-dir <directory>', 'the directory that the intents are written to', pathIn, 'intents')
    .addOption(
      new Option('-o, --output <format>', 'the format; anything else is a directory, as with `--output-dir`')
        .choices(formats)
        .argParser(formatOrDirectory)
        .default('human'),
    )
    .addOption(new Option('--format <format>', 'the format as well').argParser(formatIn).hideHelp())
    .option('--as-is', 'keep what happens, also where a policy does it by accident (the default)')
    .addOption(
      new Option('--as-meant', 'say what was evidently meant, and name each change of access').conflicts('asIs'),
    )
    .option('--force', 'write over files that say something else by now')
    .addHelpText(
      'after',
      examples(
        'ambit import -f manifests/ --output intents/',
        'ambit import -f dump.yaml -f ambit.yaml --output-dir imported/',
        'ambit import --as-meant',
      ),
    )
    .action(async (options) => {
      const { runImport } = await import('../commands/import.js');
      runtime.answer(await runImport(session(runtime), options));
    });
}
