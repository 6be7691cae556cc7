import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Environment, missing, must, newClone, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, environment } = scratch;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

afterAll(() => scratch.remove());

const offline = missing('no registry of npm packages', run('npm', ['view', 'esbuild', 'name'], directory, environment));

/**
 * Each Node that is supported, with the npm that comes with it or after it, what that npm wants to be told, whether it runs
 * scripts of what it links, and whether it replaces what it installed from Git before.
 */
const toolchains = [
  { node: '20', npm: '10', flags: [], preparesLinks: true, replaces: false },
  { node: '22', npm: '11', flags: [], preparesLinks: true, replaces: true },
  { node: '24', npm: '12', flags: ['--allow-git=root'], preparesLinks: false, replaces: true },
];

describe.skipIf(offline).each(toolchains)('with Node $node and npm $npm', (tools) => {
  const { node, npm, flags, preparesLinks, replaces } = tools;
  const place = newDirectory(directory, `node-${node}`);
  const clone = newClone(place, 'clone');
  let env: Environment = {};

  beforeAll(() => {
    env = toolchain(node, npm, place);
    expect(must(run('node', ['--version'], place, env))).toMatch(new RegExp(`^v${node}\\.`));
    expect(must(run('npm', ['--version'], place, env))).toMatch(new RegExp(`^${npm}\\.`));
  });

  const prefixed = (prefix: string) => ({ ...env, npm_config_prefix: prefix });

  function expectToWork(prefix: string, project = join(scratch.clone, 'examples', 'hybrid-shop')): void {
    const ambit = join(prefix, 'bin', 'ambit');
    expect(must(run(ambit, ['--version'], place, env))).toBe(`${version}\n`);
    must(run(ambit, ['compile', '--check', '--project', project], place, env));
    expect(must(run(ambit, ['explain', 'AMB3007'], place, env))).toContain('AMB3007');
  }

  it('installs from a clone', () => {
    const prefix = newDirectory(place, 'from-clone');
    if (!preparesLinks) must(run('npm', ['ci'], clone, env));
    must(run('npm', ['install', '--global', '.'], clone, prefixed(prefix)));
    expectToWork(prefix);
  });

  it('shows its demo in a clone', () => {
    must(run('npm', ['ci'], clone, env));
    expect(must(run('npm', ['run', 'demo'], clone, env))).toContain('kind: AuthorizationPolicy');
  });

  it('installs from a Git URL, and again', () => {
    const prefix = newDirectory(place, 'from-git');
    for (const round of ['new', 'again']) {
      if (round === 'again' && !replaces) must(run('npm', ['uninstall', '--global', 'ambit'], place, prefixed(prefix)));
      must(run('npm', ['install', '--global', ...flags, `git+file://${scratch.clone}`], place, prefixed(prefix)));
      expectToWork(prefix);
    }
  });

  it('runs from a Git URL', () => {
    const argv = ['--yes', ...flags, `git+file://${scratch.clone}`, '--version'];
    expect(must(run('npx', argv, newDirectory(place, 'npx'), env)).split('\n')).toContain(version);
  });

  it('is packed, installed without the network, and run and loaded by its name', () => {
    must(run('npm', ['pack', '--pack-destination', place], clone, env));
    const project = newDirectory(place, 'project');
    // Else npm takes whatever lies above for the project.
    writeFileSync(join(project, 'package.json'), '{}');
    const tarball = join(place, `ambit-${version}.tgz`);
    must(run('npm', ['install', '--offline', tarball], project, env));
    expect(must(run('npx', ['ambit', '--version'], project, env)).split('\n')).toContain(version);
    const imported = "import { compile } from 'ambit'; console.log(typeof compile)";
    expect(must(run('node', ['--input-type=module', '-e', imported], project, env))).toBe('function\n');
    const required = "console.log(typeof require('ambit').compile)";
    expect(must(run('node', ['--input-type=commonjs', '-e', required], project, env))).toBe('function\n');
  });
});

/** An environment in which `node`, `npm` and `npx` are those of the versions named, which come from the registry. */
function toolchain(node: string, npm: string, place: string): Environment {
  const tools = newDirectory(place, 'tools');
  const packages = [`node@npm:node@${node}`, `npm@npm:npm@${npm}`];
  must(run('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', tools, ...packages], tools, environment));
  const installed = join(tools, 'node_modules');
  // npm may be told to run no scripts, and without this one there is no Node in the package.
  must(run('node', ['installArchSpecificPackage.js'], join(installed, 'node'), environment));
  const bin = join(tools, 'bin');
  mkdirSync(bin);
  symlinkSync(join(installed, 'node', 'bin', 'node'), join(bin, 'node'));
  for (const name of ['npm', 'npx']) symlinkSync(join(installed, 'npm', 'bin', `${name}-cli.js`), join(bin, name));
  return { ...environment, PATH: `${bin}${delimiter}${environment.PATH ?? ''}` };
}
