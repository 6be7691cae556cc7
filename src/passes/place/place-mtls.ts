import { peerModes } from '../../dataplanes/peer-modes.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { DestinationPolicy, PlacedPeerAuthentication } from '../../ir/policy-ir.js';
import type { MtlsMode } from '../../parse/ast.js';
import { spanIn } from '../../parse/document.js';
import { destinationLabel, indexDestinations } from '../../resolve/destinations.js';
import type { Caller, Destination, Setting } from '../../resolve/resolved.js';
import {
  type ApiServerCall,
  type Cluster,
  keyInMesh,
  keyOf,
  type Mode,
  targetPortOf,
  type Workload,
} from '../../topology/model.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import { sortedNumbers } from '../../util/order.js';
import { clusterOf } from '../clusters.js';
import { mtlsAtPods, mtlsGroups } from './at-pods/pod-mtls.js';
import { exactSelectors, namedSelectors } from './at-pods/selectors.js';
import { podPorts } from './at-waypoints/blind-spots.js';
import type { PlaceContext } from './context.js';
import { checkCompetitor, checkNarrower, checkRival } from './existing/check-peer-authentications.js';
import { warnAboutStrict } from './existing/warn-about-lost-access.js';
import { hasOwnPeerAuthentication } from './own-peer-authentication.js';

/** PeerAuthentication for the mesh and for namespaces: one object without selector a scope, with an explicit mode. */
export function placeWideMtls(context: PlaceContext, cluster: Cluster): PlacedPeerAuthentication[] {
  warnAboutStrict(context, cluster);
  return context.ir.mtls.flatMap((setting) => {
    const namespace = setting.scope.kind === 'mesh' ? context.ir.topology.mesh.rootNamespace : setting.scope.namespace;
    if (setting.scope.kind === 'namespace' && !cluster.namespaces.has(namespace)) return [];
    checkCompetitor(context, cluster, namespace, setting);
    checkNarrower(context, cluster, setting);
    if (setting.value === 'Strict') checkApiServerCalls(context, cluster, setting);
    return [wideMtlsIn(cluster.name)(setting, namespace)];
  });
}

/** The object of a mode in a cluster, which is the same for as long as the setting is. */
const wideMtlsIn = oncePer((cluster: string) =>
  oncePerObject(
    ({ value, scope, origin }: Setting<MtlsMode>, namespace: string): PlacedPeerAuthentication => ({
      cluster,
      namespace,
      name: 'default',
      selector: undefined,
      mode: peerModes[value],
      permissivePorts: [],
      purpose: `mTLS of ${scope.kind === 'mesh' ? 'the mesh' : `namespace ${namespace}`}: ${value.toLowerCase()}`,
      origins: [origin],
    }),
  ),
);

/**
 * PeerAuthentication for the pods whose mode or exceptions differ from their namespace's: one for the same pods, however
 * many Services they have. Exceptions are written as Strict with permissive ports, the one form that means the same at
 * sidecars and at ztunnel (istio-security §5.4).
 */
export function placePodMtls(context: PlaceContext): PlacedPeerAuthentication[] {
  return mtlsGroups(context).flatMap(({ cluster, namespace, mode, exceptions, workloads, ...group }) => {
    const ports = sortedNumbers(exceptions.flatMap((each) => podPorts(each) ?? []));
    const selectors = exactSelectors(
      context,
      clusterOf(context.ir.topology, cluster),
      workloads,
      group.service,
      group.span,
    );
    const open = ports.length > 0 ? `, plaintext admitted on ${ports.join(', ')}` : '';
    const subject = group.service?.name ?? workloads[0]?.name;
    return namedSelectors(group.name, selectors, workloads).map(({ name, labels }) => ({
      cluster,
      namespace,
      name,
      selector: labels,
      mode: peerModes[mode],
      permissivePorts: ports,
      purpose: `mTLS of ${subject}: ${mode.toLowerCase()}${open}`,
      origins: [...group.settings, ...exceptions].map(({ origin }) => origin),
    }));
  });
}

/** What the mode and the exceptions of one destination have to be checked for. */
export function checkDestinationMtls(context: PlaceContext, policy: DestinationPolicy): void {
  checkExceptions(context, policy);
  checkPlaintextAddresses(context, policy);
  if (hasOwnPeerAuthentication(policy)) checkRival(context, policy);
}

