/** What a generated mesh is mostly about. */
export type Theme =
  | 'policies'
  | 'waypoints'
  | 'tokens'
  | 'trust domains'
  | 'addresses'
  | 'paths'
  | 'mutual TLS'
  | 'enrolment'
  | 'clients'
  | 'headless'
  | 'gateways'
  | 'mesh config';

export const themes: readonly Theme[] = [
  'policies',
  'waypoints',
  'tokens',
  'trust domains',
  'addresses',
  'paths',
  'mutual TLS',
  'enrolment',
  'clients',
  'headless',
  'gateways',
  'mesh config',
];
