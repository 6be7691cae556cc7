import { posix } from 'node:path';

/** A file of src/, named by its path without extension: `parse/document`. */
export interface Module {
  readonly name: string;
  readonly text: string;
  readonly imports: readonly ModuleImport[];
}

export interface ModuleImport {
  /** A module's name, or that of a library. */
  readonly target: string;
  readonly isLocal: boolean;
  /** Whether nothing but types is taken. */
  readonly isType: boolean;
}

export function moduleName(path: string): string {
  return path.replace(/\.(ts|js)$/, '');
}

/** Every `import`, `export … from` and `import(…)` of a module's text. */
export function importsOf(name: string, text: string): ModuleImport[] {
  const code = stripComments(text);
  const declared = [...code.matchAll(/^(?:import|export)\b([^;'"]*?)\bfrom\s+'([^']+)'/gm)];
  const bare = [...code.matchAll(/^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)];
  return [
    ...declared.map(([, clause = '', target = '']) => toImport(name, target, takesTypesOnly(clause))),
    ...bare.map(([, bareTarget, lazy]) => toImport(name, bareTarget ?? lazy ?? '', false)),
  ];
}

function toImport(name: string, target: string, isType: boolean): ModuleImport {
  const isLocal = target.startsWith('.');
  return { target: isLocal ? moduleName(posix.join(posix.dirname(name), target)) : target, isLocal, isType };
}

function takesTypesOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const taken =
    /\{([^}]*)\}/
      .exec(clause)?.[1]
      ?.split(',')
      .filter((item) => item.trim() !== '') ?? [];
  return taken.length > 0 && taken.every((item) => /^\s*type\s/.test(item));
}

/** Code without its comments; texts stay, for they may name a module. */
export function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^(\s*)\/\/.*$|(\s)\/\/ .*$/gm, '$1$2');
}

/** The tables of a Markdown text: rows of cells, each cell the names in its backticks. */
export function tablesOf(markdown: string): string[][][][] {
  const blocks = markdown.split(/\n(?!\|)/).map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  return blocks.filter((lines) => lines.length > 2).map((lines) => lines.slice(2).map(cellsOf));
}

function cellsOf(row: string): string[][] {
  const cells = row.split('|').slice(1, -1);
  return cells.map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}
