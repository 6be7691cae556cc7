import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { files } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Builds the package from the sources and packs it, in a directory of its own: answers with the tarball. */
export function packInto(directory: string): string {
  const root = join(directory, 'ambit');
  mkdirSync(root);
  const listed = [...files, 'package.json', 'README.md', 'LICENSE'].filter((path: string) => path !== 'dist');
  for (const path of listed) {
    const source = path.replace(/\/\*.*$/, '');
    if (existsSync(source)) cpSync(source, join(root, source), { recursive: true });
  }
  execFileSync('node', ['.ci/build/build.mjs', join(root, 'dist')], { stdio: 'pipe' });
  execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', join(root, 'dist', 'types')]);
  const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const [{ filename }] = JSON.parse(execFileSync('npm', argv, { cwd: root, encoding: 'utf8' }));
  return join(directory, filename);
}

/** Installs a tarball and nothing else, without the network: answers with the project's directory. */
export function installInto(directory: string, tarball: string): string {
  const project = join(directory, 'project');
  mkdirSync(project);
  execFileSync('npm', ['install', '--offline', '--prefix', project, tarball], { stdio: 'pipe' });
  return project;
}
