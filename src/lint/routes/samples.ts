import type { Route, RouteMatch, RouteRule, TextMatch } from '../../mesh/routes/route.js';

/** A request that a rule is for, in words; `undefined` where none can be written down, as for a regular expression. */
export function sampleOf({ hosts }: Pick<Route, 'hosts'>, { matches }: RouteRule): string | undefined {
  const host =
    hosts.find((each) => !each.startsWith('*')) ?? hosts[0]?.replace(/^\*$/, 'any host').replace(/^\*\.?/, 'any.');
  if (host === undefined) return undefined;
  if (matches.length === 0) return inWords(host, undefined);
  return matches.map((match) => inWords(host, match)).find((words) => words !== undefined);
}

function inWords(host: string, match: RouteMatch | undefined): string | undefined {
  const { path, method, authority, headers = [], query = [], doubt } = match ?? {};
  if (doubt !== undefined || path?.kind === 'regex') return undefined;
  const named = [...headers, ...query].filter(({ negated }) => !negated);
  const values = [method, authority, ...named.map((each) => each.match)].map(textThatMatches);
  if (values.some((value) => value === undefined)) return undefined;
  const parameters = query
    .filter(({ negated }) => !negated)
    .map((each) => `${each.name}=${textThatMatches(each.match)}`);
  const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  const sent = headers
    .filter(({ negated, name }) => !negated && !name.startsWith(':'))
    .map((each) => ` with header ${each.name}: ${textThatMatches(each.match)}`);
  const verb = method === undefined ? 'GET' : textThatMatches(method);
  const authorityOf = authority === undefined ? host : textThatMatches(authority);
  return `${verb} ${path?.value || '/'}${search} to ${authorityOf}${sent.join(' and')}`;
}

/** A text that matches: an absent match is met by any. */
function textThatMatches(match: TextMatch | undefined): string | undefined {
  if (match === undefined) return 'x';
  if (match.kind === 'present') return '1';
  return match.kind === 'regex' ? undefined : match.value;
}
