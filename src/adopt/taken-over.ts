import type { Reshape, Source } from '../pipeline.js';
import type { Imported } from './import-objects.js';
import { withoutReplaced } from './prove/round.js';

/** A mesh whose intents have taken over from its policies. */
export interface TakenOver {
  /** The texts, with the intents. */
  readonly sources: readonly Source[];
  /** Takes away what the intents stand for: it is deleted by then, whatever the texts say. */
  readonly reshape: Reshape;
}

/** The mesh after the hand-over: what is compiled from the intents, and what stays beside them. */
export function takenOver({ round, ground: { sources, directory } }: Imported): TakenOver {
  const intents = round.files.map(({ path, text }) => ({
    path: directory === '' ? path : `${directory}/${path}`,
    text,
  }));
  return { sources: [...sources, ...intents], reshape: withoutReplaced(round.replaced) };
}
