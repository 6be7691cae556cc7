import type { JsonObject } from '../../parse/document.js';
import type { WantedListener } from '../../parse/traffic/listeners.js';
import type { PlannedDeployment, PlannedGateway } from '../../resolve/planned-gateway.js';
import { sortedNumbers, sortedUnique } from '../../util/order.js';
import { optionsName, podOverlays } from '../deployed-pods.js';
import type { Manifest } from '../manifest.js';
import { objectComment, ownMetadata, type Provenance, ruleComment } from '../provenance.js';

/** The Gateway that takes requests from outside; Istio deploys its pods and the Service before them. */
export function gateway(planned: PlannedGateway, provenance: Provenance): Manifest {
  const { cluster, namespace, name, revision, origin, deployment } = planned;
  const clients = deployment.service === 'ClusterIP' ? 'clients of the cluster' : 'clients from outside';
  const purpose = `where ${clients} come in, ${portsInWords(planned)}`;
  const revisionLabel = revision === 'default' ? {} : { 'istio.io/rev': revision };
  const metadata = ownMetadata(purpose, [origin]);
  const listeners = planned.listeners.flatMap((listener) => entries(listener).map((entry) => ({ listener, entry })));
  return {
    cluster,
    phase: '10-infrastructure',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace, ...metadata, labels: { ...metadata.labels, ...revisionLabel } },
      spec: {
        gatewayClassName: deployment.className,
        infrastructure: {
          // Without labels of its own, what Istio deploys would carry ours, and a prune by label would take it away (W-42).
          labels: { 'app.kubernetes.io/name': name, ...deployment.labels, ...revisionLabel },
          ...(Object.keys(deployment.annotations).length > 0 && { annotations: { ...deployment.annotations } }),
          ...(Object.keys(overlaysOf(deployment)).length > 0 && {
            parametersRef: { group: '', kind: 'ConfigMap', name: optionsName(name) },
          }),
        },
        ...clientAuthorities(planned),
        listeners: listeners.map(({ entry }) => entry),
      },
    },
    header: [
      ...objectComment(purpose, [origin], provenance),
      ...(provenance === 'none' ? [] : [`why: ${origin.id} describes its listeners, and no manifest has it`]),
    ],
    comments: listeners.map(({ listener: { name } }, index) => ({
      path: ['spec', 'listeners', index],
      lines: ruleComment([{ ...origin, id: `${origin.id}/${name.value}`, span: name.span }], [], provenance),
    })),
    realises: [origin.id],
  };
}

/** What Istio merges into what it deploys for the gateway, in the ConfigMap that the Gateway names; none where nothing is wished. */
export function gatewayOptions(
  { cluster, namespace, name, origin, deployment }: PlannedGateway,
  provenance: Provenance,
): Manifest[] {
  const data = overlaysOf(deployment);
  if (Object.keys(data).length === 0) return [];
  const purpose = `how Istio deploys gateway ${name}`;
  return [
    {
      cluster,
      phase: '10-infrastructure',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: optionsName(name), namespace, ...ownMetadata(purpose, [origin]) },
        data,
      },
      header: objectComment(purpose, [origin], provenance),
      comments: [],
      realises: [origin.id],
    },
  ];
}

function overlaysOf(deployment: PlannedDeployment): Readonly<Record<string, string>> {
  const { service } = deployment;
  return { ...podOverlays(deployment), ...(service && { service: `spec:\n  type: ${service}\n` }) };
}

function portsInWords({ listeners }: PlannedGateway): string {
  const ports = sortedNumbers(listeners.map(({ port }) => port));
  return `on ${ports.length === 1 ? 'port' : 'ports'} ${ports.join(', ')}`;
}

/** A listener of Gateway API is for one host, or for all. */
function entries(listener: WantedListener): JsonObject[] {
  const hosts = sortedUnique(listener.hosts.map(({ value }) => value));
  if (hosts.length === 0) return [entryFor(listener, listener.name.value, undefined)];
  const nameOf = (host: string) => (hosts.length === 1 ? listener.name.value : nameFor(listener, host));
  return hosts.map((host) => entryFor(listener, nameOf(host), host));
}

/** By the host, so that one more host changes no other listener. */
function nameFor({ name }: WantedListener, host: string): string {
  return `${name.value}-${host.replace(/^\*/, 'any').replaceAll('.', '-')}`;
}

function entryFor(listener: WantedListener, name: string, host: string | undefined): JsonObject {
  const { port, protocol, routesFrom } = listener;
  return {
    name,
    port,
    protocol,
    ...(host === undefined ? {} : { hostname: host }),
    ...tls(listener),
    allowedRoutes: { namespaces: namespaces(routesFrom) },
  };
}

function tls({ tls: wanted }: WantedListener): JsonObject {
  if (wanted === undefined) return {};
  const { mode, certificate, caCertificates } = wanted;
  if (certificate === undefined) return { tls: { mode } };
  const [name = '', namespace] = certificate.value.split('/').reverse();
  return {
    tls: {
      mode: 'Terminate',
      certificateRefs: [{ group: '', kind: 'Secret', name, ...(namespace === undefined ? {} : { namespace }) }],
      // Gateway API asks clients for certificates only together with who vouches for them.
      ...(mode === 'Mutual' && caCertificates === undefined
        ? { options: { 'gateway.istio.io/tls-terminate-mode': 'MUTUAL' } }
        : {}),
    },
  };
}

/** Gateway API says whose certificates clients may show for a port, and not for a listener. */
function clientAuthorities({ listeners }: PlannedGateway): JsonObject {
  const named = new Map(
    listeners.flatMap(({ port, tls }) => (tls?.caCertificates ? [[port, tls.caCertificates.value] as const] : [])),
  );
  const perPort = [...named].map(([port, name]) => ({
    port,
    tls: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name }] } },
  }));
  return perPort.length === 0 ? {} : { tls: { frontend: { default: {}, perPort } } };
}

function namespaces(from: WantedListener['routesFrom']): JsonObject {
  if (typeof from === 'string') return { from };
  const values = sortedUnique(from);
  return {
    from: 'Selector',
    selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] },
  };
}
