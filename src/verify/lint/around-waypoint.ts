import type { ServicePort } from '../../topology/model.js';
import { none } from '../algebra/bits.js';
import type { Gate, LanePlan, Way } from '../algebra/lane.js';
import { boxSet, intersect, isEmpty } from '../algebra/request-set.js';
import type { CompiledPolicy } from '../compiled.js';
import type { Enforcement } from '../enforcement.js';
import type { AuthorizationPolicy } from '../policy.js';
import type { PolicyForms } from '../policy-forms.js';
import { compare } from './compare.js';
import type { LintContext } from './context.js';
import { type Evidence, evidenceIn } from './evidence.js';
import { withGates } from './plans.js';
import type { Site } from './sites.js';
import { unaskedIn } from './unasked.js';

/** How callers come to pods without passing the waypoint of their Service, and why they do (§4.5). */
export interface Bypass {
  readonly law: string;
  readonly evidence: Evidence;
}

const laws = {
  ambient: 'traffic to the address of a pod does not go through the waypoint of a Service (istio-security §4.5)',
  sidecar: 'sidecar callers never go through a waypoint (istio-security §4.5)',
  gateway: 'ingress goes through a waypoint only if the Service is labelled for it (istio-security §4.5)',
  plaintext: 'callers outside the mesh never go through a waypoint (istio-security §4.5)',
} as const;

/** Every kind of way on which requests get in that the policies, which decide together, would refuse or ask about. */
export function bypassesOf(
  context: LintContext,
  policy: AuthorizationPolicy,
  together: readonly PolicyForms[],
  sites: readonly Site[],
): readonly Bypass[] {
  const found = new Map<string, Bypass>();
  for (const site of sites) {
    const slipping = slippingAt(context, policy, together, site);
    if (slipping === undefined) continue;
    for (const [speaks, law] of Object.entries(laws)) {
      const evidence = found.has(speaks) ? undefined : slipping(speaks);
      if (evidence !== undefined) found.set(speaks, { law, evidence });
    }
  }
  return Object.keys(laws).flatMap((speaks) => found.get(speaks) ?? []);
}

/** What slips past a waypoint at one site, by the kind of caller; `undefined` where nobody passes it by. */
function slippingAt(
  context: LintContext,
  policy: AuthorizationPolicy,
  together: readonly PolicyForms[],
  { plan, behind, at, workload }: Site,
): ((speaks: string) => Evidence | undefined) | undefined {
  const around = { ...plan, ways: plan.ways.filter(passesBy) };
  if (behind === undefined || isShut(context, around)) return undefined;
  const gate = imaginaryGate({ at, workload, port: behind.port, payload: plan.lane.payload }, together);
  const meant = withGates(around, (gates, way) => [...gates, seenBy(gate, way)]);
  const comparison = compare(context, around, meant);
  const slips = policy.action === 'CUSTOM' ? unaskedIn(comparison, policy) : comparison.slips;
  return (speaks) => {
    const callers = around.ways
      .filter(({ representative }) => representative.caller.speaks === speaks)
      .reduce((bits, way) => bits | way.callers, none);
    const own = boxSet(comparison.space.shape, new Map([[0, callers]]));
    return evidenceIn(context.mesh, comparison, intersect(slips, own), 'allowed');
  };
}

/** Most waypoints that matter are guarded, and a guard needs no look at requests. */
function isShut(context: LintContext, around: LanePlan): boolean {
  return isEmpty(compare(context, around, around).is.surely);
}

function passesBy({ stop, gates }: Way): boolean {
  return stop === undefined && gates.every(({ hop }) => hop.point.kind !== 'waypoint');
}

/** Callers without a certificate are judged as such: here they are not turned away for having none. */
function seenBy(gate: Gate, { representative }: Way): Gate {
  return representative.caller.identity === null ? { ...gate, hop: { ...gate.hop, peer: { kind: 'nobody' } } } : gate;
}

/** The waypoint as if nobody could pass it by: it sees the caller, and the port of the Service (§4.1). */
function imaginaryGate(
  { at, workload, port, payload }: Pick<Site, 'at' | 'workload'> & { port: ServicePort; payload: 'http' | 'tcp' },
  together: readonly PolicyForms[],
): Gate {
  const chain = port.layer === 'tcp' ? 'tcp' : payload;
  const policies: readonly CompiledPolicy[] = together.map((forms) => forms[chain]);
  const enforcement: Enforcement = {
    trustDomains: at.trustDomains,
    peerMode: undefined,
    authentication: [],
    policies,
    severalProviders: true,
    notModelled: undefined,
  };
  const because = 'the waypoint that the policy is meant for';
  const point = { kind: 'sidecar', workload } as const;
  return { hop: { mesh: at, point, chain, peer: { kind: 'caller' }, port: port.number, because }, enforcement };
}
