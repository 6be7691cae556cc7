import { boxSet, emptySet, fullSet, type RequestSet, union } from '../../algebra/request-set.js';
import { speaksOfPort } from './demands.js';
import { grantedSet } from './granted.js';
import { arrivingByMutualTls, arrivingPlain, everyone, type Situation } from './situation.js';

/**
 * The requests that satisfy what is said about mutual TLS: whoever shows a certificate, and in plaintext whom an exception
 * names, or anyone where it is not asked for. `must` is what settings promise to accept, `may` what they do not refuse.
 */
export function encrypted(situation: Situation, bound: 'must' | 'may'): RequestSet {
  const { demand, space, plaintextByDefault } = situation;
  const strict = demand.mtls.filter(({ value }) => value === 'Strict').length;
  const isSaid = demand.mtls.length > 0;
  const isOpen = bound === 'may' ? !isSaid || strict < demand.mtls.length : isSaid ? strict === 0 : plaintextByDefault;
  if (isOpen) return bound === 'may' && isDisabled(situation) ? withoutMutualTls(situation) : fullSet(space.shape);
  const plain = arrivingPlain(situation);
  const exceptions = demand.plaintext
    .filter((grant) => speaksOfPort(grant, demand.workload, situation.address.podPort))
    .map((grant) => grantedSet(situation, grant, { extent: 'all', conditions: 'held', within: plain }));
  const secret = boxSet(space.shape, new Map([[0, everyone(situation) & ~plain]]));
  return union(emptySet(space.shape), secret, ...exceptions);
}

/** Whether every mode of the pods turns mutual TLS off. HBONE is not concerned: it ends before any port (istio-security §2.6). */
function isDisabled({ demand: { mtls } }: Situation): boolean {
  return mtls.length > 0 && mtls.every(({ value }) => value === 'Disabled');
}

function withoutMutualTls(situation: Situation): RequestSet {
  return boxSet(situation.space.shape, new Map([[0, everyone(situation) & ~arrivingByMutualTls(situation)]]));
}
