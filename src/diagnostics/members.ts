import { reworded } from './create.js';
import type { Diagnostic, Member } from './diagnostic.js';

/** Some things in a message: the first of them, and how many more there are. */
function firstOf([first, ...others]: readonly Member[]): string {
  return `${first?.name ?? ''}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/** A diagnostic that is told of several things, of which a parameter of its message names the first. */
export function ofMembers(item: Diagnostic, parameter: string, members: readonly Member[]): Diagnostic {
  const [first] = members;
  const span = first?.span ?? item.span;
  return { ...reworded(item, { [parameter]: firstOf(members) }), span, together: { parameter, members } };
}

/** What a diagnostic says of one of its members, whichever others there are. */
export function saidOfEach({ code, parameters, message, together }: Diagnostic): string {
  if (together === undefined) return `${code} ${message}`;
  const { [together.parameter]: _, ...others } = parameters;
  return `${code} ${JSON.stringify(others)}`;
}
