import {
  type EndpointCapability,
  type EndpointFeature,
  type EndpointForm,
  endpointCapabilities,
  notKept,
  type SendingPoint,
} from '../../../src/dataplanes/endpoints.js';
import { type IstioVersion, istioVersions } from '../../../src/parse/mesh.js';
import { endpointEvidence } from './endpoint-evidence.js';
import { withCase } from './golden-case.js';

/** What a feature is called in the language, for a reader who looks for it. */
export const endpointNames: Readonly<Record<EndpointFeature, string>> = {
  algorithm: '`balance: { algorithm: RoundRobin }`, LeastRequest, Random',
  passThrough: '`balance: { algorithm: PassThrough }`',
  warmup: '`balance: { warmup: … }`',
  affinity: '`affinity`',
  affinityWithoutRoute: '`affinity` for a Service without routes',
  affinityByAddress: '`affinity: { sourceIP: true }`',
  nearPods: '`locality: { prefer: … }`',
  localityDisabled: '`locality: Disabled`',
  failover: '`locality: { failover: … }`, `failoverBy`',
  distribute: '`locality: { distribute: … }`',
  limits: '`connections`',
  retryBudget: '`connections: { retryBudget: … }`',
  http2KeepAlive: '`connections: { http2KeepAlive: … }`',
  outliers: '`outliers`',
  tls: '`tls`',
  tlsByFiles: '`tls: { clientCertificate: … }`, `caCertificates`',
  tlsByCredential: '`tls: { credential: … }`',
};

export const endpointFeatures = Object.keys(endpointNames) as readonly EndpointFeature[];

export interface EndpointColumn {
  readonly name: string;
  readonly point: SendingPoint;
  readonly isHeadless: boolean;
}

/** Who sends on to the pods of a Service. */
export const endpointColumns: readonly EndpointColumn[] = [
  { name: 'sidecar', point: 'sidecar', isHeadless: false },
  { name: 'sidecar, Service without virtual IP', point: 'sidecar', isHeadless: true },
  { name: 'ztunnel', point: 'ztunnel', isHeadless: false },
  { name: 'waypoint', point: 'waypoint', isHeadless: false },
  { name: 'gateway', point: 'gateway', isHeadless: false },
];

/** What is written; or that a waypoint is planned to do it, or that it is refused. */
export type EndpointOutcome = EndpointForm | 'DestinationRule and a route' | 'a waypoint is planned' | 'refused';

interface EndpointCell {
  readonly outcome: EndpointOutcome;
  /** Why it is not kept there; empty where it is. */
  readonly because: string;
  readonly versions: readonly IstioVersion[];
}

/** What asks for the whole too: where that is not kept, the reason is the same. */
const wholes: Readonly<Partial<Record<EndpointFeature, EndpointFeature>>> = {
  affinityByAddress: 'affinity',
  affinityWithoutRoute: 'affinity',
  http2KeepAlive: 'limits',
  tlsByFiles: 'tls',
  tlsByCredential: 'tls',
};

/** Each distinct outcome of a feature in a column, and under which releases. */
export function endpointCells(feature: EndpointFeature, column: EndpointColumn): readonly EndpointCell[] {
  const whole = wholes[feature];
  if (column.isHeadless && whole && endpointCells(whole, column)[0]?.outcome === 'refused') return [];
  const all = istioVersions.map((version) => ({ version, ...outcomeOf(feature, column, version) }));
  const outcomes = [...new Set(all.map(({ outcome }) => outcome))];
  return outcomes.map((outcome) => {
    const here = all.filter((each) => each.outcome === outcome);
    return { outcome, because: here[0]?.because ?? '', versions: here.map(({ version }) => version) };
  });
}

function outcomeOf(
  feature: EndpointFeature,
  { point, isHeadless }: EndpointColumn,
  version: IstioVersion,
): Omit<EndpointCell, 'versions'> {
  const settings = { istio: { version } } as unknown as Parameters<typeof notKept>[2];
  const lack = notKept(feature, point, settings, isHeadless);
  if (lack === undefined) return { outcome: formOf(feature), because: '' };
  const { because } = lack;
  if (feature === 'affinityWithoutRoute' && point === 'waypoint')
    return { outcome: 'DestinationRule and a route', because };
  if (point !== 'ztunnel' || isRefusedAtWaypoint(feature, version)) return { outcome: 'refused', because };
  const reason = notKept(wholes[feature] ?? feature, point, settings)?.because ?? because;
  return { outcome: 'a waypoint is planned', because: reason };
}

function isRefusedAtWaypoint(feature: EndpointFeature, version: IstioVersion): boolean {
  return outcomeOf(feature, { name: 'waypoint', point: 'waypoint', isHeadless: false }, version).outcome === 'refused';
}

function formOf(feature: EndpointFeature): EndpointForm {
  const row = endpointCapabilities.find((each) => each.feature === feature) as EndpointCapability;
  return row.form;
}

const introduction = `## On the way to pods

What is asked of whoever chooses a pod and connects to it. \`Service\` stands for an annotation of the Service. ztunnel reads no
DestinationRule: where ambient callers may ask for the Service, a waypoint is planned, and what a waypoint does not do either is
refused (AMB3061). A Service without virtual IP never has a waypoint, so that ztunnel keeps to nothing of this for it.

How it was confirmed: as the settings that istiod tells the proxies, with random routes; no load was made, no pod failed and no
locality was far.

`;

/** The second table of docs/traffic.md. */
export function endpointTable(): string {
  const evidence = endpointEvidence();
  const head = ['Asked for', ...endpointColumns.map(({ name }) => name)];
  const rows = endpointFeatures.map((feature) => [
    endpointNames[feature],
    ...endpointColumns.map((column) =>
      endpointCells(feature, column)
        .map((cell) => cellText(cell, evidence.get(`${feature} ${column.name}: ${cell.outcome}`)))
        .join('; '),
    ),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${introduction}${lines.join('\n')}\n`;
}

function cellText({ outcome, because, versions }: EndpointCell, golden: string | undefined): string {
  const shown = withCase(outcome, golden);
  const reason = because === '' ? '' : `: ${because}`;
  return `${shown}${whereOf(versions)}${reason}`;
}

function whereOf(versions: readonly IstioVersion[]): string {
  if (versions.length === istioVersions.length) return '';
  return versions[0] === istioVersions[0] ? `, until ${versions.at(-1)}` : `, from ${versions[0]} on`;
}
