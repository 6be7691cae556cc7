import type { AccessLogs, LoggedRequests } from '../parse/traffic/telemetry.js';

/**
 * Expressions of CEL. Details tell a refusal of the proxy from an answer of the application with the same status. Those of
 * a connection that a policy closes stand elsewhere than those of a request; what is absent makes its term an error, and
 * the others still count.
 */
const requestsInCel: Readonly<Record<LoggedRequests, string>> = {
  Denied: [
    'response.code_details.startsWith("rbac_access_denied")',
    'connection.termination_details.startsWith("rbac_access_denied")',
    'response.code_details.startsWith("ext_authz_")',
    'response.code_details.startsWith("jwt_authn_access_denied")',
    'response.code_details == "filter_chain_not_found"',
  ].join(' || '),
  Audited: 'metadata.filter_metadata["envoy.common"]["access_log_hint"] == true',
};

/** What is logged; `undefined`: everything. */
export function logFilter({ requests, filter }: Extract<AccessLogs, { kind: 'enabled' }>): string | undefined {
  if (requests === undefined) return filter?.value;
  const own = requestsInCel[requests];
  return filter === undefined ? own : `(${own}) && (${filter.value})`;
}
