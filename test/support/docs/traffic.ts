import {
  missing,
  type RouteCapability,
  type RouteFeature,
  type RouteForm,
  routeCapabilities,
} from '../../../src/dataplanes/traffic.js';
import type { ClusterSettings } from '../../../src/parse/mesh.js';
import { istioVersions } from '../../../src/parse/mesh.js';
import { formsOf } from '../../../src/passes/place/gateway-routes/forms-of.js';
import { forms } from '../../../src/passes/place/routes/choose-form.js';
import { fieldTables } from './api-fields/index.js';
import { endpointTable } from './endpoints.js';
import { withCase } from './golden-case.js';
import { hostTable } from './hosts.js';
import { limitTable } from './limits.js';
import { publicUseTable } from './public-use.js';
import { reachabilityTable } from './reachability.js';
import { recordTable } from './records.js';
import { type Column, evidenceOf } from './traffic-evidence.js';

/** What a feature is called in the language, for a reader who looks for it. */
export const featureNames: Readonly<Record<RouteFeature, string>> = {
  matchPath: '`match: [{ paths: [/a, /a/*] }]`',
  matchPathRegex: '`match: [{ paths: ["*.css", { regex: … }] }]`',
  matchIgnoringCase: '`match: [{ paths: …, ignoreCase: true }]`',
  matchHost: '`match: [{ hosts: … }]`',
  matchMethod: '`match: [{ methods: … }]`',
  matchHeader: '`match: [{ headers: … }]`',
  matchQuery: '`match: [{ query: … }]`',
  matchPort: '`match: [{ port: … }]`',
  exceptHeaders: '`match: [{ except: { headers: … } }]`',
  writtenOrder: 'routes whose order Gateway API would change',
  manyMatches: 'more routes or matches than an HTTPRoute holds',
  versions: '`to: [{ version: … }]`',
  split: '`to` with several weights, `split`, `rollout`',
  externalWeights: '`weights: External`',
  otherService: '`to: [{ service: … }]`',
  serviceWithoutVirtualIp: '`to: [{ service: … }]`, or `mirror`, of a Service without virtual IP',
  otherHost: '`to: [{ host: … }]`',
  throughGateway: '`through: { gateway: … }` of a host',
  hostAmongOthers: '`scope: { host: … }` of a ServiceEntry with several hosts',
  connections: '`to` for a TCP port',
  connectionsOfTls: '`to` for a port of a Service that is declared TLS',
  connectionsByName: '`to` for a port of a host that is declared TLS',
  serverNames: '`match: [{ serverNames: … }]`',
  redirect: '`redirect`',
  redirectStatus: '`redirect: { status: 303 }` or 307, 308',
  respond: '`respond`',
  rewritePath: '`rewrite: { path: … }`',
  rewritePrefix: '`rewrite: { prefix: … }` for `/a` and `/a/*`',
  rewriteRawPrefix: '`rewrite: { prefix: … }` for another beginning',
  rewriteHost: '`rewrite: { host: … }`',
  changeHeaders: '`headers`',
  mirror: '`mirror`',
  timeout: '`timeout`',
  perTryTimeout: '`retries: { perTryTimeout: … }`',
  retries: '`retries: { attempts: … }`',
  retryOn: '`retries: { retryOn: … }` other than the usual failures',
  backoff: '`retries: { backoff: … }`',
  fault: '`faults`',
  cors: '`cors`',
  corsPatterns: '`cors: { origins: [https://a.*] }`',
  exported: '`exportTo`, and routes that the mesh’s `defaultVirtualServiceExportTo` hides from who reads them',
};

/** Who routes, and in which forms. */
export const columns: ReadonlyArray<{
  readonly name: Column;
  readonly point: 'sidecar' | 'waypoint' | 'gateway';
  readonly forms: readonly RouteForm[];
}> = [
  { name: 'sidecar', point: 'sidecar', forms: forms.sidecar },
  { name: 'waypoint', point: 'waypoint', forms: forms.waypoint },
  { name: 'Gateway of Gateway API', point: 'gateway', forms: formsOf['gateway-api'] },
  { name: 'Istio’s own Gateway', point: 'gateway', forms: formsOf.istio },
];

/** What settings of a gateway do not have. */
const ofServices: readonly RouteFeature[] = [
  'exported',
  'hostAmongOthers',
  'throughGateway',
  'connectionsOfTls',
  'connectionsByName',
];

/** What becomes of a feature there: the form that says it, or why none does. */
export type Outcome = { readonly form: RouteForm } | { readonly refused: RouteCapability };

