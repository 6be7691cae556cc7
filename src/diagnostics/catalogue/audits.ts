import type { CatalogueEntry } from '../entry.js';

/** Where nothing would mark requests for access logs, or nothing would read the marks. */
export const audits = {
  'audit-unread': {
    code: 'AMB3137',
    severity: 'error',
    message:
      'nothing records what `{rule}` audits at {destination}: no access log there is of requests that are audited',
    help: 'write TrafficSettings of that scope with `telemetry: { accessLogs: { providers: [envoy], requests: Audited } }`',
  },
  'audit-at-ztunnel': {
    code: 'AMB3138',
    severity: 'error',
    message: '`{rule}` would be recorded by nobody at ambient pods of {destination}: ztunnel is sent no AUDIT policy',
    help: 'name a Service with a virtual IP in `to`: its waypoint records what is addressed to it',
  },
  'marked-otherwise': {
    code: 'AMB3139',
    severity: 'error',
    message: 'requests to `{workload}` that the settings {named} are {marked} for access logs: {requests}',
    help: 'lead the callers through the waypoint, say `mtls: { mode: Strict }`, or except them from the rule',
  },
  'audit-of-service-alone': {
    code: 'AMB3140',
    severity: 'info',
    message: '`{rule}` is recorded of what is addressed to {destination}, and not of what is sent to its ambient pods',
    help: 'nothing needs to be done; `default: Deny` with rules about requests lets nobody but the waypoint to the pods',
  },
} as const satisfies Record<string, CatalogueEntry>;
