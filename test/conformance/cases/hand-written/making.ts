import type { Dice } from '../dice.js';
import type { Theme } from './theme.js';

/** What all parts of a mesh are made with. */
export interface Making {
  readonly theme: Theme;
  readonly dice: Dice;
  /** Virtual IPs, each once. */
  readonly addresses: () => string;
}
