import { keyOf } from '../../../topology/model.js';
import { asText } from '../../json.js';
import type { Attachment, MissingParent, UnreadRoute } from '../route.js';
import { asNumber, type Node, nodesOf } from './fields.js';
import type { RouteObject, Surroundings } from './route-object.js';

/** A Service, or a ServiceEntry, for whose requests a route is. */
export interface MeshParent {
  readonly hosts: readonly string[];
  readonly port: number | undefined;
  /** What istiod sorts the parents of a route by. */
  readonly sortedBy: string;
}

export interface ReadParents {
  readonly mesh: readonly MeshParent[];
  readonly gateways: readonly Attachment[];
  readonly unread: readonly UnreadRoute[];
}

type Parent =
  | { readonly kind: 'mesh'; readonly parent: MeshParent }
  | { readonly kind: 'gateway'; readonly parent: Attachment }
  | { readonly kind: 'unread'; readonly parent: UnreadRoute };

/** The parents that a route names. Those that Istio does not know it ignores without a status (T-17, T-18). */
export function parentsOf(route: RouteObject, known: Surroundings): ReadParents {
  const found = nodesOf(route.spec, 'parentRefs').map((node) => parentOf(route, node, known));
  return {
    mesh: found.flatMap(({ kind, parent }) => (kind === 'mesh' ? [parent] : [])),
    gateways: found.flatMap(({ kind, parent }) => (kind === 'gateway' ? [parent] : [])),
    unread: found.flatMap(({ kind, parent }) => (kind === 'unread' ? [parent] : [])),
  };
}

function parentOf({ object, namespace }: RouteObject, node: Node, known: Surroundings): Parent {
  const { group = 'gateway.networking.k8s.io', kind = 'Gateway' } = node.value;
  const named = { namespace: asText(node.value.namespace) ?? namespace, name: asText(node.value.name) ?? '' };
  const key = keyOf(named);
  const at = { object, place: [...node.place, 'name'] };
  const unread = (why: string): Parent => ({ kind: 'unread', parent: { ...at, why } });
  const absent = (missing: MissingParent['kind']): Parent => {
    const why = `there is no ${missing} \`${key}\``;
    return { kind: 'unread', parent: { ...at, why, missing: { kind: missing, ...named } } };
  };
  const port = asNumber(node.value.port);
  const section = asText(node.value.sectionName);
  const sortedBy = `${group}/${kind}/${named.name}/${section ?? ''}/${port ?? 0}.${named.namespace}`;
  switch (`${group}/${kind}`) {
    case '/Service':
    case 'core/Service': {
      const service = known.services.get(key);
      if (service === undefined) return absent('Service');
      return { kind: 'mesh', parent: { hosts: [service.host], port, sortedBy } };
    }
    case 'networking.istio.io/ServiceEntry': {
      const entry = known.serviceEntries.get(key);
      if (entry === undefined) return absent('ServiceEntry');
      const hosts = entry.hosts.map((host) => host.toLowerCase());
      return { kind: 'mesh', parent: { hosts, port, sortedBy } };
    }
    case 'gateway.networking.k8s.io/Gateway':
    case 'gateway.networking.k8s.io/ListenerSet': {
      const parent = kind === 'Gateway' ? 'Gateway' : 'ListenerSet';
      const attachment = { kind: 'gateway', api: 'gateway-api', parent, gateway: key, section, port, ...at } as const;
      return { kind: 'gateway', parent: attachment };
    }
    default:
      return unread(`Istio knows no parent of group \`${group}\` and kind \`${kind}\``);
  }
}
