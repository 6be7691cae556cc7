import { join } from 'node:path';
import {
  type EndpointFeature,
  endpointCapabilities,
  notKept,
  type SendingPoint,
} from '../../../src/dataplanes/endpoints.js';
import { type IstioVersion, istioVersions } from '../../../src/parse/mesh.js';

interface Row {
  readonly name: string;
  /** A golden case where it is kept to. */
  readonly kept: string;
  /** One where it is refused, for who does not keep to it. */
  readonly refused?: string;
}

/** What a feature is called in the language, and where it is shown. */
export const endpointRows: Readonly<Record<EndpointFeature, Row>> = {
  algorithm: { name: '`balance: { algorithm: … }`', kept: 'traffic/endpoints-on-ambient' },
  passThrough: {
    name: '`balance: { algorithm: PassThrough }`',
    kept: 'traffic/pass-through',
    refused: 'diagnostics/AMB3061-wish-not-kept',
  },
  warmup: { name: '`balance: { warmup: … }`', kept: 'traffic/endpoints-on-sidecars' },
  affinity: { name: '`affinity`', kept: 'traffic/one-rule-for-all-callers' },
  affinityByAddress: {
    name: '`affinity: { sourceIP: true }`',
    kept: 'traffic/shares-of-localities',
    refused: 'diagnostics/AMB3061-address-at-waypoint',
  },
  affinityWithoutRoute: {
    name: '`affinity` of a Service without routes',
    kept: 'traffic/affinity-at-waypoint-1.31',
    refused: 'traffic/affinity-at-waypoint',
  },
  nearPods: { name: '`locality: { prefer: … }`', kept: 'traffic/near-pods' },
  localityDisabled: { name: '`locality: Disabled`', kept: 'traffic/tls-by-secret-at-waypoint' },
  failover: { name: '`locality: { failover, failoverBy }`', kept: 'traffic/endpoints-on-sidecars' },
  distribute: { name: '`locality: { distribute: … }`', kept: 'traffic/shares-of-localities' },
  limits: { name: '`connections`', kept: 'traffic/endpoints-on-sidecars' },
  outliers: { name: '`outliers`', kept: 'traffic/endpoints-on-ambient', refused: 'diagnostics/AMB3061-headless' },
  tls: { name: '`tls`', kept: 'traffic/tls-to-pods-outside-the-mesh' },
  tlsByFiles: {
    name: '`tls` with files',
    kept: 'traffic/tls-to-pods-outside-the-mesh',
    refused: 'diagnostics/AMB3061-files-at-waypoint',
  },
  tlsByCredential: {
    name: '`tls: { credential: … }`',
    kept: 'traffic/tls-by-secret-at-waypoint',
    refused: 'diagnostics/AMB3061-secret-for-sidecars',
  },
};

const points: readonly SendingPoint[] = ['sidecar', 'ztunnel', 'waypoint', 'gateway'];

/** Every feature of the capabilities. */
export const endpointFeatures: readonly EndpointFeature[] = [
  ...new Set(endpointCapabilities.map(({ feature }) => feature)),
];

/** Whether anything is refused, or done in another way, at a point other than ztunnel. */
export function isRefusedSomewhere(feature: EndpointFeature): boolean {
  return points.some(
    (point) => point !== 'ztunnel' && istioVersions.some((version) => lackOf(feature, point, version)),
  );
}

function lackOf(feature: EndpointFeature, point: SendingPoint, version: IstioVersion) {
  return notKept(feature, point, { istio: { version } } as Parameters<typeof notKept>[2]);
}

/** The part of docs/traffic.md about the way to the pods. */
export function endpointTable(): string {
  const head = ['Asked for', ...points];
  const rows = endpointFeatures.map((feature) => [
    link(endpointRows[feature].name, endpointRows[feature].kept),
    ...points.map((point) => cellText(feature, point)),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${introduction}${lines.join('\n')}\n`;
}

const introduction = `
## On the way to the pods

A DestinationRule says it, or an annotation of the Service. What ztunnel does not do plans a waypoint, and what that does not do
either is refused (AMB3061).

`;

function cellText(feature: EndpointFeature, point: SendingPoint): string {
  const lacking = istioVersions.filter((version) => lackOf(feature, point, version) !== undefined);
  const { form } = endpointCapabilities.find((row) => row.feature === feature) ?? {};
  const said = form === 'Service' ? 'annotation' : 'DestinationRule';
  if (lacking.length === 0) return said;
  if (point === 'ztunnel') {
    const hasWay = istioVersions.some((version) => lackOf(feature, 'waypoint', version) === undefined);
    return hasWay ? 'plans a waypoint' : 'refused';
  }
  if (feature === 'affinityWithoutRoute')
    return `${said} and ${link('a route', endpointRows[feature].refused)}, until ${lacking.at(-1)}; ${said}, from 1.31 on`;
  const why = lackOf(feature, point, lacking[0] as IstioVersion)?.because;
  return `${link('refused', endpointRows[feature].refused)}: ${why}`;
}

function link(text: string, golden: string | undefined): string {
  return golden === undefined ? text : `[${text}](${join('..', 'golden', golden)})`;
}
