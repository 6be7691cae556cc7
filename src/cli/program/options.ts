import { type Command, InvalidArgumentError, Option } from 'commander';
import { severities } from '../commands/threshold.js';

/** An option that may be given several times; one value each time. */
export function repeatable(option: Option): Option {
  const { parseArg } = option;
  return option
    .argParser((value: string, before: readonly string[]) => {
      parseArg?.(value, undefined);
      return [...before, value];
    })
    .default([], 'none');
}

/** Where a command's documents and manifests come from. */
export function addInputs(command: Command): Command {
  return command
    .addOption(
      repeatable(
        new Option('-f, --filename <path>', 'read this file or directory, or stdin with `-`; repeatable').argParser(
          pathIn,
        ),
      ).default([], 'the project'),
    )
    .addOption(
      new Option('--project <path>', 'the project file or its directory')
        .argParser(pathIn)
        .default(undefined, 'the nearest ambit.yaml, here or above')
        .conflicts('filename'),
    );
}

/** An empty shell variable must not stand for the working directory. */
export function pathIn(written: string): string {
  if (written === '') throw new InvalidArgumentError('A path cannot be empty');
  return written;
}

/** Of all that is read, the part that is asked about. */
export function addNarrowing(command: Command): Command {
  return command
    .argument('[names...]', 'only what has one of these names: `namespace/name`, or `name`')
    .addOption(
      repeatable(new Option('-n, --namespace <name>', 'only what is in this namespace; repeatable')).default([], 'all'),
    );
}

/** Which of the findings count. */
export function addFindings(command: Command): Command {
  return command
    .option('--baseline <file>', 'leave out the findings that this file lists', pathIn)
    .addOption(
      new Option('--min-severity <severity>', 'show and count only what is at least this severe')
        .choices(severities)
        .default('info'),
    );
}

/** Examples name the command as it was called. */
export function examples(...lines: readonly string[]): (context: { readonly command: Command }) => string {
  return ({ command }) => {
    const name = command.parent?.name() ?? '';
    return ['', 'Examples:', ...lines.map((line) => `  ${line.replaceAll(/\bambit(?= )/g, name)}`)].join('\n');
  };
}
