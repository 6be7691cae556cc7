import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { statesIn } from './diff-cases.js';

/** One folder of golden/gate: two states, and what a gate must say of them. */
export interface GateCase {
  readonly name: string;
  readonly directory: string;
  readonly exit: number;
  /** What becomes of each check. */
  readonly statuses: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  /** The texts of both sides, by absolute path below /work. */
  readonly files: Readonly<Record<string, string>>;
}

const root = new URL('../../golden/gate/', import.meta.url).pathname;

export function gateCases(): readonly GateCase[] {
  return readdirSync(root)
    .sort()
    .filter((name) => existsSync(join(root, name, 'case.yaml')))
    .map(readCase);
}

/** `of`: a case of golden/diff whose states are those of this one, but for what lies here. */
function readCase(name: string): GateCase {
  const directory = join(root, name);
  const settings = parse(readFileSync(join(directory, 'case.yaml'), 'utf8')) as Partial<GateCase> & {
    readonly of?: string;
  };
  const inherited = settings.of === undefined ? {} : statesIn(join(root, '..', 'diff', settings.of));
  return {
    name,
    directory,
    exit: settings.exit ?? 0,
    statuses: settings.statuses ?? {},
    arguments: ['before', 'after', ...(settings.arguments ?? [])],
    files: { ...inherited, ...statesIn(directory) },
  };
}
