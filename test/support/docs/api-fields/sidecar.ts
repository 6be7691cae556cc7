import { type ApiFields, notSaid, otherwise, written } from './fate.js';

const forAllPorts = notSaid('a list of hosts is for all ports');

/** The fields of a Sidecar. */
export const sidecarFields: ApiFields = {
  'egress.hosts': written('`reachability`, `reaches`'),
  'egress.port': forAllPorts,
  'egress.bind': forAllPorts,
  'egress.captureMode': forAllPorts,
  workloadSelector: written('`scope: { workload }`'),
  ingress: notSaid('a sidecar listens for what the Services of its pod say'),
  inboundConnectionPool: notSaid('limits are kept by callers, as `connections` says'),
  outboundTrafficPolicy: otherwise('nothing: what the Sidecar of the root namespace says, in whose place one stands'),
};
