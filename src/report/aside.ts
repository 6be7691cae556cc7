import type { Accepted } from '../acceptances/settle.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { ambitCommand } from '../util/ambit-command.js';

/** What a report counts and does not print one by one. */
export interface Aside {
  readonly accepted: readonly Accepted[];
  /** What is less severe than was asked for. */
  readonly below: readonly Diagnostic[];
  /** What is about something else than what was asked for. */
  readonly elsewhere?: readonly Diagnostic[];
  /** What the answer on stdout tells itself; a report in a file tells it too. */
  readonly answered?: readonly Diagnostic[];
  /** What a command is told to read the same. */
  readonly inputs?: readonly string[];
}

export const nothingAside: Aside = { accepted: [], below: [] };

/** In words, for the end of a summary; nobody is to take what is set aside for what is not there. */
export function asideInWords({ accepted, below, elsewhere = [], inputs = [] }: Aside): readonly string[] {
  return [
    ...(accepted.length === 0
      ? []
      : [`${accepted.length} accepted (\`${ambitCommand('explain', 'accepted', ...inputs)}\`)`]),
    ...(elsewhere.length === 0 ? [] : [`${elsewhere.length} elsewhere`]),
    ...(below.length === 0 ? [] : [`${below.length} below \`--min-severity\``]),
  ];
}
