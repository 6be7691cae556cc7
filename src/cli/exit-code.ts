import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** What every command answers with, whatever its output format. */
export const exitCodes = {
  /** Yes. */
  success: 0,
  /** The answer is no: stale output, findings, warnings that were denied. */
  no: 1,
  /** Bad usage, or input that is not valid. */
  invalid: 2,
  /** This topology cannot enforce this intent, or the model does not cover what was asked. */
  refused: 3,
  /** A bug in Ambit. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * No where what must hold does not. Refused only when nothing but placement or a missing fact objects: a script may then
 * fall back on another topology, never on a typing error.
 */
export function exitCodeOf(diagnostics: readonly Diagnostic[], denyWarnings = false): ExitCode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some((error) => !isRefusal(error) && !isNo(error))) return exitCodes.invalid;
  if (errors.some(isNo)) return exitCodes.no;
  if (errors.length > 0) return exitCodes.refused;
  const denied = denyWarnings && diagnostics.some(({ severity }) => severity === 'warning');
  return denied ? exitCodes.no : exitCodes.success;
}

/** Placement objects, a guardrail cannot be proved, or the model lacks a fact. */
function isRefusal({ code, name }: Diagnostic): boolean {
  return code.startsWith('AMB3') || name === 'guardrail-not-proved' || name === 'not-modelled';
}

/** The input is valid, and what it asks has the answer no. */
function isNo({ name }: Diagnostic): boolean {
  return noes.has(name);
}

const noes: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'guardrail-broken',
  'policy-not-accepted',
  'lets-through-too-much',
  'lets-through-too-little',
  'asked-otherwise',
  'mandate-denied',
  'decided-elsewhere',
  'decided-nowhere',
  'companion-lets-in',
  'companion-missing',
  'egress-otherwise',
  'through-led-elsewhere',
  'through-left-out',
  'through-refused-behind',
  'routed-otherwise',
  'endpoints-otherwise',
  'host-made-known-otherwise',
  'limits-otherwise',
  'gateway-limits-otherwise',
  'rate-limit-service-unasked',
  'telemetry-otherwise',
  'call-hidden',
  'provider-hidden',
  'changes-unmentioned-workload',
]);
