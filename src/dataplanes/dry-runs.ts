import type { IstioSettings, IstioVersion } from '../parse/mesh.js';
import type { PointKind } from './capabilities.js';
import { hasSince } from './releases.js';

/** How an enforcement point watches a policy that decides nothing. */
interface DryRun {
  readonly point: PointKind;
  /** First version with it; before, nothing reaches the point. */
  readonly since: IstioVersion;
  /** A flag of istiod without which nothing reaches it; absent: none is needed. */
  readonly flag?: string;
  /** The law it was read from. */
  readonly fact: string;
  /** Where somebody sees what the policy would have done. */
  readonly logged: string;
}

const envoyLog =
  'Envoy counts requests that would be refused in `rbac` metrics with `authz_dry_run_result="denied"`, by `authz_dry_run_action`, and logs `shadow denied` at level `rbac:debug`';

const dryRuns: readonly DryRun[] = [
  {
    point: 'ztunnel',
    since: '1.29',
    flag: 'AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY',
    fact: 'istio-security §7',
    logged:
      'ztunnel logs `dry-run: deny policy match` and `dry-run: allow policy match` at level debug; a connection of which it logs neither would be refused where ALLOW policies are watched',
  },
  { point: 'sidecar', since: '1.28', fact: 'istio-security §7', logged: envoyLog },
  { point: 'waypoint', since: '1.28', fact: 'istio-security §7', logged: envoyLog },
];

/** What keeps a point from watching, and what would change that; `undefined` where it watches. */
export function unwatched(point: PointKind, istio: IstioSettings): { because: string; help: string } | undefined {
  for (const { since, flag } of dryRuns.filter((each) => each.point === point)) {
    const needs = `watching needs Istio ${since}${flag ? ` with ${flag}=true` : ''}`;
    if (!hasSince(istio.version, since)) {
      return {
        because: `${needs}, and this is ${istio.version}`,
        help: `upgrade istiod and ztunnel to ${since} first`,
      };
    }
    if (flag && istio.flags[flag] !== true) {
      const help = `set the flag at istiod once no ztunnel before ${since} runs, which would enforce the policy, and say so under \`istio.flags\` of the Mesh document`;
      return { because: `istiod keeps dry runs from it without ${flag}=true`, help };
    }
  }
  return undefined;
}

export function loggedAt(point: PointKind): string {
  return dryRuns.find((each) => each.point === point)?.logged ?? '';
}
