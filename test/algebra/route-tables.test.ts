import { expect, it } from 'vitest';
import { callersOf } from '../../src/algebra/callers.js';
import { mergeConstants } from '../../src/algebra/constants.js';
import type { Lane } from '../../src/algebra/lane.js';
import { contains } from '../../src/algebra/request-set.js';
import {
  afterChanges,
  askedOfSent,
  asSent as nothingWritten,
  satisfyingAfter,
  seenAfter,
} from '../../src/algebra/routes/rewritten.js';
import { constantsOfPoint, type RoutingPoint, tableSets } from '../../src/algebra/routes/table-sets.js';
import { type Space, spaces } from '../../src/algebra/space.js';
import { requestAt } from '../../src/algebra/witness.js';
import { conditionHolds } from '../../src/mesh/policies/evaluate.js';
import { textMatcher } from '../../src/mesh/policies/matcher.js';
import type { HttpRequest } from '../../src/mesh/request.js';
import { changed } from '../../src/mesh/routes/follow/changes.js';
import { asSent, entryMatches, pathOf } from '../../src/mesh/routes/follow/matching.js';
import {
  anyProxy,
  noChanges,
  type PathMatch,
  type RequestChanges,
  type RouteMatch,
} from '../../src/mesh/routes/route.js';
import { known } from '../../src/mesh/truth.js';
import { meshOf, threeNamespaces } from '../mesh/support/mesh.js';
import { fc } from '../support/fast-check.js';

const lane: Lane = { destination: { kind: 'gateway', cluster: 'c', gateway: 'g', port: 80 }, payload: 'http' };
const mesh = meshOf(threeNamespaces);
const callers = callersOf(mesh);

/** Every class of requests of a space, one caller of all. */
function requestsOf(
  space: Space,
): ReadonlyArray<{ readonly member: readonly number[]; readonly request: HttpRequest }> {
  const members = space.shape.sizes
    .slice(1)
    .reduce<number[][]>(
      (all, size) => all.flatMap((member) => [...Array(size).keys()].map((index) => [...member, index])),
      [[0]],
    );
  return members.flatMap((member) => {
    const payload = requestAt(space, lane, member)?.payload;
    return payload?.kind === 'http' ? [{ member, request: payload }] : [];
  });
}

const plainPath = fc.record<PathMatch>({
  kind: fc.constantFrom('exact', 'prefix', 'elements'),
  value: fc.constantFrom('/a', '/a/b', '/b', '/ab'),
  ignoreCase: fc.constant(false),
});
const path = fc.oneof(
  { weight: 3, arbitrary: plainPath },
  { weight: 1, arbitrary: plainPath.map((each) => ({ ...each, ignoreCase: true })) },
  {
    weight: 1,
    arbitrary: fc.record<PathMatch>({
      kind: fc.constant('regex'),
      value: fc.constantFrom('/a/.*', '.*b', '/[^/]+', '/(a|b)(/.*)?'),
      ignoreCase: fc.constant(false),
    }),
  },
);
const text = fc.oneof(
  fc.constant({ kind: 'present' } as const),
  fc.record({ kind: fc.constant('regex'), value: fc.constantFrom('v.*', 'w?', '.*') } as const),
  fc.record({ kind: fc.constantFrom('exact', 'prefix'), value: fc.constantFrom('v', 'vw') }),
);
const named = fc.record({ name: fc.constantFrom('x', 'y'), match: text, negated: fc.boolean() });
const matchOf = (paths: typeof plainPath) =>
  fc.record<RouteMatch>({
    place: fc.constant([]),
    path: fc.option(paths, { nil: undefined }),
    method: fc.option(fc.constant({ kind: 'exact', value: 'PUT' }), { nil: undefined }),
    authority: fc.option(fc.constant({ kind: 'prefix', value: 'shop' }), { nil: undefined }),
    scheme: fc.constant(undefined),
    headers: fc.array(named, { maxLength: 1 }),
    query: fc.array(named, { maxLength: 1 }),
    doubt: fc.constant(undefined),
    proxy: fc.constant(anyProxy),
  });
