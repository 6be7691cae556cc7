import type { Argument, Command, Option } from 'commander';
import { createProgram } from '../../../src/cli/program.js';
import { idleRuntime } from '../idle-runtime.js';

/** Every command with its arguments and options, as the program itself declares them. */
export function commandLineReference(): string {
  const program = createProgram(idleRuntime());
  const sections = program.commands.map((command) => commandSection(command));
  const global = [optionTable(program.options), codeBlock(trailerOf(program))];
  return `${[...introduction, ...global, ...sections.flat()].join('\n\n')}\n`;
}

const introduction = [
  '# The command line',
  'Data goes to stdout, and everything that is said about it to stderr. These options stand before the command:',
];

function commandSection(command: Command): string[] {
  const name = `ambit ${command.name()}`;
  const { registeredArguments: subjects, options } = command;
  return [
    `## ${name}`,
    sentence(command.description()),
    codeBlock(`${name} ${command.usage()}`),
    ...(subjects.length === 0 ? [] : [table('Argument', subjects.map(argumentRow))]),
    ...(options.length === 0 ? [] : [optionTable(options)]),
    codeBlock(trailerOf(command).replace(/^Examples:\n/, '')),
  ].filter((part) => part !== '');
}

/** What a command says below the list of its options: examples, and exit codes. */
function trailerOf(command: Command): string {
  let text = '';
  command.configureOutput({ ...command.configureOutput(), writeOut: (part) => (text += part) });
  command.outputHelp();
  return undented(text.slice(command.helpInformation().length));
}

function undented(text: string): string {
  return text.trim().replace(/^ {2}/gm, '');
}

function optionTable(options: readonly Option[]): string {
  return table(
    'Option',
    options.map((option) => {
      const { flags, description, argChoices, defaultValue, defaultValueDescription } = option;
      const usual = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : undefined);
      return rowOf(flags, description, argChoices, usual);
    }),
  );
}

function argumentRow(argument: Argument): string {
  const { required, description, argChoices, defaultValue } = argument;
  const name = required ? `<${argument.name()}>` : `[${argument.name()}]`;
  return rowOf(name, description, argChoices, defaultValue);
}

function rowOf(name: string, meaning: string, choices: readonly string[] | undefined, usual?: string): string {
  const notes = [
    ...(choices === undefined ? [] : [`one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`]),
    ...(usual === undefined ? [] : [`default: ${usual}`]),
  ];
  return `| \`${name}\` | ${[meaning, ...notes].join('; ').replaceAll('|', '\\|')} |`;
}

function table(head: string, rows: readonly string[]): string {
  return [`| ${head} | Meaning |`, '| --- | --- |', ...rows].join('\n');
}

function codeBlock(text: string): string {
  return text === '' ? '' : `\`\`\`text\n${text}\n\`\`\``;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
