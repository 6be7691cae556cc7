import type { Diagnostic } from './diagnostic.js';

/** Warnings that say of a part of a proof that it is undecided. */
const doubts: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'not-proved',
  'too-large-to-decide',
  'network-policy-not-known',
  'routing-not-proved',
  'endpoints-not-proved',
  'reachability-not-proved',
  'telemetry-not-proved',
  'gateway-limits-not-proved',
  'egress-not-proved',
]);

/** Whether it says that something of a proof is undecided. */
export function isDoubt({ name }: Diagnostic): boolean {
  return doubts.has(name);
}
