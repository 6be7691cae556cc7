import type { Change } from '../../changes/change.js';
import { filedLaws } from '../../laws/find-laws.js';
import { sortBy } from '../../util/order.js';

/** What Istio does otherwise from one release on, in the words of a law. */
export interface ReleaseLaw {
  readonly document: string;
  readonly id: string;
  readonly title: string;
  readonly statement: string;
}

/** The laws that name a release between two versions: what an upgrade, or the way back, changes. Nothing for other changes. */
export function lawsBetween({ kind, was = '', is = '' }: Change): readonly ReleaseLaw[] {
  const [from, to] = [minorOf(was), minorOf(is)];
  if (kind !== 'istio-changed' || from === undefined || to === undefined) return [];
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const isBetween = (statement: string) =>
    [...statement.matchAll(/\b1\.(\d\d)(?:\.\d+)?\b/g)].some(
      ([, minor]) => Number(minor) > low && Number(minor) <= high,
    );
  const found = filedLaws.flatMap(({ document, law }) =>
    law.statements.filter(isBetween).map((statement) => ({ document, id: law.id, title: law.title, statement })),
  );
  return sortBy(
    found,
    ({ document }) => document,
    ({ id }) => id,
  );
}

/** Of `version 1.30` the 30. */
function minorOf(setting: string): number | undefined {
  const minor = /^version 1\.(\d+)$/.exec(setting)?.[1];
  return minor === undefined ? undefined : Number(minor);
}
