import type { ConnectionMatch, NamedMatch, PathMatch, RouteMatch, TextMatch } from '../../mesh/routes/route.js';
import { isEveryPath } from './covering.js';

/**
 * Under what the matches that may cover another are found: among ten thousand rules few are to be compared. What covers
 * a match is kept under a key that this one asks for.
 */
export interface MatchIndex<M> {
  /** Under what a match is kept. */
  readonly keysOf: (match: M | undefined) => readonly string[];
  /** Under what all is kept that may cover it. */
  readonly keysCovering: (match: M | undefined) => readonly string[];
}

const anything = 'anything';

export const requestIndex: MatchIndex<RouteMatch> = {
  keysOf: (match) => [`${keyOfPath(match?.path)} ${demandsOf(match)[0] ?? anything}`],
  keysCovering: (match) => {
    const demands = [anything, ...demandsOf(match)];
    return pathsCovering(match?.path).flatMap((path) => demands.map((demand) => `${path} ${demand}`));
  },
};

function keyOfPath(path: PathMatch | undefined): string {
  if (path === undefined || path.ignoreCase || isEveryPath(path)) return anything;
  return `${path.kind === 'exact' || path.kind === 'regex' ? path.kind : 'prefix'} ${path.value}`;
}

function pathsCovering(path: PathMatch | undefined): readonly string[] {
  if (path === undefined) return [anything];
  const { kind, value } = path;
  if (kind === 'regex') return [anything, `regex ${value}`];
  const prefixes = Array.from({ length: value.length + 1 }, (_, length) => `prefix ${value.slice(0, length)}`);
  return [anything, `exact ${value}`, ...prefixes];
}

/** What a match demands that only a match with the very same demand can be covered by. */
function demandsOf(match: RouteMatch | undefined): readonly string[] {
  if (match === undefined) return [];
  const { method, authority, headers, query } = match;
  return [
    ...headers.flatMap((each) => demandOfNamed('header', each)),
    ...query.flatMap((each) => demandOfNamed('query', each)),
    ...demandOfText('authority', authority),
    ...demandOfText('method', method),
  ];
}

function demandOfNamed(kind: string, { name, negated, match }: NamedMatch): readonly string[] {
  return negated ? [] : demandOfText(`${kind} ${name}`, match);
}

function demandOfText(what: string, match: TextMatch | undefined): readonly string[] {
  return match === undefined || match.kind === 'prefix' || match.kind === 'present'
    ? []
    : [`${what} ${match.kind} ${match.value}`];
}

export const connectionIndex: MatchIndex<ConnectionMatch> = {
  keysOf: (match) => {
    const port = match?.proxy.port ?? anything;
    const names = match?.serverNames ?? [];
    return names.length === 0 ? [`${port}`] : names.map((name) => `${port} ${name}`);
  },
  keysCovering: (match) => {
    const [name] = match?.serverNames ?? [];
    const ports = new Set([anything, `${match?.proxy.port ?? anything}`]);
    return [...ports].flatMap((port) => [port, ...namesCovering(name).map((each) => `${port} ${each}`)]);
  },
};

/** A name, and the wildcards it is one of. */
function namesCovering(name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  const bare = name.startsWith('*') ? name.slice(1) : name;
  return [name, ...Array.from({ length: bare.length + 1 }, (_, start) => `*${bare.slice(start)}`)];
}
