import { resolve } from 'node:path';
import type { Host } from '../files/host.js';
import type { Loaded } from '../project/load.js';
import { compileCommand, type WritingOptions } from './compile-command.js';
import type { Session } from './session.js';
import type { StreamFormat } from './stream.js';

/** Where the result of a compilation goes. */
export type Destination =
  | { readonly kind: 'stream'; readonly format: StreamFormat; readonly cluster: string | undefined }
  | {
      readonly kind: 'directory';
      readonly path: string;
      readonly check: boolean;
      /** How `check` says what differs: as a diff, or what changes as JSON. */
      readonly format: StreamFormat;
      readonly kustomize: boolean;
      /** The command that writes it. */
      readonly writing: string;
    };

export interface DestinationOptions extends WritingOptions {
  readonly stdout?: boolean;
  /** The one cluster whose objects the stream holds. */
  readonly cluster?: string;
  readonly check?: boolean;
  readonly output?: StreamFormat;
  readonly sourceMap?: string;
  readonly tracePasses?: boolean;
  readonly stats?: boolean;
  /** An inner state is printed instead of any result. */
  readonly emit?: string;
}

type Contradiction = readonly [holds: boolean, problem: string];

const aboutResult = [
  { name: 'check', flag: '--check' },
  { name: 'outputDir', flag: '--output-dir' },
  { name: 'output', flag: '-o' },
  { name: 'sourceMap', flag: '--source-map' },
  { name: 'kustomize', flag: '--kustomize' },
] as const;

/** What is wrong with the options whatever the project says; `undefined` if nothing is. */
export function contradictionIn(options: DestinationOptions, { diagnosticsFormat }: Session): string | undefined {
  const { outputDir, check = false, sourceMap, tracePasses = false, stats = false } = options;
  const isStream = wantsStream(options);
  const result = options.emit === undefined ? undefined : aboutResult.find(({ name }) => options[name] !== undefined);
  const contradictions: readonly Contradiction[] = [
    [isStream && outputDir !== undefined, '`--output-dir` writes files, and cannot be used with `--stdout` or `-o`'],
    [result !== undefined, `\`--emit\` prints an inner state and stops, and cannot be used with \`${result?.flag}\``],
    [isStream && options.kustomize === true, '`--kustomize` writes files, and cannot be used with `--stdout` or `-o`'],
    [!isStream && options.cluster !== undefined, '`--cluster` is about the stream, and needs `--stdout` or `-o`'],
    [isStream && check, '`--check` compares a directory, and cannot be used with `--stdout`'],
    [check && options.output === 'yaml', '`--check` prints a diff or, with `-o json`, what changes; it has no YAML'],
    [check && sourceMap !== undefined, '`--check` writes nothing, and cannot be used with `--source-map`'],
    [
      (stats || tracePasses) && diagnosticsFormat === 'json',
      '`--stats` and `--trace-passes` print text, and cannot be used with `--diagnostics json`',
    ],
  ];
  return contradictions.find(([holds]) => holds)?.[1];
}

/** What is wrong where the options need a directory and neither they nor the project name one. */
export function missingDirectory(options: DestinationOptions, { project }: Loaded): string | undefined {
  if (options.outputDir !== undefined || project?.output !== undefined) return undefined;
  if (options.check) return '`--check` needs a directory to compare: name one with `--output-dir`';
  return options.kustomize ? '`--kustomize` needs a directory to write: name one with `--output-dir`' : undefined;
}

/** The options come first, then the project; a stream on stdout where neither names a directory. */
export function destinationOf(
  host: Host,
  options: DestinationOptions,
  { directory, project, inputs }: Loaded,
): Destination {
  const { outputDir, check = false, output = 'yaml', kustomize = project?.kustomize ?? false } = options;
  const named = outputDir === undefined ? undefined : resolve(host.workingDirectory, outputDir);
  const own = project?.output === undefined ? undefined : resolve(directory, project.output);
  const path = wantsStream(options) ? undefined : (named ?? own);
  return path === undefined
    ? { kind: 'stream', format: output, cluster: options.cluster }
    : { kind: 'directory', path, check, format: output, kustomize, writing: compileCommand(inputs, options) };
}

function wantsStream({ stdout = false, check = false, output }: DestinationOptions): boolean {
  return stdout || (output !== undefined && !check);
}
