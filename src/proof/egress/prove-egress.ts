import type { Lane } from '../../algebra/lane.js';
import type { Decision } from '../../mesh/decide/decision.js';
import { decide } from '../../mesh/decide.js';
import type { Mesh } from '../../mesh/mesh.js';
import { allHosts } from '../../mesh/paths/host-names.js';
import type { Payload } from '../../mesh/request.js';
import type { ResolvedEgress } from '../../resolve/resolved-egress.js';
import { groupBy } from '../../util/order.js';
import { type HostPort, laneToHost } from '../traffic/asked-hosts.js';
import { beyondOpenings } from './beyond-openings.js';
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
  return { subjects, findings: findings.filter((finding) => !isAccepted(finding)) };
}

/** What goes past every proxy may be accepted where other NetworkPolicies are to close it; what a proxy sees may not. */
function isAccepted({ kind, subject, decision }: EgressFinding): boolean {
  if (kind === 'too-little' || (kind === 'unknown' && decision === undefined)) return false;
  const isLeft = subject.settings.every(
    ({ isOwnBackstop, accept }) => !isOwnBackstop && accept.some(({ what }) => what === 'addressesOutside'),
  );
  return isLeft && (decision === undefined || isPastProxies(decision));
}

/** Straight from the pod: neither a waypoint nor a gateway stands on the way. */
function isPastProxies({ path }: Decision): boolean {
  const hops = path.kind === 'path' ? path.hops : [];
  return hops.every(({ point }) => point.kind !== 'waypoint' && point.kind !== 'gateway');
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
  const openingsOf = (subject: EgressSubject) => subject.openings(host.service.host, host.port.number);
  const whole = subjects.filter((subject) => openingsOf(subject).some((conditions) => conditions.length === 0));
  const others = subjects.filter((subject) => !whole.includes(subject));
  return [
    ...whole.filter(({ isFuture }) => !isFuture).flatMap((subject) => refused(mesh, subject, host, lane, what)),
    ...(others.length > 0 ? beyondOpenings(mesh, others, openingsOf, lane, what) : []),
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
