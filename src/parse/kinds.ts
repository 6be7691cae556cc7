/** The documents that people write for Ambit. */
export const apiVersion = 'ambit.dev/v1alpha1';
export const kinds = [
  'Project',
  'Mesh',
  'SecuritySettings',
  'TrafficSettings',
  'CallerGroup',
  'AccessTest',
  'Guardrail',
  'Baseline',
  'Approvals',
  'Framework',
] as const;
export type Kind = (typeof kinds)[number];
