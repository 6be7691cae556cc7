import { ambitCommand } from '../../util/ambit-command.js';

/** What decides what lies in the directory. */
export interface WritingOptions {
  readonly outputDir?: string;
  readonly kustomize?: boolean;
  readonly provenance?: string;
  readonly syncWaves?: boolean;
}

/** The command that compiles the same into the same directory, told what else it shall do. */
export function compileCommand(
  inputs: readonly string[],
  { outputDir, kustomize, provenance, syncWaves }: WritingOptions,
  ...others: readonly string[]
): string {
  return ambitCommand(
    'compile',
    ...inputs,
    ...(outputDir === undefined ? [] : ['--output-dir', outputDir]),
    ...(kustomize === true ? ['--kustomize'] : []),
    ...(provenance === undefined ? [] : ['--provenance', provenance]),
    ...(syncWaves === true ? ['--sync-waves'] : []),
    ...others,
  );
}
