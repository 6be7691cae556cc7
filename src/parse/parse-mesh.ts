import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.js';
import { ipBlockFault } from '../util/ip.js';
import { sortBy } from '../util/order.js';
import { type Cursor, cursorAt } from './cursor.js';
import type { Document } from './document.js';
import type { ClusterSettings, GatewaySettings, MeshSettings, OutsideCaller } from './mesh.js';
import { istioSettings, listIn, readGatewayTopology, textIn } from './parse-istio.js';
import { readIssuer } from './tokens/read-issuer.js';
import { readRateLimitServices } from './traffic/rate-limit-services.js';

/** The mesh that is assumed where no `Mesh` document is given: one cluster, the reference version, Istio's defaults. */
export const defaultMesh: MeshSettings = {
  name: 'default',
  rootNamespace: 'istio-system',
  clusterDomain: 'cluster.local',
  trustDomain: 'cluster.local',
  clusters: [clusterSettings('default', undefined, { trustDomain: 'cluster.local', trustDomainAliases: [] })],
  callers: [],
  tokenIssuers: [],
  rateLimitServices: [],
  customMethods: [],
  span: null,
};

/** Reads a `Mesh` document that its schema has accepted, defaults filled in. */
export function parseMesh(document: Document): MeshSettings {
  const root = cursorAt(document, []);
  const spec = root.field('spec');
  const trustDomain = textIn(spec, 'trustDomain') ?? defaultMesh.trustDomain;
  const trustDomains = { trustDomain, trustDomainAliases: textsIn(spec, 'trustDomainAliases') };
  return {
    name: root.field('metadata').field('name').text().value,
    rootNamespace: textIn(spec, 'rootNamespace') ?? defaultMesh.rootNamespace,
    clusterDomain: textIn(spec, 'clusterDomain') ?? defaultMesh.clusterDomain,
    trustDomain,
    clusters: spec
      .field('clusters')
      .items()
      .map((cluster) => clusterSettings(cluster.field('name').text().value, cluster, trustDomains)),
    callers: spec.optional('callers', (callers) => callers.items().map(readCaller)) ?? [],
    tokenIssuers: sortBy(
      spec.optional('tokenIssuers', (list) => list.items().map(readIssuer)) ?? [],
      ({ name }) => name,
    ),
    rateLimitServices: readRateLimitServices(spec),
    customMethods: textsIn(spec, 'customMethods'),
    span: root.field('metadata').field('name').span,
    document,
  };
}

/** Faults of callers from outside and of clusters: they are here, whatever rule uses them. */
export function checkCallers(document: Document): Diagnostic[] {
  const spec = cursorAt(document, []).field('spec');
  const callers = spec.optional('callers', (list) => list.items()) ?? [];
  return [...repeatedNames(callers), ...[...callers, ...spec.field('clusters').items()].flatMap(malformedBlocks)];
}

/** Of two callers of one name a rule would mean the first, and nobody could see which that is. */
function repeatedNames(callers: readonly Cursor[]): Diagnostic[] {
  const names = callers.map((caller) => caller.field('name').text());
  const repeated = names.filter(({ value }, index) => names.findIndex((each) => each.value === value) !== index);
  return repeated.map(({ value, span }) => diagnostic('duplicate-caller', { name: value }, span));
}

function malformedBlocks(item: Cursor): Diagnostic[] {
  const blocks = item.optional('ipBlocks', (list) => list.items().map((block) => block.text())) ?? [];
  return blocks.flatMap(({ value, span }) => {
    const fault = ipBlockFault(value);
    return fault ? [diagnostic('malformed-ip-block', { block: value }, span, fault)] : [];
  });
}

function clusterSettings(name: string, cluster: Cursor | undefined, mesh: TrustDomains): ClusterSettings {
  return {
    name,
    network: textIn(cluster, 'network') ?? name,
    ...blocksIn(cluster),
    trustDomain: textIn(cluster, 'trustDomain') ?? mesh.trustDomain,
    trustDomainAliases: mesh.trustDomainAliases,
    istio: istioSettings(cluster?.optional('istio', (node) => node)),
    gateways: cluster?.optional('gateways', (list) => list.items().map(readGateway)) ?? [],
    gatewayApi: {
      channel:
        cluster?.optional('gatewayApi', (node) => textIn(node, 'channel')) === 'experimental'
          ? 'experimental'
          : 'standard',
    },
    manifests: cluster?.optional('manifests', (node) => node.items().map((item) => item.text())) ?? [],
    span: spanOfName(cluster),
  };
}

function blocksIn(cluster: Cursor | undefined): Pick<ClusterSettings, 'ipBlocks'> {
  const ipBlocks = cluster && listIn(cluster, 'ipBlocks');
  return ipBlocks === undefined ? {} : { ipBlocks };
}

type TrustDomains = Pick<ClusterSettings, 'trustDomain' | 'trustDomainAliases'>;

function readGateway(gateway: Cursor): GatewaySettings {
  return { name: gateway.field('name').text(), topology: readGatewayTopology(gateway) };
}

function readCaller(caller: Cursor): OutsideCaller {
  return {
    name: caller.field('name').text().value,
    plaintext: caller.optional('plaintext', (node) => node.value === true) ?? false,
    ipBlocks: textsIn(caller, 'ipBlocks'),
    span: spanOfName(caller),
  };
}

function textsIn(node: Cursor, field: string): readonly string[] {
  return listIn(node, field) ?? [];
}

function spanOfName(node: Cursor | undefined): Span | null {
  return node === undefined ? null : node.field('name').span;
}
