import type { ManifestObject } from '../../../parse/document.js';
import type { Cluster } from '../../../topology/model.js';
import { hasExternalWeights } from '../../../topology/rollouts/weight-controllers.js';
import { asObject, asText, asTexts } from '../../json.js';
import { fullHost } from '../../paths/tls-settings.js';
import type { Attachment, ConnectionRule, Route } from '../route.js';
import { type Delegates, delegatedRules } from './delegation/delegated-rules.js';
import { type Node, nodeOf, nodesOf } from './fields.js';
import type { ReadRoutes } from './gateway-api.js';
import { destinationsOf, type Names } from './virtual-service-destinations.js';
import { proxyMatch } from './virtual-service-match.js';
import { readHttpRule } from './virtual-service-rule.js';

/** What reading a VirtualService needs to know of its cluster. */
export interface Context {
  readonly exportedByDefault: readonly string[];
  readonly delegates: Delegates;
}

/** What a VirtualService says; one without hosts is only for others to delegate to. */
export function readVirtualService(object: ManifestObject, { exportedByDefault, delegates }: Context): ReadRoutes {
  const { namespace = 'default' } = object;
  const names = delegates.namesOf(object);
  const spec: Node = { value: asObject(object.value.spec) ?? {}, place: ['spec'] };
  const hosts = asTexts(spec.value.hosts).map(names.hostOf);
  if (hosts.length === 0) return { routes: [], unread: [] };
  const exportTo = asTexts(spec.value.exportTo);
  const http = nodesOf(spec, 'http').map((rule) => {
    if (nodeOf(rule, 'delegate') !== undefined) return delegatedRules(object, rule, delegates);
    return { rules: [readHttpRule(object, rule, names)], unread: [] };
  });
  const route: Route = {
    namespace,
    objects: [object],
    hosts,
    attachments: attachmentsOf(object, spec, names),
    exportTo: exportTo.length === 0 ? exportedByDefault : exportTo,
    created: asText(asObject(object.value.metadata)?.creationTimestamp) ?? '',
    reach: 'by-host',
    parentPort: undefined,
    http: http.flatMap(({ rules }) => rules),
    tls: nodesOf(spec, 'tls').map((rule) => readConnectionRule(object, rule, names)),
    tcp: nodesOf(spec, 'tcp').map((rule) => readConnectionRule(object, rule, names)),
  };
  return { routes: [route], unread: http.flatMap(({ unread }) => unread) };
}

/** How a VirtualService names what belongs to its namespace, and whose the weights of its rules are. */
export function namesIn(object: ManifestObject, cluster: Cluster, clusterDomain: string): Names {
  const { namespace = 'default' } = object;
  return {
    hostOf: (name) => fullHost(name, namespace, clusterDomain).toLowerCase(),
    gatewayOf: (name) => (name === 'mesh' ? name : gatewayKey(name, namespace)),
    hasExternalWeights: (rule) => hasExternalWeights(cluster, object, asText(rule.value.name)),
  };
}

/** For the mesh where no gateway is named. */
function attachmentsOf(object: ManifestObject, { value, place }: Node, { gatewayOf }: Names): readonly Attachment[] {
  const named = asTexts(value.gateways);
  if (named.length === 0) return [{ kind: 'mesh' }];
  return named.map((name, index) => {
    if (name === 'mesh') return { kind: 'mesh' };
    const gateway = gatewayOf(name);
    const at = { object, place: [...place, 'gateways', index] };
    return { kind: 'gateway', api: 'istio', parent: 'Gateway', gateway, section: undefined, port: undefined, ...at };
  });
}

/** A name without a namespace is of the object's own; one that is written as a host names its namespace there. */
function gatewayKey(name: string, namespace: string): string {
  if (name.includes('/')) return name.replace(/^\.\//, `${namespace}/`);
  const [short = name, home = namespace] = name.split('.');
  return `${home}/${short}`;
}

function readConnectionRule(object: ManifestObject, rule: Node, names: Names): ConnectionRule {
  return {
    origin: { object, place: rule.place, name: undefined },
    matches: nodesOf(rule, 'match').map((match) => ({
      place: match.place,
      serverNames: asTexts(match.value.sniHosts).map((host) => host.toLowerCase()),
      doubt: match.value.destinationSubnets === undefined ? undefined : 'the address that the client chose',
      proxy: proxyMatch(match, names.gatewayOf),
    })),
    destinations: destinationsOf(rule, names),
  };
}
