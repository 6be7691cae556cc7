import { capability, type PointKind } from '../../../dataplanes/capabilities.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { AcceptancePath } from '../../../parse/acceptance.js';
import type { Caller, DestinationPort, Source } from '../../../resolve/resolved.js';
import { keyInMesh, type Plane } from '../../../topology/model.js';
import { type Arrival, arrivalAt, type CallerPlane, honoursIngressLabel, receiverOf } from '../../../topology/paths.js';
import { speaksMutualTls } from '../../../topology/tls-mode.js';
import { sortedNumbers, sortedUnique } from '../../../util/order.js';
import { type BySettings, canReach, means, overlap } from '../../reach.js';
import { attributesOf } from '../../request-attributes.js';
import { mtlsAtPods, type PodMtls } from '../at-pods/pod-mtls.js';
import type { PlaceContext } from '../context.js';

/** Callers who reach the pods past the waypoint, and are of one kind: one gap, which may be accepted as one. */
export interface Bypass {
  readonly path: Extract<AcceptancePath, 'sidecarCallers' | 'gatewayCallers' | 'outsideCallers'>;
  /** Exactly these callers, as a rule at the pods would name them. */
  readonly caller: Caller;
  /** One of them, for the witness. */
  readonly example: string;
}

/** Whether a proxy at the pods can decide an obligation. */
export function canDecide(point: PointKind, obligation: Obligation, cluster: BySettings): boolean {
  return attributesOf(obligation).every((key) => capability(point, key, cluster.settings.istio).enforced);
}

/** How a source's requests to the destination's Service arrive at its pods, once what is planned is there. */
export function arrives({ destination, waypoint }: DestinationPolicy, { plane }: Source, cluster: BySettings): Arrival {
  const receivers = new Set(destination.workloads.map(receiverOf));
  return arrivalAt(callers[plane] ?? 'outside', 'service', {
    receiver: receivers.has('mtls') ? 'mtls' : receivers.has('hbone') ? 'hbone' : 'plaintext',
    routable: true,
    hasVip: destination.service?.hasVip ?? false,
    autoMtls: cluster.settings.istio.enableAutoMtls,
    allSpeakMutualTls: destination.service?.headless !== true || destination.workloads.every(speaksMutualTls),
    serviceWaypoint: waypoint !== undefined,
    podWaypoint: false,
    ingressOptIn: waypoint?.ingress === true && honoursIngressLabel(cluster),
  });
}

/** A client that speaks HBONE by itself comes with its identity and past every waypoint, as a sidecar does (T-55). */
const callers: Readonly<Partial<Record<Plane, CallerPlane>>> = {
  ambient: 'ambient',
  sidecar: 'sidecar',
  gateway: 'gateway',
  hbone: 'sidecar',
};

/**
 * The pod ports where admitting a caller by identity alone would let more through than the intents say, each with the
 * rules that could not be checked: the rule itself if it looks at requests, and every denial of requests that may mean
 * the same caller.
 */
export function blindPorts(
  context: PlaceContext,
  policy: DestinationPolicy,
  obligation: Obligation,
  caller: Caller,
  point: PointKind,
): Map<number, Obligation[]> {
  const cluster = context.around(policy);
  const denials = new Set(
    policy.destination.workloads.flatMap((workload) => context.denials.get(keyInMesh(workload)) ?? []),
  );
  const meant = [...denials].filter(({ callers }) => callers.some((denied) => overlap(denied, caller)));
  const unchecked = [obligation, ...meant].filter((each) => !canDecide(point, each, cluster));
  const blind = new Map<number, Obligation[]>();
  for (const rule of unchecked)
    for (const port of podPorts(rule) ?? [])
      if (concerns(obligation, port)) blind.set(port, [...(blind.get(port) ?? []), rule]);
  return blind;
}

function concerns(obligation: Obligation, port: number): boolean {
  return podPorts(obligation)?.includes(port) ?? !exceptedPodPorts(obligation).includes(port);
}

export function podPorts({ ports }: Obligation): number[] | undefined {
  return ports && podNumbers(ports);
}

export function exceptedPodPorts({ exceptPorts }: Obligation): number[] {
  return podNumbers(exceptPorts);
}

function podNumbers(ports: readonly DestinationPort[]): number[] {
  return sortedNumbers(ports.flatMap(({ pod }) => pod));
}

/** Who, among those that a caller means, comes past the waypoint to these pod ports. */
export function bypasses(
  context: PlaceContext,
  policy: DestinationPolicy,
  caller: Caller,
  ports: readonly number[],
): Bypass[] {
  const cluster = context.around(policy);
  const direct = membersOf(context, caller).filter(
    (source) =>
      source.plane !== 'none' &&
      source.plane !== 'ambient' &&
      canReach(source, policy, cluster) &&
      arrives(policy, source, cluster) === 'direct with identity',
  );
  const isGateway = ({ plane }: Source) => plane === 'gateway';
  return [
    ...identityBypass(
      'sidecarCallers',
      caller,
      direct.filter((source) => !isGateway(source)),
    ),
    ...identityBypass('gatewayCallers', caller, direct.filter(isGateway)),
    ...outsideBypass(mtlsAtPods(context, policy), caller, ports),
  ];
}

function membersOf(context: PlaceContext, caller: Caller): readonly Source[] {
  if (caller.kind === 'identities' || caller.kind === 'namespace') return caller.members;
  return caller.kind === 'addresses' || caller.kind === 'unidentified'
    ? []
    : context.sources.filter((source) => means(caller, source));
}

function identityBypass(path: Bypass['path'], caller: Caller, sources: readonly Source[]): Bypass[] {
  const [first] = sources;
  if (first === undefined) return [];
  const identities: Caller = {
    kind: 'identities',
    serviceAccounts: sortedUnique(sources.map(({ serviceAccount }) => serviceAccount)),
    members: sources,
    sharers: [],
    except: [],
    label: sources.length === 1 ? `\`${first.name}\`` : `\`${first.name}\` and ${sources.length - 1} more`,
    span: caller.span,
  };
  return [{ path, caller: identities, example: first.name }];
}

/**
 * Plaintext reaches the pods where mTLS is not strict, or has exceptions; it never enters a waypoint (istio-security §4.5).
 * It carries no identity, so that only a rule about anyone or about addresses can mean who sends it.
 */
function outsideBypass({ isStrict, exceptions }: PodMtls, caller: Caller, ports: readonly number[]): Bypass[] {
  const { kind } = caller;
  if (kind !== 'anyone' && kind !== 'addresses' && kind !== 'unidentified') return [];
  const isOpen = (each: Obligation) => podPorts(each)?.some((port) => ports.includes(port)) ?? true;
  const admitted = isStrict ? exceptions.filter(isOpen).flatMap(({ callers }) => callers) : [caller];
  return admitted.map((each) => {
    const outsider = outsiderOf(caller, each);
    return { path: 'outsideCallers', caller: outsider, example: outsider.label };
  });
}

/** Whom a rule and an exception from mTLS mean both: addresses where one of them gives some, else whoever has no identity. */
function outsiderOf(caller: Caller, admitted: Caller): Caller {
  const { span } = caller;
  const anyone: Caller = { kind: 'unidentified', isOne: false, except: [], label: 'anyone in plaintext', span };
  const kinds = ['addresses', 'unidentified'] as const;
  const [narrowest = anyone] = kinds.flatMap((kind) => [caller, admitted].filter((each) => each.kind === kind));
  return { ...narrowest, span };
}
