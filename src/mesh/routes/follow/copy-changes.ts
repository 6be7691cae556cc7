import { noChanges, type RequestChanges } from '../route.js';

/** What Envoy makes of a copy: it adds the address of its own pod, and a mark to the name that the request asks for unless it is told not to. */
export function copyChanges(keepsHost: boolean): RequestChanges {
  const ownAddress = { remove: [], set: {}, add: { 'x-forwarded-for': '%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%' } };
  return { ...noChanges, headers: [ownAddress], ...(!keepsHost && { hostSuffix: '-shadow' }) };
}
