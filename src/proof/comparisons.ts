import type { Lane } from '../algebra/lane.js';
import { lanesTo, type PortClaims } from '../algebra/lanes.js';
import { joinMentions, type Mentions, mentionsOfPlan, nobody } from '../algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../algebra/planner.js';
import { type Arrival, arrivalsOf } from '../algebra/routes/arrivals.js';
import { doubtAfter } from '../algebra/routes/rewritten.js';
import { inNamespaces, type MeshCluster } from '../mesh/mesh.js';
import { notModelled } from '../mesh/paths/hops.js';
import type { Workload } from '../topology/model.js';
import { comparisonsOf } from './intents/conditions.js';
import { type Demand, podPortsOf, speaksOfPort } from './intents/demands.js';
import { mentionsOfDemand } from './intents/mentions.js';
import type { Comparison, ProofContext } from './prove-lane.js';
import type { Subject } from './subjects.js';

/** Which ways are meant, and by what they and callers are told apart beside what the mesh and the intents tell apart. */
export interface TellingApart {
  readonly isMeant: (lane: Lane) => boolean;
  readonly ports: readonly number[];
  readonly readsRequests: boolean;
  readonly mentionsOn: (lane: Lane) => Mentions;
}

const nothingElse: TellingApart = {
  isMeant: () => true,
  ports: [],
  readsRequests: false,
  mentionsOn: () => nobody,
};

/** Every way to a workload, ready to be compared with what the intents say of it. */
export function comparisonsTo(
  { mesh, pool }: Pick<ProofContext, 'mesh' | 'pool'>,
  subject: Subject,
  besides = nothingElse,
): readonly Comparison[] {
  const { demand, at, workload } = subject;
  const { cluster } = workload;
  const planner = plannerOf(mesh, pool, cluster);
  const meant = mentionsOfDemand(demand);
  const plaintextByDefault = acceptsPlaintext(at, workload);
  const lanes = lanesTo({ ...subject, planner }, claimsOf(demand, besides)).filter(({ lane }) => besides.isMeant(lane));
  return lanes.flatMap(({ lane, address }) => {
    const scouted = planner.scout(lane);
    const mentions = joinMentions([mentionsOfPlan(scouted), meant, besides.mentionsOn(lane)]);
    const callers = pool.callers(cluster, withTlsNamespaces(mesh, lane, mentions));
    const base = { demand, address, callers, plaintextByDefault };
    return arrivalsOf(planner.follow(scouted, callers)).map((each) => ({ ...base, ...judgeable(each, demand) }));
  });
}

/** Where nobody knows what has become of requests that rules tell apart, nothing is claimed of them. */
function judgeable({ plan, arriving }: Arrival, { allow, deny, asked }: Demand): Arrival {
  if (doubtAfter(arriving, [...allow, ...deny, ...asked].flatMap(comparisonsOf)) === undefined)
    return { plan, arriving };
  const stop = notModelled('what a route makes of requests that rules tell apart');
  return { plan: { ...plan, ways: plan.ways.map((way) => ({ ...way, stop, gates: [] })) }, arriving };
}

/** Istio accepts plaintext unless a PeerAuthentication says otherwise (§5.1). */
function acceptsPlaintext({ peerAuthentication, rootNamespace }: MeshCluster, { namespace }: Workload): boolean {
  return inNamespaces(peerAuthentication, rootNamespace, namespace).length === 0;
}

/** The ports of which the intents speak, and those on which a rule tells requests apart. */
function claimsOf({ workload, allow, deny, asked, plaintext, audited }: Demand, besides: TellingApart): PortClaims {
  const conditional = [...[...allow, ...deny].filter(({ target }) => target.conditions.length > 0), ...asked];
  return {
    ports: [
      ...besides.ports,
      ...[...allow, ...deny, ...asked, ...plaintext, ...audited].flatMap(({ target }) =>
        (target.ports ?? []).flatMap((port) => podPortsOf(port, target.destination.service, workload)),
      ),
    ],
    readsRequests: (podPort) =>
      besides.readsRequests || conditional.some((grant) => speaksOfPort(grant, workload, podPort)),
  };
}
