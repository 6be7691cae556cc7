import { Argument, type Command, Option } from 'commander';
import { addInputs, examples } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addMigrate(program: Command, runtime: Runtime): void {
  addInputs(
    program.command('migrate').description('move namespaces from sidecars to ambient, and say what stands in the way'),
  )
    .addArgument(
      new Argument('<step>', '`check`: what ambient does not do, or does otherwise, of what manifests say').choices([
        'check',
      ]),
    )
    .addOption(
      new Option('-n, --namespace <name>', 'move this namespace alone; repeatable')
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([], 'all'),
    )
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .addHelpText(
      'after',
      examples(
        'ambit migrate check',
        'ambit migrate check -f manifests/',
        'ambit migrate check -f dump.yaml -n payments',
      ),
    )
    .action(async (_step: string, options) => {
      const { runMigrateCheck } = await import('../commands/migrate/check.js');
      runtime.answer(await runMigrateCheck(session(runtime), options));
    });
}
