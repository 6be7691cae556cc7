import { normalizePath } from '../../mesh/normalize-path.js';
import { conditionHolds } from '../../mesh/policies/evaluate.js';
import type { Matcher, PrefixRewrite, TextMatcher } from '../../mesh/policies/matcher.js';
import { type AppliedChanges, rewrittenPath, withSuffix } from '../../mesh/routes/follow/changes.js';
import type { HeaderChanges, PathMatch, PathRewrite, RequestChanges } from '../../mesh/routes/route.js';
import { known, unknown } from '../../mesh/truth.js';
import type { Attribute, Seen } from '../../mesh/view.js';
import type { PathNormalization } from '../../parse/mesh.js';
import { oncePerObject } from '../../util/once.js';
import { compareText } from '../../util/order.js';
import { type Bound, satisfying } from '../conditions.js';
import { isText, type Test } from '../dimension.js';
import type { Reading } from '../list-elements.js';
import { emptySet, fullSet, type RequestSet } from '../request-set.js';
import type { Space } from '../space.js';

/** What routes have made of all requests that come one way, at some place on it. */
export interface Rewritten {
  /** One after the other, or what every path has become. */
  readonly path: readonly PrefixRewrite[] | Seen;
  /** `undefined` where it is as it was sent. */
  readonly host: Seen | undefined;
  /** By name: the headers that are no longer as they were sent. */
  readonly headers: ReadonlyMap<string, Seen>;
}

export const asSent: Rewritten = { path: [], host: undefined, headers: new Map() };

export function isAsSent({ path, host, headers }: Rewritten): boolean {
  return 'length' in path && path.length === 0 && host === undefined && headers.size === 0;
}

/** What a rule makes of the requests of one of its matches. */
export function afterChanges(
  before: Rewritten,
  { changes, match }: AppliedChanges,
  normalization: PathNormalization,
): Rewritten {
  const rewrite = changes.path;
  return {
    path: rewrite === undefined ? before.path : normalized(afterPath(before.path, rewrite, match?.path), normalization),
    host: afterHost(before.host, changes),
    headers: changes.headers.reduce(afterHeaders, before.headers),
  };
}

function afterHost(before: Rewritten['host'], { host, hostSuffix }: RequestChanges): Rewritten['host'] {
  const now = host === undefined ? before : known([host]);
  if (hostSuffix === undefined) return now;
  return now?.known === true
    ? known(now.value.map((name) => withSuffix(name, hostSuffix)))
    : unknown('the name of a copy');
}

const everyPath: PathMatch = { kind: 'prefix', value: '/', ignoreCase: false };

function afterPath(before: Rewritten['path'], rewrite: PathRewrite, match = everyPath): Rewritten['path'] {
  if (rewrite.kind === 'not-modelled') return unknown(rewrite.why);
  if ('known' in before) {
    const [path] = before.known ? before.value : [];
    return path === undefined ? before : known([rewrittenPath(path, rewrite, match)]);
  }
  const replaced = replacement(rewrite, match);
  if (replaced === undefined) return before;
  if (typeof replaced === 'string') return known([replaced]);
  return match.ignoreCase ? unknown('a path that is rewritten whatever its case') : [...before, replaced];
}

/** What a route writes is not always what the next proxy compares: where the two may differ it is not known. */
function normalized(path: Rewritten['path'], normalization: PathNormalization): Rewritten['path'] {
  const mergesSlashes = normalization.endsWith('MERGE_SLASHES');
  const isNormal = (text: string) => text === '' || normalizePath(text, normalization) === text;
  const isKept = ({ to, alone }: PrefixRewrite) =>
    isNormal(to) && isNormal(alone) && !(mergesSlashes && to.endsWith('/'));
  const areKept = 'known' in path ? !path.known || path.value.every(isNormal) : path.every(isKept);
  return areKept ? path : unknown('a path that is normalised after it is rewritten');
}

