import { diagnostic } from '../diagnostics/create.js';
import type { Span } from '../diagnostics/diagnostic.js';
import type { AskedProvider, ExtensionProvider } from '../parse/mesh.js';
import type { Cluster, ServicePort } from '../topology/model.js';
import { providerHost } from '../topology/provider-host.js';
import { sortedNumbers, sortedUnique } from '../util/order.js';
import type { ResolveContext } from './context.js';

/** The external authorizers that the Mesh document describes: whether there is somebody to ask, and whether proxies are told. */
export function checkDeclaredProviders(context: ResolveContext): void {
  for (const cluster of context.topology.clusters)
    for (const provider of cluster.settings.istio.extensionProviders ?? []) {
      if (provider.span === undefined) continue;
      checkSettings(context, provider, provider.span);
      checkAsked(context, provider, provider.span);
      checkInstalled(context, cluster, provider, provider.span);
    }
}

/** A provider whose service is in no registry refuses whatever it would be asked about (istio-security §7). */
export function checkAsked(context: ResolveContext, { name, asked, failOpen }: ExtensionProvider, span: Span): void {
  if (asked === undefined) return;
  const host = providerHost(asked.service, context.topology.mesh.clusterDomain);
  const found = servicesAt(context, asked);
  const fault = faultOf(found);
  if (fault !== undefined) {
    const witness = `a request about which \`${name}\` is asked is refused, whatever it says: istiod does not find ${host}`;
    context.report(diagnostic('unknown-provider-service', { provider: name, host, fault }, span, { witness }));
    return;
  }
  const ports = found.flatMap(({ ports }) => ports.map(({ number }) => number));
  if (ports.includes(asked.port)) return;
  const parameters = { provider: name, host, port: asked.port, ports: sortedNumbers(ports).join(', ') };
  const outcome = failOpen ? 'let through without being asked about, for the provider fails open' : 'refused';
  const witness = `no proxy has a way to port ${asked.port}, and a request about which \`${name}\` is asked is ${outcome}`;
  context.report(diagnostic('unknown-provider-port', parameters, span, { witness }));
}

interface Found {
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
}

/** istiod looks in its registry, which holds the Services and ServiceEntries of every cluster of the mesh. */
function servicesAt({ topology }: ResolveContext, { service }: AskedProvider): readonly Found[] {
  const written = providerHost(service, topology.mesh.clusterDomain);
  const [host, namespace] = written.split('/').reverse();
  const registered = topology.clusters.flatMap(({ services, serviceEntries }) => [
    ...[...services.values()].map(({ host, ...each }) => ({ ...each, hosts: [host] })),
    ...serviceEntries.values(),
  ]);
  return registered.filter(
    ({ hosts, ...each }) => hosts.some((each) => each === host) && (namespace ?? each.namespace) === each.namespace,
  );
}

function faultOf(found: readonly Found[]): string | undefined {
  if (found.length === 0) return 'which no Service and no ServiceEntry among the manifests has';
  const namespaces = sortedUnique(found.map(({ namespace }) => namespace));
  return namespaces.length > 1
    ? `which several namespaces have (${namespaces.join(', ')}): name it as \`namespace/host\``
    : undefined;
}

/** Fields that only a provider of kind `http` has in the MeshConfig. What one of kind `grpc` adds to requests is a promise of its own. */
const ofHttp = [
  'pathPrefix',
  'includeRequestHeadersInCheck',
  'includeAdditionalHeadersInCheck',
  'headersToDownstreamOnDeny',
  'headersToDownstreamOnAllow',
] as const;

/** What the MeshConfig has no place for would be promised and never be done. */
function checkSettings(context: ResolveContext, provider: ExtensionProvider, span: Span): void {
  const { name, asked, settings = {} } = provider;
  if (asked?.kind !== 'grpc') return;
  const field = ofHttp.find((each) => settings[each] !== undefined);
  if (field !== undefined) context.report(diagnostic('provider-field-of-http', { provider: name, field }, span));
}

/** Nobody but the MeshConfig tells proxies of an authorizer, and Ambit does not write that. */
function checkInstalled(
  { report }: ResolveContext,
  { name, settings }: Cluster,
  provider: ExtensionProvider,
  span: Span,
): void {
  if (provider.asked === undefined || settings.istio.recorders?.some(({ name }) => name === provider.name)) return;
  report(diagnostic('provider-to-be-merged', { provider: provider.name, cluster: name }, span));
}
