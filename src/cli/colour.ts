import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Host, OutputStream } from './files/host.js';

/** Where colour may be shown, and whether it was asked not to be. */
interface Painted {
  readonly host: Host;
  /** `false` after `--no-color`. */
  readonly color: boolean;
}

/** What paints an answer on stdout. */
export function pen(session: Painted): ChalkInstance {
  return new Chalk({ level: colourLevel(session, session.host.output) });
}

/**
 * How much colour a stream gets. `--no-color` and a non-empty NO_COLOR say none, FORCE_COLOR says some even without a
 * terminal, and otherwise a terminal that is not dumb gets the sixteen colours that every theme knows.
 */
export function colourLevel({ host, color }: Painted, stream: OutputStream = host.messages): ColorSupportLevel {
  const { NO_COLOR, FORCE_COLOR, TERM } = host.environment;
  if (!color || isSet(NO_COLOR) || FORCE_COLOR === '0') return 0;
  if (isSet(FORCE_COLOR)) return 1;
  return stream.isTerminal && TERM !== 'dumb' ? 1 : 0;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
