import { asArray, asObject, asText } from '../../mesh/json.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { JsonValue, ManifestObject, Path } from '../../parse/document.js';
import type { WantedListener } from '../../parse/traffic/listeners.js';
import type { PlannedGateway } from '../../resolve/planned-gateway.js';
import { isTakenFrom } from '../../topology/listeners/admitted.js';
import { type Cluster, type Gateway, keyOf, type Listener } from '../../topology/model.js';

/** Listeners that settings describe, and those that the gateway has in their place. */
export interface ListenersOtherwise {
  readonly planned: PlannedGateway;
  /** In words, each with where it is described. */
  readonly lacking: ReadonlyArray<{ readonly name: WantedListener['name']; readonly words: string }>;
  readonly beside: readonly string[];
  /** What is asked of its deployment, and it does not say. */
  readonly undeployed: readonly string[];
}

/** Compares the listeners that settings describe with those that a gateway opens once the output is applied. */
export function compareListeners(
  mesh: Mesh,
  planned: readonly PlannedGateway[],
): { readonly count: number; readonly otherwise: readonly ListenersOtherwise[] } {
  const compared = planned.map((each) => compareGateway(mesh, each));
  return {
    count: compared.reduce((sum, { count }) => sum + count, 0),
    otherwise: compared.flatMap(({ otherwise }) =>
      otherwise.lacking.length + otherwise.beside.length + otherwise.undeployed.length > 0 ? [otherwise] : [],
    ),
  };
}

function compareGateway(mesh: Mesh, planned: PlannedGateway) {
  const cluster = mesh.clusters.get(planned.cluster)?.cluster;
  const gateway = cluster?.gateways.get(keyOf(planned));
  const isOwn = ({ object }: Listener) => object.kind === 'Gateway' && object.name === planned.name;
  const listeners = (gateway?.listeners ?? []).filter(
    (listener) => isOwn(listener) && listener.standing.kind === 'open',
  );
  const wanted = planned.listeners.flatMap((listener) =>
    hostsOf(listener).map((host) => ({ name: listener.name, words: wantedInWords(planned, listener, host) })),
  );
  const found = cluster === undefined ? [] : listeners.map((listener) => inWords(cluster, listener));
  const lacking = wanted.filter(({ words }) => !found.includes(words));
  const beside = found.filter((each) => !wanted.some(({ words }) => words === each));
  return { count: wanted.length, otherwise: { planned, lacking, beside, undeployed: undeployedOf(planned, gateway) } };
}

/** What is asked of the deployment and is not in the Gateway that istiod deploys it by. */
function undeployedOf({ deployment }: PlannedGateway, gateway: Gateway | undefined): readonly string[] {
  if (gateway === undefined) return [];
  const infrastructure = asObject(asObject(gateway.object.value.spec)?.infrastructure) ?? {};
  const isSaid =
    (kind: 'labels' | 'annotations') =>
    ([name, value]: readonly [string, string]) =>
      asObject(infrastructure[kind])?.[name] === value;
  const texts = (['labels', 'annotations'] as const).flatMap((kind) =>
    Object.entries(deployment[kind])
      .filter((each) => !isSaid(kind)(each))
      .map(([name, value]) => `${kind} \`${name}: ${value}\``),
  );
  const { replicas, maxReplicas, disruption, service } = deployment;
  const hasOptions = [replicas, maxReplicas, disruption, service].some((wish) => wish !== undefined);
  return [
    ...(gateway.className === deployment.className ? [] : [`class \`${deployment.className}\``]),
    ...texts,
    ...(hasOptions && asObject(infrastructure.parametersRef)?.kind !== 'ConfigMap' ? ['`parametersRef`'] : []),
  ];
}

function hostsOf({ hosts }: WantedListener): readonly string[] {
  return hosts.length === 0 ? ['*'] : [...new Set(hosts.map(({ value }) => value))];
}

function wantedInWords(
  { namespace }: PlannedGateway,
  { port, protocol, tls, routesFrom }: WantedListener,
  host: string,
): string {
  const secret = tls?.certificate?.value;
  const whole = secret === undefined || secret.includes('/') ? secret : `${namespace}/${secret}`;
  const from =
    routesFrom === 'All' ? 'all' : routesFrom === 'Same' ? namespace : [...new Set(routesFrom)].sort().join(', ');
  const authority = tls?.caCertificates?.value;
  const certificates = whole ? [whole] : [];
  return wordsOf({ protocol, port, host, mode: tls && modes[tls.mode], certificates, authority, from });
}

const modes = { Terminate: 'SIMPLE', Mutual: 'MUTUAL', Passthrough: 'PASSTHROUGH' } as const;

function inWords(cluster: Cluster, { protocol, port, hosts, tls, object, path }: Listener): string {
  const namespaces = [...cluster.namespaces.keys()];
  const [served] = hosts;
  const from =
    served === undefined || served.routesFrom.kind === 'all'
      ? 'all'
      : namespaces.filter((each) => isTakenFrom(cluster, served.routesFrom, each)).join(', ');
  const certificates = certificatesAt(object, path);
  return wordsOf({
    protocol: protocol.toUpperCase(),
    port,
    host: served?.host ?? '*',
    mode: tls,
    certificates,
    authority: authorityAt(object, port),
    from,
  });
}

function certificatesAt(object: ManifestObject, path: Path): readonly string[] {
  const listener = path.reduce<JsonValue | undefined>(
    (value, step) => (typeof step === 'number' ? asArray(value)[step] : asObject(value)?.[step]),
    object.value,
  );
  const references = asArray(asObject(asObject(listener)?.tls)?.certificateRefs).map((each) => asObject(each) ?? {});
  return references
    .filter(({ group = '', kind = 'Secret' }) => group === '' && kind === 'Secret')
    .map(({ name, namespace }) => `${asText(namespace) ?? object.namespace ?? 'default'}/${asText(name)}`);
}

/** The ConfigMap that vouches for clients on a port, where a Gateway names one. */
function authorityAt({ value }: ManifestObject, port: number): string | undefined {
  const frontend = asObject(asObject(asObject(value.spec)?.tls)?.frontend);
  const own = asArray(frontend?.perPort).find((each) => asObject(each)?.port === port);
  const settings = own === undefined ? frontend?.default : asObject(own)?.tls;
  const [reference] = asArray(asObject(asObject(settings)?.validation)?.caCertificateRefs);
  const { group, kind, name } = asObject(reference) ?? {};
  return kind === 'ConfigMap' && group === '' ? asText(name) : undefined;
}

interface InWords {
  readonly protocol: string;
  readonly port: number;
  readonly host: string;
  readonly mode: string | undefined;
  readonly certificates: readonly string[];
  readonly authority: string | undefined;
  readonly from: string;
}

function wordsOf({ protocol, port, host, mode, certificates, authority, from }: InWords): string {
  const shown = certificates.length === 0 ? '' : ` by ${certificates.join(' and ')}`;
  const vouched = authority === undefined ? '' : `, with clients of ConfigMap ${authority}`;
  const tls = mode === undefined ? '' : `, TLS ${mode}${shown}${vouched}`;
  return `${protocol} on port ${port} for host ${host}${tls}, with routes of namespaces: ${from}`;
}
