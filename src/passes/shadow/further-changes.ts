import type { PlacedIr } from '../../ir/policy-ir.js';
import type { Origin } from '../../resolve/resolved.js';
import { shapeOf } from './shape-of.js';

interface FurtherChange {
  readonly what: string;
  readonly origins: readonly Origin[];
}

/** What else than policies would be there: nothing of it can be watched. */
export function furtherChanges(enforced: PlacedIr, asIfEnforced: PlacedIr): readonly FurtherChange[] {
  const added = <T>(of: (placed: PlacedIr) => readonly T[]) => {
    const known = new Set(of(enforced).map(shapeOf));
    return of(asIfEnforced).filter((each) => !known.has(shapeOf(each)));
  };
  return [
    ...added(({ waypoints }) => waypoints).map(({ namespace, name, origins }) => ({
      what: `waypoint \`${namespace}/${name}\``,
      origins,
    })),
    ...added(({ enrolments }) => enrolments).map(({ kind, namespace, name, origins }) => ({
      what: `labels of ${kind} \`${namespace}/${name}\``,
      origins,
    })),
    ...added(({ requestAuthentications }) => requestAuthentications).map(({ namespace, name, origins }) => ({
      what: `RequestAuthentication \`${namespace}/${name}\``,
      origins,
    })),
  ];
}
