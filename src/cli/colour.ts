import { Chalk, type ColorSupportLevel } from 'chalk';
import type { Page } from '../report/layout.js';
import { columnsOf } from './columns.js';
import type { Host, OutputStream } from './files/host.js';

/** Who reads, and whether without colour. */
interface Reader {
  readonly host: Host;
  /** `false` after `--no-color`. */
  readonly color: boolean;
}

/** How an answer on stdout is laid out and painted. */
export function pageOf(session: Reader, stream: OutputStream = session.host.output): Page {
  const pen = new Chalk({ level: colourLevel(session, stream) });
  return { columns: columnsOf(session.host, stream), pen };
}

/**
 * How much colour a stream gets. `--no-color` and a non-empty NO_COLOR say none, FORCE_COLOR says some even without a
 * terminal, and otherwise a terminal that is not dumb gets the sixteen colours that every theme knows.
 */
export function colourLevel({ host, color }: Reader, stream: OutputStream = host.messages): ColorSupportLevel {
  const { NO_COLOR, FORCE_COLOR, TERM } = host.environment;
  if (!color || isSet(NO_COLOR) || FORCE_COLOR === '0') return 0;
  if (isSet(FORCE_COLOR)) return 1;
  return stream.isTerminal && TERM !== 'dumb' ? 1 : 0;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
