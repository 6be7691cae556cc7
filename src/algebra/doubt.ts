import type { Decision } from '../mesh/decide/decision.js';
import { isIdentityAttribute } from '../mesh/fields.js';
import { seesAddress } from '../mesh/paths/hops.js';
import { changesOf } from '../mesh/policies/authorizer-changes.js';
import { type Condition, conditionsOf } from '../mesh/policies/compiled.js';
import { askingPolicies, enforcementAt } from '../mesh/policies/enforcement.js';
import { headersWrittenBy } from '../mesh/policies/written-headers.js';
import { type Attribute, isHeaderOfProxies } from '../mesh/view.js';
import { sortedUnique } from '../util/order.js';
import { seesClient } from './client-address.js';
import { type Gate, type LanePlan, pointsOf } from './lane.js';
import { doubtAfter } from './routes/rewritten.js';
import { doubtAtPoint } from './routes/table-sets.js';

/** Whether a fact may be missing anywhere on a lane. Without a doubt the two bounds of its reach are one set. */
export function isDoubtful(plan: LanePlan): boolean {
  return (
    plan.ways.some(({ stop, gates }) => stop?.kind === 'not-modelled' || gates.some(isDoubtfulGate)) ||
    pointsOf(plan).some((point) => doubtAtPoint(point).because !== undefined)
  );
}

function isDoubtfulGate(gate: Gate): boolean {
  const { hop, enforcement } = gate;
  const { notModelled, undecided, authentication, policies } = enforcement;
  if (doubtOfRewriting(gate) !== undefined) return true;
  if (hop.peer.kind === 'unknown' && hop.peer.mayFail) return true;
  if (notModelled !== undefined || undecided !== undefined || authentication.length > 0) return true;
  return policies.some(
    (policy) => policy.action === 'CUSTOM' || conditionsOf(policy).some((condition) => isDoubtfulAt(condition, hop)),
  );
}

/** Why it is not known what routes have made of something that a policy asks for. */
export function doubtOfRewriting({ enforcement: { policies }, rewritten }: Gate): string | undefined {
  return rewritten && doubtAfter(rewritten, policies.flatMap(conditionsOf));
}

const doubtful: readonly Attribute[] = ['destination.ip', 'request.headers[authorization]'];

function isDoubtfulAt({ attribute, anyOf, noneOf }: Condition, hop: Gate['hop']): boolean {
  const { peer, addresses } = hop;
  if (attribute === 'source.ip') {
    return addresses === undefined ? peer.kind === 'proxy' && seesAddress(hop) : addresses.peer !== 'caller';
  }
  if (attribute === 'remote.ip') return !seesClient(hop);
  if (attribute === 'connection.sni') return hop.serverName?.known !== true;
  if (isIdentityAttribute(attribute) && peer.kind === 'unknown') return true;
  if (doubtful.includes(attribute) || isHeaderOfProxies(attribute) || attribute.startsWith('experimental.'))
    return true;
  return [...anyOf, ...noneOf].some(({ kind }) => kind === 'not-modelled' || kind === 'perhaps-pattern');
}

/** Why a set of requests is in doubt, by one of them: that one may be decided, where what its token writes is known (§6.1). */
export function factInDoubt({ verdict, because, trace }: Decision): string {
  if (verdict.kind === 'not-modelled') return because;
  const written = trace.flatMap(({ hop }) => [...headersWrittenBy(enforcementAt(hop).authentication)]);
  const asked = trace.flatMap(({ hop }) =>
    askingPolicies(enforcementAt(hop)).map(({ provider = '' }) => changesOf(provider, hop.mesh).why),
  );
  if (written.length === 0 && asked.length > 1) {
    return `${sortedUnique(asked).join(', ')}: it is asked about more than once`;
  }
  if (written.length === 0) return because;
  return `what tokens write into header \`${sortedUnique(written).join('`, `')}\` (§6.1)`;
}
