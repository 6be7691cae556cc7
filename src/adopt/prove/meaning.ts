import { type Change, type ChangeKind, type Changes, type Place, requestChangeKinds } from '../../changes/change.js';
import { keyOfObject } from '../policies.js';

/** What says that a request is treated otherwise; where policies stand, and what is told apart as text, says no such thing. */
const aboutRequests: ReadonlySet<ChangeKind> = new Set(requestChangeKinds);

/** The changes after which some request is treated otherwise than before. */
export function changesOfMeaning({ changes }: Changes): readonly Change[] {
  return changes.filter(({ kind }) => aboutRequests.has(kind));
}

/** Whether every request is known to be treated as before. */
export function isAlike(changes: Changes): boolean {
  return changesOfMeaning(changes).length === 0 && changes.undecided.every(({ isCrossing }) => isCrossing);
}

/** Where something is treated otherwise, or is not known to be treated alike. */
export interface Difference {
  readonly place: string;
  readonly because: string;
  /** The keys of the objects by which the mesh as it was decided it. */
  readonly decidedBy: readonly string[];
}

/** One for each place: what is known to be otherwise goes before what is not known. */
export function differencesIn(changes: Changes): readonly Difference[] {
  const differing = changesOfMeaning(changes).flatMap((change) => {
    const decidedBy = (change.witness?.before.trace.responsible ?? []).map(keyOfObject);
    return [change.place, ...change.others].map((place): Difference => {
      return { place: subjectAt(place), because: inWords(change), decidedBy };
    });
  });
  const undecided = changes.undecided
    .filter(({ isCrossing }) => !isCrossing)
    .flatMap(({ fact, places }) =>
      places.map((place): Difference => ({ place: subjectAt(place), because: `it hangs on ${fact}`, decidedBy: [] })),
    );
  return [...new Map([...undecided, ...differing].map((each) => [each.place, each])).values()];
}

function subjectAt({ kind, name }: Place): string {
  return `${kind} ${name}`;
}

/** One change in few words: who would be let in, or kept out, and with what. */
function inWords({ kind, callers, requests }: Change): string {
  const who = callers === undefined || callers.isEveryone ? 'anyone' : callers.names.slice(0, 2).join(' and ');
  const verb = kind === 'access-revoked' || kind === 'plaintext-refused' ? 'keep out' : 'let in';
  const known = kind === 'access-in-doubt' || kind === 'doubt-settled' || kind === 'routed-anew';
  const what = known ? `would treat ${who} otherwise` : `would ${verb} ${who}`;
  const [example] = requests?.split(', or ') ?? [];
  return `as intents it ${what}${example === undefined ? '' : `: ${example}`}`;
}
