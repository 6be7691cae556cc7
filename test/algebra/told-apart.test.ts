import { describe, expect, it } from 'vitest';
import { callerPool } from '../../src/algebra/caller-pool.js';
import { type Mentions, nobody } from '../../src/algebra/mentions.js';
import { describeSource } from '../../src/mesh/request.js';
import { meshOf, threeNamespaces, workload } from '../mesh/support/mesh.js';

const before = callerPool(meshOf(threeNamespaces));
/** `amb/aaa` comes before all others who speak as it does. */
const after = callerPool(meshOf(threeNamespaces + workload('amb', 'aaa')));

function whoStandsFor(pool: typeof before, mentions: Mentions): readonly string[] {
  return pool.representatives('east', mentions).map(({ source }) => describeSource(source));
}

describe('what mentions tell of a caller', () => {
  it.each([
    ['nobody', nobody],
    ['an account', { ...nobody, accounts: new Set(['side/server']) }],
    ['a namespace', { ...nobody, namespaces: new Set(['amb']) }],
    ['another namespace', { ...nobody, namespaces: new Set(['side']) }],
  ])('is the same of whoever speaks alike and is not named: %s', (_, mentions) => {
    expect(whoStandsFor(before, mentions)).not.toContain('amb/aaa');
    expect(whoStandsFor(after, mentions)).toContain('amb/aaa');
    const texts = (pool: typeof before) => pool.toldApart('east', mentions).filter((told) => typeof told === 'string');
    expect(texts(before).length).toBeGreaterThan(0);
    expect(texts(after)).toEqual(texts(before));
  });

  it('is everything of whom they name', () => {
    const mentions = { ...nobody, accounts: new Set(['amb/client']) };
    const [named] = before
      .representatives('east', mentions)
      .filter(({ source }) => describeSource(source) === 'amb/client');
    expect(named).toBeDefined();
    expect(before.toldApart('east', mentions)).toContain(named);
  });

  it('says whether a caller is in a namespace that they name', () => {
    const within = (names: readonly string[]) =>
      before
        .toldApart('east', { ...nobody, namespaces: new Set(names) })
        .filter((told) => typeof told === 'string' && told.endsWith('\namb'));
    expect(within([])).toEqual([]);
    // One of those who are there, and somebody with a sidecar who may come.
    expect(within(['amb'])).toHaveLength(2);
  });

  it.each([
    [
      'a pattern',
      {
        ...nobody,
        patterns: [{ attribute: 'source.principal', matcher: { kind: 'suffix', value: 't', ignoreCase: false } }],
      },
    ],
    ['addresses', { ...nobody, addresses: true }],
  ] satisfies ReadonlyArray<readonly [string, Mentions]>)('is everything where they compare %s', (_, mentions) => {
    expect(before.toldApart('east', mentions)).toEqual(before.representatives('east', mentions));
  });

  it('is something else of a workload that is there than of one that may come', () => {
    const accounts = new Set(['amb/client', 'amb/server']);
    const told = (pool: typeof before) => new Set(pool.toldApart('east', { ...nobody, accounts }));
    const coming = [...told(before)].filter((each) => !told(after).has(each));
    expect(coming.some((each) => typeof each === 'string' && each.includes('future'))).toBe(true);
  });
});
