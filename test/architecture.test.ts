import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow } from './support/cases.js';
import { importsOf, type Module, type ModuleImport, moduleName, stripComments, tablesOf } from './support/modules.js';

const root = new URL('../src/', import.meta.url).pathname;
const modules: readonly Module[] = filesBelow(root)
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    const name = moduleName(relative(root, path));
    return { name, text, imports: importsOf(name, text) };
  });

const [, importTable = [], libraryTable = []] = tablesOf(readFileSync(join(root, 'README.md'), 'utf8'));
const openToAll: Readonly<Record<string, readonly string[]>> = { util: [], diagnostics: ['util'] };
const rights = new Map(
  importTable.map(([[importer = ''] = [], values = [], types = []]) => [importer, { values, types }]),
);
const libraries = new Map(libraryTable.map(([[library = ''] = [], users = []]) => [library, users]));

it('reads every form of import', () => {
  const text = `// import { no } from './no.js';
import { value, type A } from './value.js';
import type { B } from '../b/types.js';
import { type C, type D } from 'library';
import './effect.js';
export { again } from './again.js';
const later = () => import('./later.js');
`;
  const local = (target: string, isType = false) => ({ target, isLocal: true, isType });
  expect(importsOf('a/module', text)).toEqual([
    local('a/value'),
    local('b/types', true),
    { target: 'library', isLocal: false, isType: true },
    local('a/again'),
    local('a/effect'),
    local('a/later'),
  ]);
});

describe('modules', () => {
  it('are all known to src/README.md', () => {
    const known = [...rights.keys(), ...Object.keys(openToAll)];
    expect([...new Set(modules.map(({ name }) => areaOf(name)))].filter((area) => !known.includes(area))).toEqual([]);
  });

  it('import only what src/README.md allows', () => {
    expect(
      eachImport(({ isLocal }) => isLocal)
        .filter(([module, used]) => !mayImport(module, used))
        .map(shown),
    ).toEqual([]);
  });

  it('use a library only where src/README.md says', () => {
    const uses = eachImport(({ isLocal, target }) => !isLocal && !target.startsWith('node:'));
    expect(uses.filter(([module, used]) => !mayUse(module, used)).map(shown)).toEqual([]);
  });

  it('import each other in no circle', () => {
    expect(cycles()).toEqual([]);
  });

  it('have names for all that they export', () => {
    expect(
      modules.filter(({ text }) => /^export default\b|\bas default\b/m.test(text)).map(({ name }) => name),
    ).toEqual([]);
  });

  it('touch the machine in src/cli and src/main.ts alone', () => {
    const machine =
      /\b(?:process|console|performance)\.|= (?:process|console)\b|\b(?:fetch|setTimeout|setInterval)\(|\bDate\(\)|\bDate\.now\b|\bglobalThis\b|Math\.random|import\.meta|'node:/;
    const pure = modules.filter(({ name }) => !['cli', 'main'].includes(areaOf(name)));
    const lines = pure.flatMap(({ name, text }) =>
      stripComments(text)
        .split('\n')
        .map((line) => `${name}: ${line.trim()}`),
    );
    expect(lines.filter((line) => machine.test(line.slice(line.indexOf(': ') + 2)))).toEqual([]);
  });
});

/** The folder of a module, or its own name where it lies in none. */
function areaOf(name: string): string {
  return name.split('/')[0] ?? name;
}

function eachImport(wanted: (used: ModuleImport) => boolean): Array<readonly [Module, ModuleImport]> {
  return modules.flatMap((module) => module.imports.filter(wanted).map((used) => [module, used] as const));
}

function mayImport({ name }: Module, { target, isType }: ModuleImport): boolean {
  const [from, to] = [areaOf(name), areaOf(target)];
  const common = openToAll[from] ?? Object.keys(openToAll);
  const { values, types } = rights.get(from) ?? { values: [], types: [] };
  const allowed = [...common, ...values, ...(isType ? types : [])];
  return from === to || allowed.includes(to) || allowed.includes(target) || target.startsWith('../schemas/');
}

function mayUse({ name }: Module, { target, isType }: ModuleImport): boolean {
  const users = libraries.get(target) ?? [];
  return users.includes(name) || (isType && users.some((user) => areaOf(user) === areaOf(name)));
}

function shown([{ name }, { target }]: readonly [Module, ModuleImport]): string {
  return `${name} imports ${target}`;
}

/** One path for each module that leads back to itself. */
function cycles(): string[] {
  const targets = new Map(
    modules.map(({ name, imports }) => [name, imports.filter(({ isLocal }) => isLocal).map(({ target }) => target)]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) found.push([...path.slice(path.indexOf(name)), name].join(' → '));
    if (path.includes(name) || done.has(name)) return;
    for (const target of targets.get(name) ?? []) visit(target, [...path, name]);
    done.add(name);
  };
  for (const { name } of modules) visit(name, []);
  return found;
}
