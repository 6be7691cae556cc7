import type { Located } from '../../diagnostics/diagnostic.js';
import { coversName } from '../../topology/listeners/admitted.js';

interface Match {
  readonly hosts: ReadonlyArray<Located<string>>;
}

/** Whether a match is for requests to a host of its gateway; a match of a Service names none. */
export function isForHost({ hosts }: Match, host: string | undefined): boolean {
  return hosts.length === 0 || (host !== undefined && hosts.some(({ value }) => coversName(value, host)));
}

/** Whether a match asks for nothing of a request but its host. */
export function asksForHostAlone({
  hosts: _,
  span: __,
  ignoreCase: ___,
  ...fields
}: Match & { readonly span: unknown; readonly ignoreCase: boolean }): boolean {
  return Object.values(fields).every((field) => field === undefined || (Array.isArray(field) && field.length === 0));
}
