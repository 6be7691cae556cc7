import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { type Fates, totalOf } from '../../src/adopt/fates.js';
import { importObjects, isProved } from '../../src/adopt/import-objects.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { exampleProjects } from '../conformance/cases/repository.js';
import { goldenCases } from '../support/cases.js';
import { rulesOf } from './adopting.js';
import { writtenByHand } from './by-hand.js';

const today = '2026-06-01';
/** Settings of stage Shadow that nothing refuses. */
const watched = ['sidecar', 'ambient', 'gateway', 'inheritance-replace', 'inheritance-stricter'].map(
  (name) => `stages/${name}`,
);
const compiled = exampleProjects().filter(({ name }) => !name.includes('refused'));
const goldens = goldenCases().filter(({ name }) => name.startsWith('traffic/') || watched.includes(name));
const left = new Map<string, readonly string[]>();

describe('what is compiled, taken for written by hand,', () => {
  it.each([...compiled, ...goldens].map(({ name, sources }) => [name, sources] as const))(
    'is proved as intents again, or stays: %s',
    (name, sources) => {
      const written = writtenByHand(sources, today);
      const { value } = importObjects(written, { today, directory: 'intents', isAsMeant: false });
      if (value === undefined) throw new Error('nothing was imported');
      expect(isProved(value.round)).toBe(true);
      const { said, merged, dead, left: staying } = totalOf(value.fates);
      expect(said + merged + dead + staying).toBe(rulesIn(written));
      left.set(name, whatStays(value.fates));
    },
    60_000,
  );

  // Written anew by `vitest run test/adopt/round-trip.test.ts -u`: what is said in one case more leaves the list.
  it('stays for a reason', async () => {
    const told = [...left]
      .filter(([, lines]) => lines.length > 0)
      .map(([name, lines]) => [name, ...lines].join('\n  '));
    await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('round-trip.txt');
  });
});

function whatStays(fates: Fates): readonly string[] {
  return fates.flatMap(({ object, key, counts, because = '' }) => {
    expect(counts.left > 0 && because === '').toBe(false);
    const isTold = !ofAccess.test(key) || JSON.stringify(object.value.metadata).includes('istio.io/dry-run');
    return counts.left > 0 && isTold ? [`${key}: ${because}`] : [];
  });
}

/** What stays of these is for other tests to say, but for dry runs. */
const ofAccess = /^(AuthorizationPolicy|PeerAuthentication|RequestAuthentication|NetworkPolicy) /;

/** Of an object that several clusters have, the rules of the first. */
function rulesIn(sources: readonly Source[]): number {
  const objects = sources.flatMap(({ text }) => loadAll(text)).map(Object);
  const keyOf = ({ kind, metadata }: (typeof objects)[number]) => `${kind} ${metadata.namespace}/${metadata.name}`;
  const distinct = new Map(objects.reverse().map((object) => [keyOf(object), object]));
  return [...distinct.values()].reduce((sum, object) => sum + rulesOf(object), 0);
}
