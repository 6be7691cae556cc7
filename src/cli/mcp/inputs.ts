import type { Argument, Command, Option } from 'commander';
import { ownValue } from '../../util/own-value.js';
import type { Tool } from './tools.js';

/** One input of a tool: what it looks like, and how the command line says it. */
interface Input {
  readonly name: string;
  readonly schema: InputSchema;
  /** The words for a value, or for several. */
  words(values: readonly string[]): readonly string[];
  readonly isArgument: boolean;
}

interface InputSchema {
  readonly type: 'string' | 'boolean' | 'array';
  readonly description: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly type: 'string'; readonly enum?: readonly string[] };
}

/** The JSON Schema of what a tool is given, as its command declares it. */
export function inputSchema(tool: Tool, command: Command) {
  return {
    type: 'object' as const,
    properties: Object.fromEntries(inputsOf(tool, command).map(({ name, schema }) => [name, schema])),
    additionalProperties: false,
  };
}

/** The command line that says what a tool is given; a text tells what is wrong with it. */
export function commandLine(tool: Tool, command: Command, given: unknown): readonly string[] | string {
  const inputs = inputsOf(tool, command);
  const names = Object.keys(Object(given));
  const unknown = names.find((name) => inputs.every((input) => input.name !== name));
  if (unknown !== undefined) return `there is no input \`${unknown}\`: ${inputs.map(({ name }) => name).join(', ')}`;
  const options: string[] = [];
  const positions: string[] = [];
  const said = new Set<string>();
  for (const { name, schema, words, isArgument } of inputs) {
    const value = ownValue(Object(given), name);
    const values = valuesOf(value, schema);
    if (values === undefined) return `\`${name}\` takes ${wanted[schema.type]}`;
    if (values.includes('-')) return `\`${name}\` cannot be stdin, which the conversation has`;
    (isArgument ? positions : options).push(...words(values));
    if (values.length > 0) said.add(name);
  }
  return [...options, ...tool.always(said), '--', ...positions];
}

const wanted: Readonly<Record<InputSchema['type'], string>> = {
  string: 'a text',
  boolean: '`true` or `false`',
  array: 'a list of texts',
};

/** As texts; nothing where it is not said, `undefined` where it is of another type. */
function valuesOf(value: unknown, { type }: InputSchema): readonly string[] | undefined {
  if (value === undefined) return [];
  if (type === 'boolean') return typeof value === 'boolean' ? (value ? [''] : []) : undefined;
  if (type === 'string') return typeof value === 'string' ? [value] : undefined;
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
}

function inputsOf({ inputs }: Tool, { options, registeredArguments }: Command): readonly Input[] {
  const all = [...registeredArguments.map(argumentInput), ...options.map(optionInput)];
  return all.filter(({ name }) => inputs.includes(name));
}

/** A value stands in one word with its option, so that no value is taken for an option. */
function optionInput(option: Option): Input {
  const { description, argChoices, defaultValue } = option;
  const long = option.long ?? '';
  const words = (values: readonly string[]) => values.map((value) => (option.isBoolean() ? long : `${long}=${value}`));
  const isList = Array.isArray(defaultValue);
  const type = option.isBoolean() ? 'boolean' : isList ? 'array' : 'string';
  return { name: option.attributeName(), schema: schemaOf(type, description, argChoices), words, isArgument: false };
}

function argumentInput(argument: Argument): Input {
  const { description, variadic, argChoices } = argument;
  const schema = schemaOf(variadic ? 'array' : 'string', description, argChoices);
  return { name: argument.name(), schema, words: (values) => values, isArgument: true };
}

function schemaOf(type: InputSchema['type'], description: string, choices: readonly string[] | undefined): InputSchema {
  const words = choices && { enum: choices };
  return {
    type,
    description: toTool(description),
    ...(type === 'array' ? { items: { type: 'string', ...words } } : words),
  };
}

/** Without what is said of a command line alone: a list is a list, stdin belongs to the conversation, and options are named by themselves. */
function toTool(description: string): string {
  return description
    .replace(/; repeatable\b/g, '')
    .replace(', or stdin with `-`', '')
    .replace(
      /--([a-z-]+)/g,
      (_, name: string) => `\`${name.replace(/-(.)/g, (__, letter: string) => letter.toUpperCase())}\``,
    )
    .replaceAll('``', '`');
}
