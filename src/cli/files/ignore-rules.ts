import { escapeRegExp } from '../../util/escape-reg-exp.js';

/** One line of an ignore file, or one glob of the project: what it leaves out, or takes in again. */
export interface IgnoreRule {
  /** Absolute: what the pattern is relative to. */
  readonly directory: string;
  readonly pattern: RegExp;
  readonly onlyDirectories: boolean;
  /** Written with `!`: it takes in again what an earlier rule leaves out. */
  readonly takesIn: boolean;
}

/** The lines of a `.ambitignore`, which mean what they mean in a `.gitignore`. */
export function parseIgnoreFile(text: string, directory: string): readonly IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ignoreRule(line, directory));
}

/** One pattern in the language of `.gitignore`. */
export function ignoreRule(written: string, directory: string): IgnoreRule {
  const takesIn = written.startsWith('!');
  const line = (takesIn ? written.slice(1) : written).replace(/(?<!\\)\s+$/, '');
  const glob = line.replace(/\/$/, '');
  // A pattern with a slash before its end is relative to its directory, any other one holds at every depth.
  const anchored = glob.includes('/') ? glob.replace(/^\//, '') : `**/${glob}`;
  return { directory, pattern: regExpOf(anchored), onlyDirectories: line.endsWith('/'), takesIn };
}

/** Whether a path is left out: the last rule that fits decides. What lies in a directory that is left out is never asked about. */
export function isLeftOut(rules: readonly IgnoreRule[], path: string, isDirectory: boolean): boolean {
  const last = rules.findLast((rule) => (isDirectory || !rule.onlyDirectories) && fits(rule, path));
  return last !== undefined && !last.takesIn;
}

function fits({ directory, pattern }: IgnoreRule, path: string): boolean {
  const below = directory === '/' ? directory : `${directory}/`;
  return path.startsWith(below) && pattern.test(path.slice(below.length));
}

const tokens = /\\(.)|\*\*\/|\/\*\*$|\*+|\?|\[(!?)((?:\\.|[^\]])+)\]|./gsu;

/** A range that ends before it begins fits nothing, as in Git. */
function regExpOf(glob: string): RegExp {
  const source = glob.replace(tokens, (token, escaped?: string, negation?: string, members?: string) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (token === '**/') return '(?:.*/)?';
    if (token === '/**') return '/.+';
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    return members === undefined ? escapeRegExp(token) : classOf(negation === '!', members);
  });
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return /(?!)/;
  }
}

function classOf(isNegated: boolean, members: string): string {
  const safe = members.replace(/\\(.)|[\\^[\]]/g, (found, escaped?: string) => `\\${escaped ?? found}`);
  return `(?!/)[${isNegated ? '^' : ''}${safe}]`;
}