/** `undefined` where nothing is rewritten. */
function replacement(
  rewrite: Exclude<PathRewrite, { kind: 'not-modelled' }>,
  { kind, value: from }: PathMatch,
): PrefixRewrite | string | undefined {
  const isPrefix = kind === 'prefix' || kind === 'elements';
  if (rewrite.kind === 'strip') return kind === 'elements' ? { from, to: '', alone: '/' } : undefined;
  if (rewrite.kind === 'whole' || !isPrefix) return rewrite.value;
  return { from, to: rewrite.value, alone: rewrite.value };
}

/** A value that is added to what may be there is not known; one that Envoy computes never is. */
function afterHeaders(
  before: ReadonlyMap<string, Seen>,
  { remove, set, add }: HeaderChanges,
): ReadonlyMap<string, Seen> {
  const computed = unknown('a header that a route computes');
  const written = (value: string): Seen => (value.includes('%') ? computed : known([value]));
  const gone: ReadonlyMap<string, Seen> = new Map(remove.map((name) => [name, known([])]));
  const put = new Map([
    ...before,
    ...gone,
    ...Object.entries(set).map(([name, value]) => [name, written(value)] as const),
  ]);
  const added = Object.entries(add).map(([name, value]): readonly [string, Seen] => {
    const there = put.get(name);
    return [name, there?.known === true && there.value.length === 0 ? written(value) : computed];
  });
  return new Map([...put, ...added]);
}

/** What an attribute has become for all requests; `undefined` where it still depends on what was sent. */
export function seenAfter({ path, host, headers }: Rewritten, attribute: Attribute): Seen | undefined {
  if (attribute === 'request.host') return host;
  if (attribute === 'request.path') return 'known' in path ? path : undefined;
  const header = /^request\.headers\[(.*)\]$/.exec(attribute)?.[1];
  return header === undefined ? undefined : headers.get(header);
}

/** The requests that satisfy a condition once they have become what they are. */
export function satisfyingAfter(
  rewritten: Rewritten,
  space: Space,
  test: Test,
  bound: Bound,
  reading?: Reading,
): RequestSet {
  const seen = seenAfter(rewritten, test.attribute);
  if (seen === undefined) return satisfying(space, askedOfSent(rewritten)(test), bound, reading);
  const truth = conditionHolds(test, seen);
  return truth === 'yes' || (truth === 'unknown' && bound === 'possibly')
    ? fullSet(space.shape)
    : emptySet(space.shape);
}

/** The condition on what was sent that says the same as one on what it has become. */
export const askedOfSent = oncePerObject(({ path }: Rewritten) =>
  oncePerObject((test: Test): Test => {
    if (test.attribute !== 'request.path' || 'known' in path || path.length === 0) return test;
    const pulled = (matcher: Matcher): Matcher => (isText(matcher) ? rewriteBefore(path, matcher) : matcher);
    return { attribute: test.attribute, anyOf: test.anyOf.map(pulled), noneOf: test.noneOf.map(pulled) };
  }),
);

function rewriteBefore(rewrites: readonly PrefixRewrite[], matcher: TextMatcher): TextMatcher {
  return rewrites.reduceRight<TextMatcher>(
    (inner, rewrite) => ({ kind: 'rewritten', rewrite, matcher: inner }),
    matcher,
  );
}

/** Why it is not known of some attribute that is asked for what it has become, where that is so. */
export function doubtAfter(
  rewritten: Rewritten,
  asked: ReadonlyArray<{ readonly attribute: Attribute }>,
): string | undefined {
  const seen = asked.map(({ attribute }) => seenAfter(rewritten, attribute));
  return seen.flatMap((each) => (each?.known === false ? [each.why] : []))[0];
}

/** The same text for what has become the same. */
export const keyOfRewritten = oncePerObject(({ path, host, headers }: Rewritten) =>
  JSON.stringify([path, host, [...headers].sort(([left], [right]) => compareText(left, right))]),
);
