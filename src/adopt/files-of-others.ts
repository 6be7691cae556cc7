import type { Source } from '../parse/parse-sources.js';
import { keysIn } from './arrange/draft.js';
import type { Fates } from './fates.js';
import type { PrintedIntents } from './print.js';
import type { Ground, Round } from './prove/round.js';

interface Done {
  readonly round: Round;
  readonly ground: Ground;
  readonly fates: Fates;
}

/**
 * The paths of files that were taken for those of an earlier import, and are somebody's intents: this one writes nothing there,
 * or writes nothing else than what NetworkPolicies say, which are there after a hand-over as well.
 */
export function filesOfOthers(sources: readonly Source[], { round, ground, fates }: Done): readonly string[] {
  const read = new Set(ground.sources.map(({ path }) => path));
  const beside = new Set(fates.filter(({ staysBeside }) => staysBeside).map(({ key }) => key));
  const written = new Map(round.files.map((file) => [`${ground.directory}/${file.path}`, file]));
  const taken = sources.filter(({ path }) => !read.has(path));
  const others = taken.filter(({ path, text }) => {
    const file = written.get(path);
    return file === undefined || (file.text !== text && saysOnly(file, beside));
  });
  return others.map(({ path }) => path);
}

function saysOnly({ documents }: PrintedIntents, keys: ReadonlySet<string>): boolean {
  return documents.every(({ draft, traffic }) => {
    if (draft === undefined) return traffic === undefined;
    return draft.mode === undefined && [...keysIn(draft)].every((key) => keys.has(key));
  });
}
