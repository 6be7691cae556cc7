import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { Connections } from '../../../parse/traffic/endpoints.js';
import type { Cluster, ServicePort } from '../../../topology/model.js';
import type { ResolveContext } from '../../context.js';
import type { Destination } from '../../resolved.js';
import type { ResolvedEndpoints } from '../../resolved-traffic.js';

/** Reports a limit beside another one that goes before it. */
export function checkLimits(context: ResolveContext, { retryBudget, maxRetries }: Connections): void {
  if (retryBudget && maxRetries) report(context, 'maxRetries', '`retryBudget` goes before it (F-24)', maxRetries.span);
}

/** Reports limits that no port of a Service keeps to. */
export function checkLimitsOfPorts(
  context: ResolveContext,
  { service, cluster }: Destination,
  { whole, ports }: ResolvedEndpoints,
): void {
  const asked = (service?.ports ?? [])
    .filter(({ layer }) => layer !== 'tcp')
    .map((port) => {
      const own = ports.find(({ port: { value } }) => value === port.number || value === port.name);
      return { port, own, limits: (own?.settings ?? whole).connections };
    });
  for (const { port, own, limits } of asked) {
    const why = `settings of port \`${port.name ?? port.number}\` have no budget, and take nothing of those for the whole (F-24)`;
    if (own && limits?.retryBudget) report(context, 'retryBudget', why, limits.retryBudget.span);
  }
  const settings = context.topology.clusters.find(({ name }) => name === cluster)?.settings;
  for (const field of ['maxStreams', 'http2KeepAlive'] as const) {
    const limited = asked.filter(({ limits }) => limits?.[field]);
    const span = limited[0]?.limits?.[field]?.span;
    if (span === undefined || limited.some(({ port, limits }) => mayBeHttp2(settings, port, limits))) continue;
    report(context, field, 'no port that it is for speaks HTTP/2 (F-25); `http2: true` would make it so', span);
  }
}

const http2: ReadonlySet<string> = new Set(['http2', 'grpc', 'grpc-web']);

/** Whether requests go on as HTTP/2: as they come, because it is said here, or maybe because the mesh says so. */
function mayBeHttp2(
  settings: Cluster['settings'] | undefined,
  { protocol }: ServicePort,
  limits: Connections | undefined,
): boolean {
  const ofMesh = settings?.istio.trafficDefaults?.some(({ field }) => field === 'h2UpgradePolicy') === true;
  return http2.has(protocol) || (protocol === 'http' && (limits?.http2?.value ?? ofMesh));
}

function report(context: ResolveContext, field: string, why: string, span: Span): void {
  context.report(diagnostic('connections-without-effect', { field, why }, span));
}
