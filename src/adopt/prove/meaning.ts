import { type Change, type ChangeKind, type Changes, type Place, requestChangeKinds } from '../../changes/change.js';

/** What says that a request is treated otherwise; where policies stand, and what is told apart as text, says no such thing. */
const aboutRequests: ReadonlySet<ChangeKind> = new Set(requestChangeKinds);

/** The changes after which some request is treated otherwise than before. */
export function changesOfMeaning({ changes }: Changes): readonly Change[] {
  return changes.filter(({ kind }) => aboutRequests.has(kind));
}

/** Where something is treated otherwise, or is not known to be treated alike, with why. */
export function differingPlaces(changes: Changes): ReadonlyMap<string, string> {
  const differing = changesOfMeaning(changes).flatMap((change) =>
    [change.place, ...change.others].map((place) => [subjectAt(place), inWords(change)] as const),
  );
  const undecided = changes.undecided
    .filter(({ isCrossing }) => !isCrossing)
    .flatMap(({ fact, places }) => places.map((place) => [subjectAt(place), `it hangs on ${fact}`] as const));
  return new Map([...undecided, ...differing]);
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