interface Cell {
  readonly outcome: Outcome;
  /** Where it is so: releases, and the channel of the CRDs where it matters. */
  readonly where: string;
}

const channels = ['standard', 'experimental'] as const;

/** Each distinct outcome of a feature in a column, and under which releases and CRDs. */
export function cellsOf(feature: RouteFeature, { point, forms: known }: (typeof columns)[number]): readonly Cell[] {
  if (point === 'gateway' && ofServices.includes(feature)) return [];
  const all = istioVersions.flatMap((version) =>
    channels.map((channel) => {
      const settings = { istio: { version }, gatewayApi: { channel } } as unknown as ClusterSettings;
      return { version, channel, outcome: outcomeOf(feature, point, known, settings) };
    }),
  );
  const names = [...new Set(all.map(({ outcome }) => nameOf(outcome)))];
  return names.map((name) => {
    const here = all.filter(({ outcome }) => nameOf(outcome) === name);
    return { outcome: here[0]?.outcome as Outcome, where: whereOf(here, all.length) };
  });
}

function outcomeOf(
  feature: RouteFeature,
  point: 'sidecar' | 'waypoint' | 'gateway',
  known: readonly RouteForm[],
  settings: ClusterSettings,
): Outcome {
  const form = known.find((each) => missing(feature, each, point, settings) === undefined);
  if (form !== undefined) return { form };
  const [first = 'HTTPRoute'] = known;
  return { refused: missing(feature, first, point, settings) as RouteCapability };
}

export function nameOf(outcome: Outcome): string {
  return 'form' in outcome ? outcome.form : 'refused';
}

function whereOf(here: ReadonlyArray<{ readonly version: string; readonly channel: string }>, count: number): string {
  if (here.length === count) return '';
  const versions = [...new Set(here.map(({ version }) => version))];
  const [first] = versions;
  const found = [...new Set(here.map(({ channel }) => channel))];
  if (found.length === 1) return `, ${found[0]} CRDs`;
  return first === '1.28' ? `, until ${versions.at(-1)}` : `, from ${first} on`;
}

const introduction = `# What is written for traffic settings, where, and since when

For each field of TrafficSettings: the kind of object that Ambit writes for it, or why it refuses. Where a Service asks for
several things, the first kind of object is taken that says them all; for a waypoint that is an HTTPRoute before a
VirtualService, and what no kind says together is refused (AMB3060). In parentheses stands the folder of \`golden/traffic\` (or of
\`golden\`) in the sources that holds an input and its output.

ztunnel routes nothing: where ambient callers may ask for a Service with routes, a waypoint is planned, and the table’s column for
it holds. With TCPRoutes, \`HTTPRoute\` stands for the routes of Gateway API.

How it was confirmed: of what one request shows (verdict, status, where it ends, method, path, host and headers that arrive there)
Envoy was asked, with what Istio’s own istiod tells it; timeouts, retries, faults and the shares of mirrors were compared as istiod
tells them, on random routes ([verification](verification.md#where-routes-lead)). All cases of \`golden/traffic\` were put before both
on 30 November 2026: of 22,568 requests in 304 states 20,656 have the same answer, 668 are stopped by both with another status, 1,234 the
judge does not cover, and of 10 the model says what it lacks. Read in the code alone: server names of TLS, the Location of redirects, where copies go.

`;

/** The page docs/traffic.md. */
export function trafficPage(): string {
  const evidence = evidenceOf();
  const features = Object.keys(featureNames) as RouteFeature[];
  const head = ['Asked for', ...columns.map(({ name }) => name)];
  const rows = features.map((feature) => [
    featureNames[feature],
    ...columns.map((column) =>
      cellsOf(feature, column)
        .map((cell) => cellText(cell, evidence.get(`${feature} ${column.name} ${nameOf(cell.outcome)}`)))
        .join('; '),
    ),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const others = [
    endpointTable(),
    hostTable(),
    reachabilityTable(),
    recordTable(),
    limitTable(),
    fieldTables(),
    publicUseTable(),
  ];
  return `${introduction}${lines.join('\n')}\n\n${others.join('\n')}`;
}

function cellText({ outcome, where }: Cell, golden: string | undefined): string {
  const text = 'form' in outcome ? outcome.form : 'refused';
  const shown = withCase(text, golden);
  return 'form' in outcome ? `${shown}${where}` : `${shown}${where}: ${outcome.refused.because}`;
}

/** Whether the table has a row for every feature that the capabilities know. */
export const knownFeatures: readonly RouteFeature[] = [...new Set(routeCapabilities.map(({ feature }) => feature))];
