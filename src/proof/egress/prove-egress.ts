import { type Answer, intent } from '../../algebra/answers.js';
import { bitsOf } from '../../algebra/bits.js';
import { callersAmong } from '../../algebra/callers.js';
import { comparersOf, constantsOf, type Lane, planLane } from '../../algebra/lane.js';
import { reachOf } from '../../algebra/reach.js';
import { boxSet, intersect, isEmpty, type RequestSet } from '../../algebra/request-set.js';
import { spaces } from '../../algebra/space.js';
import { witnessOf } from '../../algebra/witness.js';
import { decide } from '../../mesh/decide.js';
import type { Mesh } from '../../mesh/mesh.js';
import { allHosts } from '../../mesh/paths/host-names.js';
import type { Payload } from '../../mesh/request.js';
import type { ResolvedEgress } from '../../resolve/resolved-egress.js';
import { groupBy } from '../../util/order.js';
import { type HostPort, laneToHost } from '../traffic/asked-hosts.js';
import type { EgressFinding, EgressProof } from './finding.js';
import { addressesOpenTo } from './open-addresses.js';
import { type EgressSubject, egressSubjects } from './subjects.js';
import { openThroughGateways } from './through-gateways.js';
import { openThroughServices } from './through-services.js';

/** Every host that the mesh knows, and every address that it does not, for everybody of whom settings speak. */
export function proveEgress(mesh: Mesh, egress: readonly ResolvedEgress[]): EgressProof {
  const subjects = egressSubjects(mesh, egress);
  const byCluster = [...groupBy(subjects, ({ at }) => at)];
  const findings = byCluster.flatMap(([at, own]) => {
    const hosts = [...allHosts(at).values()].flat().flatMap((named): readonly HostPort[] => {
      return named.service === undefined ? [{ at, service: named.outside, port: named.port }] : [];
    });
    return [
      ...own.flatMap(atAddresses),
      ...hosts.flatMap((host) => lanesTo(host).flatMap((lane) => atHost(mesh, own, host, lane))),
      ...openThroughGateways(mesh, at, own, hosts),
      ...openThroughServices(mesh, at, own),
    ];
  });
  return { subjects, findings };
}

function atAddresses(subject: EgressSubject): readonly EgressFinding[] {
  const open = addressesOpenTo(subject);
  return open === undefined ? [] : [{ kind: 'too-much', subject, what: open }];
}

/** A port at which nothing is declared carries either. */
function lanesTo(host: HostPort): readonly Lane[] {
  const lane = laneToHost(host);
  return host.port.layer === 'detected' ? [lane, { ...lane, payload: 'tcp' }] : [lane];
}

/** One port of a host for all subjects at once: whoever is not to call it sends no request that gets out. */
function atHost(mesh: Mesh, subjects: readonly EgressSubject[], host: HostPort, lane: Lane): readonly EgressFinding[] {
  const what = `\`${host.service.host}:${host.port.number}\``;
  const opened = subjects.filter((subject) => subject.opens(host.service.host, host.port.number));
  const closed = subjects.filter((subject) => !opened.includes(subject));
  return [
    ...opened.filter(({ isFuture }) => !isFuture).flatMap((subject) => refused(mesh, subject, host, lane, what)),
    ...(closed.length > 0 ? letOut(mesh, closed, lane, what) : []),
  ];
}

/** A request like any other: which of them go on is for routes and other policies to say. */
function refused(
  mesh: Mesh,
  subject: EgressSubject,
  { service }: HostPort,
  { destination, payload: kind }: Lane,
  what: string,
): readonly EgressFinding[] {
  const { host } = service;
  const payload: Payload = kind === 'tcp' ? { kind } : { kind, method: 'GET', path: '/', host, headers: {} };
  const decision = decide(mesh, { source: subject.class.source, destination, payload });
  const { verdict } = decision;
  if (verdict.kind === 'allowed' || (verdict.kind === 'denied' && verdict.response === 'answered')) return [];
  const finding = verdict.kind === 'denied' ? 'too-little' : 'unknown';
  return [{ kind: finding, subject, what, decision }];
}

function letOut(mesh: Mesh, subjects: readonly EgressSubject[], lane: Lane, what: string): readonly EgressFinding[] {
  const callers = callersAmong(subjects.map((subject) => subject.class));
  const plan = planLane(mesh, callers, lane);
  const answer: Answer<readonly EgressFinding[]> = intent()(comparersOf(plan), () => {
    const space = spaces(mesh, callers)(constantsOf(mesh, plan));
    const reach = reachOf(mesh, space, plan);
    return subjects.flatMap((subject, index): readonly EgressFinding[] => {
      const own = (set: RequestSet) => intersect(set, boxSet(space.shape, new Map([[0, bitsOf([index])]])));
      const [surely, possibly] = [own(reach.surely), own(reach.possibly)];
      if (isEmpty(possibly)) return [];
      const witness = witnessOf(space, lane, isEmpty(surely) ? possibly : surely);
      const decision = witness && decide(mesh, witness);
      const isOpen = !isEmpty(surely) || decision?.verdict.kind === 'allowed';
      return [{ kind: isOpen ? 'too-much' : 'unknown', subject, what, ...(decision && { decision }) }];
    });
  });
  if (answer.kind === 'decided') return answer.value;
  return subjects.map((subject) => ({ kind: 'unknown', subject, what }));
}
