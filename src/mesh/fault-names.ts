/** What may be broken while a request is on its way. */
export const faultNames = [
  'waypoint-missing',
  'waypoint-not-ready',
  'waypoint-down',
  'ext-authz-down',
  'jwks-unavailable',
  'mtls-permissive',
] as const;
export type Fault = (typeof faultNames)[number];
