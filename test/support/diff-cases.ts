import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { filesBelow } from './cases.js';

/** One folder of golden/diff: two states, and what must be said of them. */
export interface DiffCase {
  readonly name: string;
  readonly directory: string;
  readonly exit: number;
  /** The kinds of change that are told, each once. */
  readonly kinds: readonly string[];
  readonly arguments: readonly string[];
  /** The texts of both sides, by absolute path below /work. */
  readonly files: Readonly<Record<string, string>>;
}

const root = new URL('../../golden/diff/', import.meta.url).pathname;

export function diffCases(): readonly DiffCase[] {
  return readdirSync(root)
    .sort()
    .filter((name) => existsSync(join(root, name, 'case.yaml')))
    .map(readCase);
}

function readCase(name: string): DiffCase {
  const directory = join(root, name);
  const settings = parse(readFileSync(join(directory, 'case.yaml'), 'utf8')) as Partial<DiffCase>;
  return {
    name,
    directory,
    exit: settings.exit ?? 0,
    kinds: settings.kinds ?? [],
    arguments: settings.arguments ?? ['before', 'after'],
    files: statesIn(directory),
  };
}

/** The texts of both states of a folder, by absolute path below /work. */
export function statesIn(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['before', 'after'].flatMap((side) => [...filesOf(directory, 'both', side), ...filesOf(directory, side, side)]),
  );
}

/** What both sides have in common lies in `both/` once. */
function filesOf(directory: string, from: string, side: string): ReadonlyArray<readonly [string, string]> {
  return filesBelow(join(directory, from)).map((path) => {
    const name = relative(join(directory, from), path).split(sep).join('/');
    return [`/work/${side}/${name}`, readFileSync(path, 'utf8')];
  });
}
