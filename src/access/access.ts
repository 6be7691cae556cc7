import type { Policy } from '../mesh/policies/policy.js';
import type { CallerCell } from '../trace/matrix/cells.js';
import { groupBy, sortBy } from '../util/order.js';
import type { Who } from './who.js';

/** What some callers get through, and how it comes. */
export interface Access extends CallerCell {
  readonly who: Who;
  readonly encryption: Encryption;
}

/**
 * How it is encrypted: `tls` by TLS that a proxy ends or begins, `client-tls` by the client's own at a port that is declared
 * for it, which no proxy looks at; `unknown` where a fact is missing.
 */
export type Encryption = 'mutual-tls' | 'tls' | 'client-tls' | 'plaintext' | 'unknown';

export interface PointOnWay {
  /** `ztunnel`, `the sidecar`, `waypoint payments/waypoint`. */
  readonly name: string;
  readonly policies: readonly Policy[];
}

/** Who gets something through on one way, with what, and where policies are enforced on it. */
export interface AccessOnWay {
  readonly payload: 'http' | 'tcp';
  readonly points: readonly PointOnWay[];
  readonly access: readonly Access[];
}

/** Who is named comes first. */
const order: ReadonlyArray<Who['kind']> = ['identity', 'namespace', 'rest', 'outside'];

/** The same callers on several planes or of several clusters are one, where they get the same. */
export function joined<T extends Access>(all: readonly T[]): readonly T[] {
  const alike = groupBy(all, (each) => `${each.who.kind} ${each.who.label} ${contentOf(each)}`);
  const found = [...alike.values()].flatMap((group): readonly T[] => {
    const [first] = group;
    if (first === undefined) return [];
    const clusters = [...new Set(group.flatMap(({ who }) => who.clusters))].sort();
    const planes = [...new Set(group.flatMap(({ who }) => who.planes))].sort();
    const isFuture = group.every(({ who }) => who.isFuture);
    return [{ ...first, who: { ...first.who, clusters, planes, isFuture } }];
  });
  return inOrder(found);
}

export function inOrder<T extends Pick<Access, 'who'>>(all: readonly T[]): readonly T[] {
  return sortBy(
    all,
    ({ who }) => order.indexOf(who.kind),
    ({ who }) => who.label,
  );
}

/** All that is said of callers but who they are. */
export function contentOf({ who: _, ...content }: Access): string {
  return JSON.stringify(content);
}
