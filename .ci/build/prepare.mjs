// What npm runs in a clone before it links or packs it. An installation from a clone or from Git comes here without the
// tools that the build needs, as npm leaves them out of whatever is global; they are fetched as package-lock.json names them.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, realpathSync, unlinkSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Settings of the installation around this one that would turn it into something else. */
const foreign = /^npm_config_(?:global|location|omit|only|production|dry_run|package_lock_only)$/i;

if (isClone() && !isPrepared()) {
  if (!hasTools())
    run('npm', 'ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund');
  run('npm', 'run', 'build');
}
restorePlaceOfPackage();

/** A package that was unpacked is built already. */
function isClone() {
  return existsSync('src/main.ts');
}

/** npm prepares its temporary clone of a Git repository twice. */
function isPrepared() {
  return isTemporary() && existsSync('dist/types');
}

function isTemporary() {
  const { npm_config_cache: cache = '' } = process.env;
  return existsSync(cache) && realpathSync('.').startsWith(join(realpathSync(cache), '_cacache', 'tmp') + sep);
}

function hasTools() {
  return ['esbuild', 'typescript'].every((tool) => existsSync(`node_modules/${tool}/package.json`));
}

function run(command, ...argv) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  // Whoever packs may be reading standard output.
  const stdio = ['ignore', 2, 2];
  const { status } = spawnSync(command, argv, { env, stdio, shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Preparing a global installation from Git, npm puts a link to its temporary clone into the place of the package, unpacks
 * the package through that link into the clone, and deletes the clone (npm/cli#6984). It needs the directory that was there.
 */
function restorePlaceOfPackage() {
  const { npm_config_global_prefix: prefix, npm_package_name: name } = process.env;
  if (!isTemporary() || !prefix || !name) return;
  const place = join(prefix, process.platform === 'win32' ? '' : 'lib', 'node_modules', name);
  const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink();
  if (!isLink || realpathSync(place) !== realpathSync('.')) return;
  unlinkSync(place);
  mkdirSync(place);
}
