import type { ManifestObject } from '../../../parse/document.js';
import { asObject, asText, asTexts } from '../../json.js';
import { fullHost } from '../../paths/tls-settings.js';
import type { Attachment, ConnectionRule, Route } from '../route.js';
import { type Node, nodesOf } from './fields.js';
import { destinationsOf, type Names } from './virtual-service-destinations.js';
import { proxyMatch } from './virtual-service-match.js';
import { readHttpRule } from './virtual-service-rule.js';

/** What a VirtualService says; one without hosts is only for others to delegate to. */
export function readVirtualService(
  object: ManifestObject,
  clusterDomain: string,
  exportedByDefault: readonly string[],
): readonly Route[] {
  const namespace = object.namespace ?? 'default';
  const gatewayOf = (name: string) => (name === 'mesh' ? name : gatewayKey(name, namespace));
  const names: Names = { hostOf: (name) => fullHost(name, namespace, clusterDomain).toLowerCase(), gatewayOf };
  const spec: Node = { value: asObject(object.value.spec) ?? {}, place: ['spec'] };
  const hosts = asTexts(spec.value.hosts).map(names.hostOf);
  if (hosts.length === 0) return [];
  const exportTo = asTexts(spec.value.exportTo);
  return [
    {
      namespace,
      objects: [object],
      hosts,
      attachments: attachmentsOf(object, spec, names),
      exportTo: exportTo.length === 0 ? exportedByDefault : exportTo,
      created: asText(asObject(object.value.metadata)?.creationTimestamp) ?? '',
      reach: 'by-host',
      parentPort: undefined,
      http: nodesOf(spec, 'http').map((rule) => readHttpRule(object, rule, names)),
      tls: nodesOf(spec, 'tls').map((rule) => readConnectionRule(object, rule, names)),
      tcp: nodesOf(spec, 'tcp').map((rule) => readConnectionRule(object, rule, names)),
    },
  ];
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
    destinations: destinationsOf(nodesOf(rule, 'route'), names),
  };
}
