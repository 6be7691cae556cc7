#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/** Set by the build from package.json. */
declare const ambitVersion: string;

const bugExitCode = 70;

/** The version is answered before anything else is loaded. */
async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${ambitVersion}\n`);
    return;
  }
  optimisePatiently();
  keepCompiledCode(process.env);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietlyWhenNobodyReads);
  try {
    const [{ nodeHost }, { runCli }] = await Promise.all([
      import('./cli/files/node-host.js'),
      import('./cli/run-cli.js'),
    ]);
    const packageDirectory = fileURLToPath(new URL('..', import.meta.url));
    process.exitCode = await runCli(
      argv,
      nodeHost({ packageDirectory, version: ambitVersion, programName: programName() }),
    );
  } catch (error) {
    reportBug(error);
  }
}

/** kubectl runs what is called `kubectl-ambit`, which npm links to the same file, as `kubectl ambit`. */
function programName(): string {
  return /(?:^|[/\\])kubectl-ambit(?:\.\w+)?$/.test(process.argv[1] ?? '') ? 'kubectl ambit' : 'ambit';
}

/**
 * The V8 of Node 20 optimises a function so early that it often throws the result away. With a larger budget a large
 * compilation takes about a seventh less time, and a small one no more. Later versions find the moment by themselves.
 */
function optimisePatiently(): void {
  if (isMainThread && process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=400000');
}

/**
 * What V8 makes of the code is kept for the next start, from Node 22 on: a hook takes a fifth less. It lies in the user's own
 * directory, where nobody else may write, and where that cannot be written nothing is kept.
 */
function keepCompiledCode({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): void {
  const newer: typeof module & { readonly enableCompileCache?: (directory: string) => unknown } = module;
  const caches = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  if (caches) newer.enableCompileCache?.(join(caches, 'ambit'));
}

/** `ambit … | head` closes the pipe when it has seen enough; that is no failure. */
function endQuietlyWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

function reportBug(error: unknown): void {
  const trace = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `This is a bug in Ambit ${ambitVersion}, not in your files. Please report it with the lines below and, if you can,\n` +
      `the inputs that lead to it.\n\n${trace}\n`,
  );
  process.exitCode = bugExitCode;
}

await main(process.argv.slice(2));
