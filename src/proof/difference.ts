import { describeSet } from '../algebra/describe.js';
import { oneOf, type RequestSet } from '../algebra/request-set.js';
import { witnessOf } from '../algebra/witness.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide } from '../mesh/decide.js';
import { describeRequest, describeToken, type Request } from '../mesh/request.js';
import type { ManifestObject } from '../parse/document.js';
import { assert } from '../util/assert.js';
import { causeOf, type IntentCause } from './intents/cause.js';
import type { Demand } from './intents/demands.js';
import type { LaneDifferences, ProofContext } from './prove-lane.js';

/** Requests that are let through and should not be, or the other way round. */
export interface Difference {
  readonly kind: 'too-much' | 'too-little';
  readonly demand: Demand;
  /** All of them in a line. */
  readonly requests: string;
  /** One of them in words, and what the mesh does with it. */
  readonly witness: string;
  readonly decision: Decision;
  /** What the intents say of it. */
  readonly cause: IntentCause;
  /** Whether a policy that was there before refuses it. */
  readonly byExisting: ManifestObject | undefined;
  /** Whether each of the requests was refused in an earlier state of the mesh as well, where the proof knows one. */
  readonly wasRefused?: true;
}

/** What a person is told of some requests of a lane, by one of them. */
export function differenceOf(
  { isExisting }: ProofContext,
  { situation }: LaneDifferences,
  kind: Difference['kind'],
  set: RequestSet,
): Difference {
  const { space, plan, demand } = situation;
  const decision = judge(situation, set);
  const expected = kind === 'too-much' ? 'allowed' : 'denied';
  assert(decision.verdict.kind === expected, `${decision.because}: one request is decided as its set is`);
  const existing = kind === 'too-little' ? refusersOf(decision).find(isExisting) : undefined;
  const requests = describeSet(space, plan.lane, set);
  const witness = `${describeRequest(decision.request)}${withToken(decision.request)}`;
  return {
    kind,
    demand,
    requests,
    witness,
    decision,
    cause: causeOf(situation, oneOf(set), kind),
    byExisting: existing,
  };
}

function withToken({ payload }: Request): string {
  return payload.kind === 'tcp' || payload.token === undefined ? '' : ` with ${describeToken(payload.token)}`;
}

/** What the mesh does with one request of a set. */
export function judge({ mesh, space, plan }: LaneDifferences['situation'], set: RequestSet): Decision {
  const witness = witnessOf(space, plan.lane, set);
  assert(witness !== undefined, 'a set that is not empty has a member');
  return decide(mesh, witness);
}

/** The policies that refused a request at the hop where it was stopped: a denial, or every ALLOW that does not match. */
function refusersOf({ trace }: Decision): readonly ManifestObject[] {
  const policies = trace[trace.length - 1]?.policies ?? [];
  const denying = policies.filter(({ action, matched }) => action === 'DENY' && matched === 'yes');
  const decisive = denying.length > 0 ? denying : policies.filter(({ action }) => action === 'ALLOW');
  return decisive.map(({ policy }) => policy.object);
}
