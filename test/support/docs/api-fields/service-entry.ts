import { type ApiFields, notSaid, otherwise, written } from './fate.js';

/** The fields of a ServiceEntry. */
export const serviceEntryFields: ApiFields = {
  hosts: written('`scope: { host }`'),
  addresses: written('`addresses`'),
  'ports.number': written('`ports`'),
  'ports.name': otherwise('the protocol and the number'),
  'ports.protocol': written('`ports: { …: { protocol } }`'),
  'ports.targetPort': written('`ports: { …: { targetPort } }`'),
  location: written('`scope: { host }`'),
  resolution: written('`addresses`, or DNS'),
  exportTo: written('`exportTo`'),
  endpoints: notSaid('addresses outside the mesh have no labels, weights or localities'),
  'endpoints.address': written('`addresses`'),
  workloadSelector: notSaid('pods stand behind a Service'),
  subjectAltNames: notSaid('`tls: { subjectAltNames }` says what callers take'),
};
