import type { AccessLogs, LoggedRequests } from '../../parse/traffic/telemetry.js';

/** By what Envoy tells them in an access log: those that it refused itself, and those that an AUDIT policy has marked. */
const marks: Readonly<Record<LoggedRequests, ReadonlySet<string>>> = {
  Denied: new Set([
    'response.code_details begins with rbac_access_denied',
    'connection.termination_details begins with rbac_access_denied',
    'response.code_details begins with ext_authz_',
    'response.code_details begins with jwt_authn_access_denied',
    'response.code_details is filter_chain_not_found',
  ]),
  Audited: new Set(['metadata.filter_metadata envoy.common access_log_hint is true']),
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
  return (['Denied', 'Audited'] as const).find((requests) => isSame(marks[requests]));
}

function termInWords(term: string): string {
  const [, begun, beginning] = /^([a-z_.]+)\.startsWith\("(\w+)"\)$/.exec(term) ?? [];
  if (begun !== undefined) return `${begun} begins with ${beginning}`;
  const [, map, key, field] = /^([a-z_.]+)\["([a-z.]+)"\]\["(\w+)"\] == true$/.exec(term) ?? [];
  if (map !== undefined) return `${map} ${key} ${field} is true`;
  const [, compared, value] = /^([a-z_.]+) == "(\w+)"$/.exec(term) ?? [];
  return compared === undefined ? term : `${compared} is ${value}`;
}
