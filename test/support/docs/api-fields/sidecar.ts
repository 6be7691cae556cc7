import { type ApiFields, notSaid, written } from './fate.js';

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
  outboundTrafficPolicy: notSaid('whether hosts that nobody names can be asked is for the mesh to say'),
};
