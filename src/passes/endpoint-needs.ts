import { type EndpointFeature, notKept } from '../dataplanes/endpoints.js';
import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Affinity, BackendTls, Balance, EndpointSettings, Locality } from '../parse/traffic/endpoints.js';
import type { ResolvedTraffic } from '../resolve/resolved-traffic.js';
import type { Cluster } from '../topology/model.js';
import { sortedUnique } from '../util/order.js';

/** One thing that settings ask of whoever sends on to pods, and where they do. */
export interface EndpointNeed {
  readonly feature: EndpointFeature;
  /** What is wished, to follow a name: `limits connections`. */
  readonly wish: string;
  readonly span: Span;
}

/** Everything that settings ask of whoever sends on to the pods of a Service. */
export function endpointNeeds({ endpoints, versions, origin }: ResolvedTraffic): EndpointNeed[] {
  const all = [endpoints, ...versions.flatMap((version) => version.endpoints ?? [])];
  return all
    .flatMap(({ whole, ports }) => [whole, ...ports.map(({ settings }) => settings)])
    .flatMap((settings) => needsOf(settings, origin.span));
}

/** What of it ztunnel does not do, so that ambient callers need a waypoint. */
export function wishesBeyondZtunnel(traffic: ResolvedTraffic, settings: Cluster['settings']): string[] {
  const beyond = endpointNeeds(traffic).filter(({ feature }) => notKept(feature, 'ztunnel', settings) !== undefined);
  return sortedUnique(beyond.map(({ wish }) => wish));
}

function needsOf(settings: EndpointSettings, otherwise: Span): EndpointNeed[] {
  const { balance, affinity, locality, connections, outliers, tls } = settings;
  const [limit] = Object.values(connections ?? {});
  const [detection] = Object.values(outliers ?? {});
  return [
    ...(balance ? needsOfBalance(balance) : []),
    ...(affinity ? needsOfAffinity(affinity) : []),
    ...(locality ? [needOfLocality(locality)] : []),
    ...(connections
      ? [{ feature: 'limits' as const, wish: 'limits connections', span: limit?.span ?? otherwise }]
      : []),
    ...located('retryBudget', 'bounds retries by a share', connections?.retryBudget),
    ...located('http2KeepAlive', 'pings over HTTP/2', connections?.http2KeepAlive),
    ...(outliers
      ? [{ feature: 'outliers' as const, wish: 'ejects pods that fail', span: detection?.span ?? otherwise }]
      : []),
    ...(tls ? needsOfTls(tls) : []),
  ];
}

function located(feature: EndpointFeature, wish: string, value: Located<unknown> | undefined): EndpointNeed[] {
  return value ? [{ feature, wish, span: value.span }] : [];
}

function needsOfBalance({ algorithm, warmup }: Balance): EndpointNeed[] {
  const feature = algorithm?.value === 'PassThrough' ? 'passThrough' : 'algorithm';
  return [
    ...(algorithm ? [{ feature, wish: `balances by ${algorithm.value}`, span: algorithm.span } as const] : []),
    ...(warmup ? [{ feature: 'warmup' as const, wish: 'warms up new pods', span: warmup.span }] : []),
  ];
}

function needsOfAffinity({ by, span }: Affinity): EndpointNeed[] {
  return [
    { feature: 'affinity', wish: 'binds callers to pods', span },
    ...(by.kind === 'sourceIP'
      ? [{ feature: 'affinityByAddress' as const, wish: 'binds callers to pods by address', span }]
      : []),
  ];
}

const localities = {
  disabled: { feature: 'localityDisabled', wish: 'takes no heed of localities' },
  prefer: { feature: 'nearPods', wish: 'prefers pods that are near' },
  failover: { feature: 'failover', wish: 'fails over between regions' },
  failoverBy: { feature: 'failover', wish: 'fails over by labels' },
  distribute: { feature: 'distribute', wish: 'shares requests out among localities' },
} as const;

function needOfLocality({ kind, span }: Locality): EndpointNeed {
  return { ...localities[kind], span };
}

function needsOfTls({ credential, clientCertificate, caCertificates, span }: BackendTls): EndpointNeed[] {
  const wish = 'begins TLS to the pods';
  const hasFiles = clientCertificate !== undefined || caCertificates !== undefined;
  return [
    { feature: 'tls', wish, span },
    ...(hasFiles ? [{ feature: 'tlsByFiles' as const, wish: 'names files for TLS', span }] : []),
    ...(credential === undefined
      ? []
      : [{ feature: 'tlsByCredential' as const, wish: 'names a Secret for TLS', span }]),
  ];
}
