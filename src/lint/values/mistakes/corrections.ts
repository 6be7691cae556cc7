import type { Gate } from '../../../algebra/lane.js';
import type { Test } from '../../../mesh/policies/policy.js';
import type { LintContext, PolicyInMesh } from '../../context.js';
import type { Site } from '../../sites.js';
import { faultOf } from './never-equal.js';
import { isNobody, nearestTo } from './nobody.js';
import { isOfOtherSide, otherSide } from './ports.js';
import { withoutScheme } from './spiffe.js';
import { inOwnTrustDomain, namesOther } from './trust-domains.js';

/** What stands in the place of a mistaken value where it is right. */
export type Replacement = (site: Site, gate: Gate) => readonly string[];

/** What to write instead of a value with which a test compares something else than its author thought; nothing of a sound one. */
export function replacementOf(
  context: LintContext,
  subject: PolicyInMesh,
  test: Test,
  value: string,
): Replacement | undefined {
  switch (test.attribute) {
    case 'source.principal':
      if (withoutScheme(value) !== undefined) return always(withoutScheme(value));
      if (namesOther(value, subject)) return always(inOwnTrustDomain(value, subject));
      return nobodyReplaced(context, subject, test, value);
    case 'source.serviceAccount':
    case 'source.namespace':
      return nobodyReplaced(context, subject, test, value);
    case 'destination.port':
      if (!isOfOtherSide(value, subject)) return undefined;
      return (site, gate) => [String(otherSide(Number(value), site, gate) ?? value)];
    default: {
      const meant = faultOf(value, subject, test)?.meant;
      return meant === undefined ? undefined : () => [value, meant];
    }
  }
}

function nobodyReplaced(context: LintContext, subject: PolicyInMesh, test: Test, value: string) {
  return isNobody(context, test.attribute, value, subject)
    ? always(nearestTo(context, test.attribute, value))
    : undefined;
}

function always(value: string | undefined): Replacement | undefined {
  return value === undefined ? undefined : () => [value];
}
