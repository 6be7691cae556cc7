import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Source } from '../../../resolve/resolved.js';
import type { ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { keyOf } from '../../../topology/model.js';
import { arrives } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import { homeOf } from '../routes/route-objects.js';

/** TLS of one's own never takes the place of the mesh's, and has one owner. */
export function checkBackendTls(
  context: PlaceContext,
  policy: DestinationPolicy,
  { endpoints }: ResolvedTraffic,
  callers: readonly Source[],
): void {
  const tls = endpoints.whole.tls ?? endpoints.ports.find(({ settings }) => settings.tls)?.settings.tls;
  if (tls === undefined) return;
  const { destination } = policy;
  const label = destinationLabel(destination);
  const cluster = context.clusterOf(policy);
  const meshed = destination.workloads.find(({ mode }) => mode.plane !== 'none');
  const caller = callers.find(
    (source) => replaces.has(source.plane) && arrives(policy, source, cluster) !== 'waypoint',
  );
  if (meshed !== undefined && caller !== undefined) {
    const parameters = { destination: label, caller: caller.name, pod: keyOf(meshed) };
    context.report(diagnostic('tls-in-place-of-the-mesh', parameters, tls.span));
  }
  for (const rival of cluster.tlsPolicies) {
    const { targetRefs } = Object(rival.value.spec);
    const targets: unknown[] = Array.isArray(targetRefs) ? targetRefs : [];
    const isOwn = targets.map(Object).some(({ kind, name }) => kind === 'Service' && name === destination.name);
    if (!isOwn || homeOf(rival) !== destination.namespace) continue;
    const parameters = { policy: keyOf({ namespace: homeOf(rival), name: rival.name }), destination: label };
    const notes = [{ message: 'the other is here', span: spanIn(rival, ['metadata', 'name']) }];
    context.report(diagnostic('backend-tls-exists', parameters, tls.span, { notes }));
  }
}

/** Planes whose proxies speak the mesh's mutual TLS to pods, unless a DestinationRule names another TLS (T-46). */
const replaces: ReadonlySet<Source['plane']> = new Set(['sidecar', 'gateway']);
