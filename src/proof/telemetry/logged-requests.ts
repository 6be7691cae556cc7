import type { AccessLogs, LoggedRequests } from '../../parse/traffic/telemetry.js';

/** By what Envoy tells, in an access log, the requests and connections that it refused itself. */
const marks: Readonly<Record<LoggedRequests, ReadonlySet<string>>> = {
  Denied: new Set([
    'response.code_details begins with rbac_access_denied',
    'connection.termination_details begins with rbac_access_denied',
    'response.code_details begins with ext_authz_',
    'response.code_details begins with jwt_authn_access_denied',
    'response.code_details is filter_chain_not_found',
  ]),
};

/** What settings say is logged, in the words of `filterInWords`. */
export function meantFilterInWords({ requests, filter }: Extract<AccessLogs, { kind: 'enabled' }>): string {
  const own = filter && filterInWords(filter.value);
  return [...(requests ? [requests] : []), ...(own ? [own] : [])].join(' and ');
}

/** What a filter logs: the requests that settings can name, whatever the order of its terms, or its text. */
export function filterInWords(expression: string): string {
  const [, requests = expression, rest] = /^\((.*?)\) && \((.*)\)$/s.exec(expression) ?? [];
  const named = requestsOf(requests);
  if (named === undefined) return expression;
  return rest === undefined ? named : `${named} and ${filterInWords(rest)}`;
}

function requestsOf(expression: string): LoggedRequests | undefined {
  const terms = new Set(expression.split(' || ').map(termInWords));
  const isSame = (meant: ReadonlySet<string>) =>
    meant.size === terms.size && [...meant].every((each) => terms.has(each));
  return isSame(marks.Denied) ? 'Denied' : undefined;
}

function termInWords(term: string): string {
  const [, begun, beginning] = /^([a-z_.]+)\.startsWith\("(\w+)"\)$/.exec(term) ?? [];
  if (begun !== undefined) return `${begun} begins with ${beginning}`;
  const [, compared, value] = /^([a-z_.]+) == "(\w+)"$/.exec(term) ?? [];
  return compared === undefined ? term : `${compared} is ${value}`;
}
