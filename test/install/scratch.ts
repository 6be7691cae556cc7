import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** Settings of the npm that runs the tests, which the commands under test must not inherit. */
const inherited = /^npm_(?!config_(?:userconfig|globalconfig|registry)$)|^(?:INIT_CWD|NODE_ENV|NODE)$/i;

export type Environment = Readonly<Record<string, string | undefined>>;

/** A directory with a clone of what is committed, a cache of npm's, and room for what is installed. */
export interface Scratch {
  readonly directory: string;
  readonly clone: string;
  readonly environment: Environment;
  remove(): void;
}

export function newScratch(): Scratch {
  const directory = mkdtempSync(join(tmpdir(), 'ambit-install-'));
  const own = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  const environment = {
    ...Object.fromEntries(own),
    PATH: path.join(delimiter),
    npm_config_cache: join(directory, 'cache'),
  };
  const clone = newClone(directory, 'clone');
  return { directory, clone, environment, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export function newClone(directory: string, name: string): string {
  const clone = join(directory, name);
  must(run('git', ['clone', '--quiet', resolve('.'), clone], directory, process.env));
  return clone;
}

export function newDirectory(parent: string, name: string): string {
  const directory = join(parent, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}

export function run(command: string, argv: readonly string[], cwd: string, env: Environment): SpawnSyncReturns<string> {
  return spawnSync(command, argv, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/**
 * Builds a program of this folder, which stands on a tool's own packages, into a directory. What it needs is fetched into no
 * file of the checkout.
 */
export function buildProgram(
  name: string,
  { directory, environment }: Scratch,
  into: string,
): SpawnSyncReturns<string> {
  const module = newDirectory(directory, `module-${name}`);
  cpSync(resolve('test', 'install', name), module, { recursive: true });
  return run('go', ['build', '-o', join(into, name), '.'], module, { ...environment, GOFLAGS: '-mod=mod' });
}

/** The output of a command that has to succeed. */
export function must({ status, stdout, stderr, error }: SpawnSyncReturns<string>): string {
  if (status === 0) return stdout;
  throw new Error(`exit code ${String(status)} ${error?.message ?? ''}\n${stdout}\n${stderr}`);
}

/** Why something cannot be tried on this machine; said, as a test that is skipped says nothing by itself. */
export function missing(reason: string, probe: SpawnSyncReturns<string>): boolean {
  if (probe.status === 0) return false;
  console.warn(`skipped: ${reason}\n${probe.error?.message ?? probe.stderr}`);
  return true;
}
