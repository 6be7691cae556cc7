import type { Span } from '../../../diagnostics/diagnostic.js';
import type { DestinationPolicy, Obligation } from '../../../ir/policy-ir.js';
import type { MtlsMode } from '../../../parse/ast.js';
import { workloadDestination } from '../../../resolve/deployed-parts.js';
import type { Setting } from '../../../resolve/resolved.js';
import { nearness } from '../../../resolve/scopes.js';
import { keyInMesh, type Service, type Workload } from '../../../topology/model.js';
import { groupBy, sortBy } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { destinationSpan } from '../destination-span.js';
import { objectName } from '../object-name.js';

/** What pods ask of plaintext: they have one mode, whichever of their Services it was written for. */
export interface PodMtls {
  /** The mode of each of the workloads, as far as settings give one. */
  readonly settings: ReadonlyArray<Setting<MtlsMode>>;
  readonly isStrict: boolean;
  /** Which unauthenticated clients are accepted all the same. */
  readonly exceptions: readonly Obligation[];
}

export function mtlsAtPods({ ownMtls }: PlaceContext, policy: DestinationPolicy): PodMtls {
  const owners = policy.destination.workloads.map((workload) => ownMtls.get(keyInMesh(workload)) ?? [policy]);
  const modes = owners.map((each) => nearestModes(each)[0]);
  return {
    settings: modes.filter((mode) => mode !== undefined),
    isStrict: modes.every((mode) => mode?.value === 'Strict'),
    exceptions: exceptionsOf(owners.flat()),
  };
}

/** The modes that settings of the nearest scope give to pods: two where Services of the same pods are given different ones. */
export function nearestModes(owners: readonly DestinationPolicy[]): ReadonlyArray<Setting<MtlsMode>> {
  const settings = owners.flatMap(({ mtls }) => mtls ?? []);
  const nearest = Math.max(...settings.map(({ scope }) => nearness[scope.kind]));
  return settings.filter(({ scope }) => nearness[scope.kind] === nearest);
}

/** An exception holds for the pods, whichever of their Services it was written for. */
function exceptionsOf(owners: readonly DestinationPolicy[]): Obligation[] {
  return [...new Set(owners.flatMap(({ plaintext }) => plaintext))];
}

/** Pods that need one PeerAuthentication of their own: those that the same settings and exceptions speak of. */
export interface MtlsGroup {
  readonly cluster: string;
  readonly namespace: string;
  /** How the names of its objects begin. */
  readonly name: string;
  readonly service: Service | undefined;
  readonly workloads: readonly Workload[];
  readonly mode: MtlsMode;
  /** The settings that give the mode, the nearest ones. */
  readonly settings: ReadonlyArray<Setting<MtlsMode>>;
  readonly exceptions: readonly Obligation[];
  /** What somebody wrote about them. */
  readonly span: Span | null;
}

export function mtlsGroups({ ownMtls }: PlaceContext): MtlsGroup[] {
  const owned = sortBy(ownMtls, ([key]) => key).flatMap(([key, owners]) => {
    const workload = owners[0]?.destination.workloads.find((each) => keyInMesh(each) === key);
    return workload ? [{ workload, owners }] : [];
  });
  const alike = groupBy(owned, ({ owners }) => owners.map(({ destination }) => destination.id).join(' '));
  return [...alike.values()].flatMap(([first, ...rest]) =>
    first
      ? groupsOf(
          first.owners,
          [first, ...rest].map(({ workload }) => workload),
        )
      : [],
  );
}

/** One group under the name of a destination with exactly these pods; where there is none, a group for each workload. */
function groupsOf(owners: readonly DestinationPolicy[], workloads: readonly Workload[]): MtlsGroup[] {
  const settings = [...new Set(nearestModes(owners))];
  const mode = settings[0]?.value;
  if (mode === undefined) return [];
  const exact = owners.find(({ destination }) => destination.workloads.length === workloads.length)?.destination;
  const homes = exact ? [{ ...exact, workloads }] : workloads.map(workloadDestination);
  return homes.map((home) => ({
    cluster: home.cluster,
    namespace: home.namespace,
    name: objectName(home),
    service: home.service,
    workloads: home.workloads,
    mode,
    settings,
    exceptions: exceptionsOf(owners),
    span: owners[0] ? destinationSpan(owners[0]) : null,
  }));
}