/** Who is excepted from mTLS is known by nothing but an address: whoever has an identity needs no exception. */
function checkExceptions(context: PlaceContext, policy: DestinationPolicy): void {
  for (const obligation of policy.plaintext) {
    for (const caller of obligation.callers) {
      if (caller.kind === 'addresses' || caller.kind === 'anyone') continue;
      if (caller.kind === 'unidentified' && !caller.isOne) continue;
      if (caller.kind !== 'unidentified') {
        const notes = [{ message: 'callers in the mesh come with mTLS, and need no exception' }];
        context.report(diagnostic('plaintext-caller-by-name', { caller: caller.label }, caller.span, { notes }));
        continue;
      }
      if (context.accepts(obligation, 'plaintextCallers', `anyone in plaintext counts as ${caller.label}`)) continue;
      const witness = `any pod outside the mesh calls ${keyOf(policy.destination)} in plaintext and is taken for ${caller.label}`;
      const label = 'nothing identifies it';
      context.report(diagnostic('caller-unidentifiable', { caller: caller.label }, caller.span, { label, witness }));
    }
  }
}

/** Who is always an unauthenticated client is let in by no rule where the mode refuses plaintext. */
function checkPlaintextAddresses(context: PlaceContext, policy: DestinationPolicy): void {
  if (!policy.obligations.some(({ effect, callers }) => effect === 'Allow' && callers.some(isPlaintext))) return;
  const { settings, exceptions } = mtlsAtPods(context, policy);
  const strict = settings.find(({ value }) => value === 'Strict');
  if (strict === undefined) return;
  const open = new Set(exceptions.flatMap((each) => podPorts(each) ?? []));
  for (const { effect, callers, ports } of policy.obligations) {
    for (const caller of callers) {
      if (effect !== 'Allow' || !isPlaintext(caller)) continue;
      const isOpen = ports?.every(({ pod }) => pod.every((port) => open.has(port))) ?? false;
      if (isOpen) continue;
      const notes = [{ message: 'the mode that refuses it', span: strict.origin.span }];
      const witness = `${caller.label} calls ${keyOf(policy.destination)} and the connection is closed`;
      context.report(
        diagnostic(
          'strict-refuses-plaintext',
          { caller: caller.label, destination: destinationLabel(policy.destination) },
          caller.span,
          { witness, notes },
        ),
      );
    }
  }
}

function isPlaintext(caller: Caller): boolean {
  return caller.kind === 'unidentified' || (caller.kind === 'addresses' && caller.plaintext);
}

/** The API server calls webhooks and aggregated APIs without mesh mTLS, so that Strict would refuse it (istio-security §5.3). */
function checkApiServerCalls(context: PlaceContext, cluster: Cluster, setting: Setting<MtlsMode>): void {
  const { service: find } = indexDestinations(context.ir.topology);
  for (const call of cluster.apiServerCalls) {
    const destination = find(call.service).find(({ cluster: home }) => home === cluster.name);
    if (destination === undefined || !destination.workloads.some(({ mode }) => hasProxy(mode))) continue;
    const policy = context.ir.destinations.find((each) => each.destination.id === destination.id);
    const effective = policy?.mtls ?? context.mtlsOf(destination);
    if (effective !== setting || destination.workloads.some((each) => isOpened(context, each, destination, call)))
      continue;
    const { object, path, purpose } = call;
    const notes = [
      { message: `${object.kind} \`${object.name}\` names it (istio-security §5.3)`, span: spanIn(object, path) },
    ];
    const parameters = { destination: destinationLabel(destination), purpose };
    context.report(diagnostic('api-server-behind-strict', parameters, setting.origin.span, { notes }));
  }
}

function hasProxy({ plane }: Mode): boolean {
  return plane === 'ambient' || plane === 'sidecar';
}

/** Whether an exception from mTLS leaves the port open that is called. */
function isOpened(
  { ownMtls }: PlaceContext,
  workload: Workload,
  { service }: Destination,
  call: ApiServerCall,
): boolean {
  const port = service?.ports.find(({ number }) => number === call.port);
  const called = port && targetPortOf(port, workload);
  const exceptions = (ownMtls.get(keyInMesh(workload)) ?? []).flatMap(({ plaintext }) => plaintext);
  return exceptions.some((each) => called === undefined || (podPorts(each)?.includes(called) ?? true));
}