const match = matchOf(path);
const plainMatch = matchOf(plainPath);
const changes = fc.record<RequestChanges>({
  path: fc.option(
    fc.oneof(
      fc.record({ kind: fc.constantFrom('whole', 'prefix'), value: fc.constantFrom('/', '/b', '/b/c') }),
      fc.constant({ kind: 'strip' } as const),
    ),
    { nil: undefined },
  ),
  host: fc.option(fc.constant('other'), { nil: undefined }),
  headers: fc.array(
    fc.record({
      remove: fc.subarray(['x', 'y']),
      set: fc.constantFrom<Record<string, string>>({}, { x: 'v' }),
      add: fc.constant({}),
    }),
    { maxLength: 1 },
  ),
});

const rule = { matches: [], mirrors: [], abort: undefined } as const;
const answer = { kind: 'answer', status: 200, because: '' } as const;
const settings = { timeout: undefined, retries: undefined, delay: undefined };
const origin = { object: undefined as never, place: [], name: undefined };

function pointOf(matches: readonly RouteMatch[]): RoutingPoint {
  const entries = matches.map((each) => ({ rule: { ...rule, origin, settings, result: answer }, match: each }));
  return { table: { entries, routes: [] }, arriving: nothingWritten };
}

it('puts each request where the first entry that matches it decides', () => {
  fc.assert(
    fc.property(fc.array(match, { minLength: 1, maxLength: 3 }), (matches) => {
      const point = pointOf(matches);
      const space = spaces(mesh, callers)(constantsOfPoint(point));
      const sets = tableSets(space)(point);
      for (const { member, request } of requestsOf(space)) {
        const first = point.table.entries.findIndex((entry) => entryMatches(entry, asSent(request, 'BASE')) === 'yes');
        const place = first < 0 ? matches.length : first;
        expect(sets.surely.map((set) => contains(set, member))).toEqual(sets.surely.map((_, index) => index === place));
        expect(sets.possibly.map((set) => contains(set, member))).toEqual(
          sets.surely.map((_, index) => index === place),
        );
      }
    }),
    { numRuns: 60 },
  );
});

it('asks of what was sent what is asked of what it has become', () => {
  const paths = fc.subarray(['/b', '/b*', '*c', '/', '*/a', '/b/c*'], { minLength: 1 });
  const twice = fc.array(fc.tuple(changes, plainMatch), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(twice, paths, (steps, values) => {
      const rewritten = steps.reduce(
        (before, [change, by]) => afterChanges(before, { changes: change, match: by }, 'BASE'),
        nothingWritten,
      );
      const test = { attribute: 'request.path', anyOf: values.map((value) => textMatcher(value)), noneOf: [] } as const;
      const points = steps.map(([, by]) => constantsOfPoint(pointOf([by])));
      const { attribute, anyOf } = askedOfSent(rewritten)(test);
      const asked = seenAfter(rewritten, attribute) === undefined ? [new Map([[attribute, anyOf]])] : [];
      const space = spaces(mesh, callers)(mergeConstants([...points, ...asked]));
      const set = satisfyingAfter(rewritten, space, test, 'surely');
      for (const { member, request } of requestsOf(space)) {
        let sent = asSent(request, 'BASE');
        let isRouted = true;
        for (const [change, by] of steps) {
          isRouted &&= entryMatches({ rule: pointOf([by]).table.entries[0]?.rule as never, match: by }, sent) === 'yes';
          sent = changed(sent, { changes: change, match: by });
        }
        if (!isRouted) continue;
        const holds = conditionHolds(test, known([pathOf(sent)])) === 'yes';
        expect(contains(set, member)).toBe(holds);
      }
    }),
    { numRuns: 200 },
  );
});

it('knows no header that a route computes or adds to, and knows one that it writes or takes away', () => {
  const header = (name: string) => `request.headers[${name}]` as const;
  const headers = [{ remove: ['gone'], set: { set: 'v', computed: '%REQ(x)%' }, add: { gone: 'w', more: 'w' } }];
  const rewritten = afterChanges(nothingWritten, { changes: { ...noChanges, headers }, match: undefined }, 'BASE');
  expect(seenAfter(rewritten, header('set'))).toEqual(known(['v']));
  expect(seenAfter(rewritten, header('gone'))).toEqual(known(['w']));
  expect(seenAfter(rewritten, header('computed'))?.known).toBe(false);
  expect(seenAfter(rewritten, header('more'))?.known).toBe(false);
  expect(seenAfter(rewritten, header('other'))).toBeUndefined();
});
