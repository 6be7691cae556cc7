import type { NamedMatch, PathMatch, RouteMatch, TextMatch } from '../route.js';

/** What two matches of one rank have in common; `undefined` where that is nothing. */
export function bothMatch(left: RouteMatch, right: RouteMatch): RouteMatch | undefined {
  const path = commonPath(left.path, right.path);
  const headers = commonNamed(left.headers, right.headers);
  const query = commonNamed(left.query, right.query);
  if (path === 'none' || headers === undefined || query === undefined) return undefined;
  if (excludesText(left.method, right.method)) return undefined;
  const doubt = path === 'unknown' ? 'two expressions, of which it is not known what they have in common' : undefined;
  return { ...left, headers, query, doubt: left.doubt ?? right.doubt ?? doubt };
}

/** Of one rank they are of one kind, and as long as each other. */
function commonPath(left: PathMatch | undefined, right: PathMatch | undefined): 'same' | 'none' | 'unknown' {
  if (left?.value === right?.value) return 'same';
  return left?.kind === 'regex' ? 'unknown' : 'none';
}

function excludesText(left: TextMatch | undefined, right: TextMatch | undefined): boolean {
  return left?.kind === 'exact' && right?.kind === 'exact' && left.value !== right.value;
}

function commonNamed(left: readonly NamedMatch[], right: readonly NamedMatch[]): readonly NamedMatch[] | undefined {
  const excluded = left.some((one) =>
    right.some((other) => one.name === other.name && excludesText(one.match, other.match)),
  );
  if (excluded) return undefined;
  const known = new Set(left.map(textOf));
  return [...left, ...right.filter((each) => !known.has(textOf(each)))];
}

function textOf(match: NamedMatch): string {
  return JSON.stringify(match);
}
