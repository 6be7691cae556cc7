import type { Cluster, Plane } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { sortedUnique } from '../../util/order.js';
import { flag, type Mesh, type MeshCluster } from '../mesh.js';
import type { Caller } from './caller.js';
import { noPath, notModelled, type Stop } from './hops.js';

/** What decides about a request from one cluster to another. The caller's own istiod chooses its way. */
interface Crossing {
  readonly from: MeshCluster;
  readonly to: MeshCluster;
  readonly speaks: Caller['speaks'];
  readonly plane: Plane;
  readonly addressing: 'service' | 'pod';
}

interface Row {
  readonly where: 'one network' | 'two networks';
  readonly fits: (crossing: Crossing) => boolean;
  /** `undefined`: the request travels as it would within one cluster. */
  readonly stop: Stop | undefined;
}

/** M-02 to M-31, the first row that fits decides. Where they or istio-security §13 leave it open, so does the model. */
const rows: readonly Row[] = [
  { where: 'one network', fits: speaks('plaintext'), stop: undefined },
  { where: 'one network', fits: (each) => isEnvoy(each) && reaches('sidecar', 'none')(each), stop: undefined },
  {
    where: 'one network',
    fits: () => true,
    stop: notModelled('ambient traffic between clusters of one network, which Istio has not tested (M-02)'),
  },
  {
    where: 'two networks',
    fits: ({ addressing }) => addressing === 'pod',
    stop: noPath('what crosses networks is addressed to a Service (M-13)'),
  },
  {
    where: 'two networks',
    fits: speaks('plaintext'),
    stop: noPath('gateways between networks take mutual TLS alone (M-03, M-15)'),
  },
  {
    where: 'two networks',
    fits: (each) => speaks('gateway')(each) && ambientNetworks(each) && !ambientIngress(each),
    stop: noPath('with AMBIENT_ENABLE_MULTI_NETWORK an ingress gateway drops the endpoints of other networks (M-31)'),
  },
  {
    where: 'two networks',
    fits: speaks('gateway'),
    stop: notModelled('how an ingress gateway reaches another network (M-31)'),
  },
  {
    where: 'two networks',
    fits: (each) => isMixed(each) && versionOf(each) >= '1.29',
    stop: noPath('no gateway connects sidecars and ambient pods across networks (M-30)'),
  },
  {
    where: 'two networks',
    fits: isMixed,
    stop: notModelled('sidecars and ambient pods across networks before Istio 1.29 (M-30)'),
  },
  {
    where: 'two networks',
    fits: (each) => speaks('sidecar')(each) && reaches('sidecar')(each),
    stop: notModelled('which gateway passes TLS through to another network, for none is read from manifests (M-30)'),
  },
  {
    where: 'two networks',
    fits: (each) => speaks('ambient')(each) && reaches('ambient')(each),
    stop: notModelled('which identity arrives through an ambient east-west gateway (istio-security §13)'),
  },
  { where: 'two networks', fits: () => true, stop: notModelled('workloads outside the mesh, from another network') },
];

function speaks(...kinds: ReadonlyArray<Caller['speaks']>): Row['fits'] {
  return (crossing) => kinds.includes(crossing.speaks);
}

function reaches(...planes: readonly Plane[]): Row['fits'] {
  return ({ plane }) => planes.includes(plane);
}

function isEnvoy(crossing: Crossing): boolean {
  return speaks('sidecar', 'gateway')(crossing);
}

function isMixed({ speaks: kind, plane }: Crossing): boolean {
  return (kind === 'sidecar' && plane === 'ambient') || (kind === 'ambient' && plane === 'sidecar');
}

function ambientNetworks({ from }: Crossing): boolean {
  return flag(from, 'AMBIENT_ENABLE_MULTI_NETWORK');
}

function ambientIngress({ from }: Crossing): boolean {
  return flag(from, 'AMBIENT_ENABLE_MULTI_NETWORK_INGRESS');
}

function versionOf({ from }: Crossing): string {
  return from.cluster.settings.istio.version;
}

/** Why a request does not get from one cluster to another, or why nobody can say; `undefined` where it does. */
export function stopBetween(crossing: Crossing): Stop | undefined {
  const { from, to } = crossing;
  const where = from.cluster.settings.network === to.cluster.settings.network ? 'one network' : 'two networks';
  return rows.find((row) => row.where === where && row.fits(crossing))?.stop;
}

/** The facts for want of which some requests between clusters are not judged, sorted. */
export function unjudgedCrossings({ clusters }: Mesh): readonly string[] {
  const all = [...clusters.values()];
  const crossings = all.flatMap((from) =>
    all
      .filter((to) => to !== from)
      .flatMap((to) =>
        callersIn(from).flatMap((speaks) =>
          planesIn(to).map((plane): Crossing => ({ from, to, speaks, plane, addressing: 'service' })),
        ),
      ),
  );
  const stops = crossings.map(stopBetween).filter((stop) => stop?.kind === 'not-modelled');
  return sortedUnique(stops.flatMap((stop) => stop?.because ?? []));
}

function callersIn({ cluster }: MeshCluster): ReadonlyArray<Caller['speaks']> {
  const planes = planesIn({ cluster });
  const present = { ambient: planes.includes('ambient'), sidecar: planes.includes('sidecar') };
  return [
    ...(['ambient', 'sidecar'] as const).filter((plane) => present[plane]),
    ...(cluster.gateways.size > 0 ? (['gateway'] as const) : []),
    'plaintext',
  ];
}

function planesIn({ cluster }: Pick<MeshCluster, 'cluster'>): readonly Plane[] {
  return planesOf(cluster.workloads);
}

const planesOf = oncePerObject((workloads: Cluster['workloads']): readonly Plane[] => {
  const planes = new Set([...workloads.values()].map(({ mode }) => mode.plane));
  return (['ambient', 'sidecar'] as const).filter((plane) => planes.has(plane));
});
