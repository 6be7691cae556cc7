import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import type { BackendTls } from '../../../parse/traffic/endpoints.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import type { Source } from '../../../resolve/resolved.js';
import type { ResolvedEndpoints, ResolvedTraffic } from '../../../resolve/resolved-traffic.js';
import { isOutside } from '../../../resolve/traffic/outside/outside-hosts.js';
import { keyOf, type ServicePort } from '../../../topology/model.js';
import { isTlsPort } from '../../../topology/tls-port.js';
import { arrives } from '../at-waypoints/blind-spots.js';
import type { PlaceContext } from '../context.js';
import { homeOf } from '../routes/route-objects.js';

/** TLS of one's own never takes the place of the mesh's, has one owner, and is not wrapped around another. */
export function checkBackendTls(
  context: PlaceContext,
  policy: DestinationPolicy,
  { endpoints }: ResolvedTraffic,
  callers: readonly Source[],
): void {
  const ports = (policy.destination.service?.ports ?? []).flatMap((port) => {
    const tls = tlsAt(endpoints, port);
    return tls ? [{ port, tls }] : [];
  });
  const [first] = ports;
  if (first === undefined) return;
  refuseInPlaceOfTheMesh(context, policy, first.tls, callers);
  refuseBesidePolicy(context, policy, first.tls);
  remarkOnAuthorities(context, policy, first.tls);
  for (const tls of new Set(ports.map((each) => each.tls))) warnOfAnyName(context, policy, tls);
  for (const { port, tls } of ports) refuseAroundTls(context, policy, port, tls);
}

function tlsAt({ whole, ports }: ResolvedEndpoints, { name, number }: ServicePort): BackendTls | undefined {
  const own = ports.find(({ port: { value } }) => value === number || value === name);
  return (own?.settings ?? whole).tls;
}

/** Planes whose proxies speak the mesh's mutual TLS to pods, unless a DestinationRule names another TLS (T-46). */
const replaces: ReadonlySet<Source['plane']> = new Set(['sidecar', 'gateway']);

function refuseInPlaceOfTheMesh(
  context: PlaceContext,
  policy: DestinationPolicy,
  { span }: BackendTls,
  callers: readonly Source[],
): void {
  const { destination } = policy;
  const cluster = context.clusterOf(policy);
  const meshed = destination.workloads.find(({ mode }) => mode.plane !== 'none');
  const own = new Set(destination.workloads.map(keyOf));
  const replacing = callers.filter(
    (source) => replaces.has(source.plane) && arrives(policy, source, cluster) !== 'waypoint',
  );
  const caller = replacing.find(({ name }) => !own.has(name)) ?? replacing[0];
  if (meshed === undefined || caller === undefined) return;
  const parameters = { destination: destinationLabel(destination), caller: caller.name, pod: keyOf(meshed) };
  context.report(diagnostic('tls-in-place-of-the-mesh', parameters, span));
}

function refuseBesidePolicy(context: PlaceContext, policy: DestinationPolicy, { span }: BackendTls): void {
  const { destination } = policy;
  for (const rival of context.clusterOf(policy).tlsPolicies) {
    const { targetRefs } = Object(rival.value.spec);
    const targets: unknown[] = Array.isArray(targetRefs) ? targetRefs : [];
    const isOwn = targets.map(Object).some(({ kind, name }) => kind === 'Service' && name === destination.name);
    if (!isOwn || homeOf(rival) !== destination.namespace) continue;
    const name = keyOf({ namespace: homeOf(rival), name: rival.name });
    const notes = [{ message: 'the other is here', span: spanIn(rival, ['metadata', 'name']) }];
    const parameters = { policy: name, destination: destinationLabel(destination) };
    context.report(diagnostic('backend-tls-exists', parameters, span, { notes }));
  }
}

/** Without a word on who vouches for certificates a proxy asks its own system, which seldom knows an authority within a cluster (F-12). */
function remarkOnAuthorities(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  { credential, caCertificates, insecureSkipVerify, span }: BackendTls,
): void {
  if (isOutside(destination) || credential !== undefined || caCertificates !== undefined || insecureSkipVerify) return;
  context.report(diagnostic('verified-by-the-system', { destination: destinationLabel(destination) }, span));
}

/** The name in a certificate is compared with the host of the request only where nothing else is asked for (F-12). */
function warnOfAnyName(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  { serverName, subjectAltNames, insecureSkipVerify, span }: BackendTls,
): void {
  if (serverName === undefined || subjectAltNames !== undefined || insecureSkipVerify) return;
  const label = destinationLabel(destination);
  const witness = `whoever has a certificate of the same authority, for whatever name, is taken for ${label}`;
  context.report(diagnostic('certificate-of-any-name', { destination: label, serverName }, span, { witness }));
}

function refuseAroundTls(
  context: PlaceContext,
  { destination }: DestinationPolicy,
  port: ServicePort,
  { span }: BackendTls,
): void {
  if (!isTlsPort(port)) return;
  const { name, number, protocol } = port;
  const parameters = { port: name ?? String(number), destination: destinationLabel(destination), protocol };
  context.report(diagnostic('tls-around-tls', parameters, span));
}
