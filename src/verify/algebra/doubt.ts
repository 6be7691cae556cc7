import type { CompiledPolicy, Condition } from '../compiled.js';
import { isHeaderOfProxies } from '../fields.js';
import type { Gate, LanePlan } from './lane.js';

/** Whether a fact may be missing anywhere on a lane. Without a doubt the two bounds of its reach are one set. */
export function isDoubtful({ ways }: LanePlan): boolean {
  return ways.some(({ stop, gates }) => stop?.kind === 'not-modelled' || gates.some(isDoubtfulGate));
}

function isDoubtfulGate({ hop, enforcement }: Gate): boolean {
  const { notModelled, undecided, authentication, policies } = enforcement;
  if (notModelled !== undefined || undecided !== undefined || authentication.length > 0) return true;
  return policies.some(
    (policy) => policy.action === 'CUSTOM' || conditionsOf(policy).some((condition) => isDoubtfulAt(condition, hop)),
  );
}

function isDoubtfulAt({ attribute, anyOf, noneOf }: Condition, { peer }: Gate['hop']): boolean {
  if (attribute === 'source.ip' && peer.kind === 'proxy') return true;
  if (
    isHeaderOfProxies(attribute) ||
    attribute === 'remote.ip' ||
    attribute === 'destination.ip' ||
    attribute === 'connection.sni'
  )
    return true;
  const vague = [...anyOf, ...noneOf].some(({ kind }) => kind === 'not-modelled' || kind === 'perhaps-pattern');
  return attribute.startsWith('experimental.') || vague;
}

/** Every condition of a policy, whichever rule it is in. */
export function conditionsOf({ rules }: CompiledPolicy): readonly Condition[] {
  return rules.flatMap(({ clauses }) =>
    clauses.flatMap(({ alternatives }) => alternatives.flatMap(({ conditions }) => conditions)),
  );
}

/** The destination ports that policies name. */
export function portsNamedBy(policies: readonly CompiledPolicy[]): readonly number[] {
  const conditions = policies.flatMap(conditionsOf).filter(({ attribute }) => attribute === 'destination.port');
  const compared = conditions.flatMap(({ anyOf, noneOf }) => [...anyOf, ...noneOf]);
  return compared.flatMap((matcher) => (matcher.kind === 'exact' ? [Number(matcher.value)] : []));
}
