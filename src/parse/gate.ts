import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { GuardrailCheck } from './ast.js';
import type { Cursor } from './cursor.js';
import { readCheck } from './parse-tests.js';

/** What an approval can let through the gate. */
export type Approvable = 'NewAccess' | 'Weakening' | 'Doubt';

/** What somebody takes responsibility for of a change: requests of some callers, until a day. */
export interface Approval {
  /** The requests that are meant, as a check that forbids them would name them. */
  readonly requests: GuardrailCheck;
  readonly approves: readonly Approvable[];
  /** The last day, as YYYY-MM-DD. */
  readonly until: Located<string>;
  readonly reason: string;
  readonly owner: string | undefined;
  readonly span: Span;
}

/** What the project file asks of a change. */
export interface WrittenGate {
  readonly noNewAccess: boolean;
  readonly noWeaker: boolean;
  readonly noUnacceptedDoubt: boolean;
  readonly mustNotReach: readonly GuardrailCheck[];
  /** A directory, or a revision of Git. */
  readonly base: string | undefined;
}

export function readApprovals(spec: Cursor): readonly Approval[] {
  return spec
    .field('approvals')
    .items()
    .map((item) => ({
      requests: readCheck('never', item),
      approves: item.optional('approves', (list) => list.value as Approval['approves']) ?? ['NewAccess'],
      until: item.field('until').text(),
      reason: item.field('reason').text().value,
      owner: item.optional('owner', (node) => node.text().value),
      span: item.field('name').span,
    }));
}

export function readGate(gate: Cursor): WrittenGate {
  const isAsked = (field: string) => gate.optional(field, ({ value }) => value === true) ?? false;
  return {
    noNewAccess: isAsked('noNewAccess'),
    noWeaker: isAsked('noWeaker'),
    noUnacceptedDoubt: isAsked('noUnacceptedDoubt'),
    mustNotReach:
      gate.optional('mustNotReach', (checks) => checks.items().map((check) => readCheck('never', check))) ?? [],
    base: gate.optional('base', (node) => node.text().value),
  };
}
