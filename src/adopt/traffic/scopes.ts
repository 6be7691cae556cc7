import { asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject, ManifestObject } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';

/** For whom settings of traffic are, as `namespace/name`. */
export interface ScopeOfTraffic {
  readonly kind: 'service' | 'gateway';
  readonly key: string;
}

interface Unsaid {
  readonly because: string;
}

/** What an object is for, or why that cannot be said. `serviceAt`: the Service that has a host, where it is written. */
export function scopeOf(
  { kind, namespace = 'default', value }: ManifestObject,
  serviceAt: (host: string) => string | undefined,
): ScopeOfTraffic | Unsaid {
  const spec = asObject(value.spec) ?? {};
  const ofService = (key: string | undefined): ScopeOfTraffic | Unsaid =>
    key?.startsWith(`${namespace}/`) === true
      ? { kind: 'service', key }
      : { because: 'it is for no Service of its own namespace' };
  switch (kind) {
    case 'VirtualService': {
      const place = placeOfRoutes(spec, namespace);
      return typeof place === 'string' ? ofService(serviceAt(place)) : place;
    }
    case 'DestinationRule':
      return spec.exportTo === undefined && spec.workloadSelector === undefined
        ? ofService(serviceAt(asText(spec.host) ?? ''))
        : { because: '`exportTo` and `workloadSelector` are not imported' };
    case 'HTTPRoute':
      return parentOf(spec, namespace);
    default:
      return { because: `objects of kind ${kind} are not imported` };
  }
}

/** The only host of a VirtualService for the proxies of the mesh, or the only gateway of one. */
function placeOfRoutes({ hosts, gateways, exportTo, tcp, tls }: JsonObject, namespace: string) {
  const [host, ...others] = asTexts(hosts);
  const [gateway = 'mesh', ...more] = asTexts(gateways);
  if (exportTo !== undefined) return { because: '`exportTo` is not imported' };
  if (tcp !== undefined || tls !== undefined) return { because: 'routes of connections are not imported' };
  if (more.length > 0) return { because: 'it is for several gateways' };
  if (gateway !== 'mesh')
    return { kind: 'gateway', key: gateway.includes('/') ? gateway : `${namespace}/${gateway}` } as const;
  return host === undefined || others.length > 0 ? { because: 'it is for several hosts, or for none' } : host;
}

function parentOf({ parentRefs, hostnames }: JsonObject, own: string): ScopeOfTraffic | Unsaid {
  const [parent, ...others] = objectsIn(parentRefs);
  if (parent === undefined || others.length > 0) return { because: 'it is for several parents, or for none' };
  const { kind = 'Gateway', namespace = own, name, port, sectionName } = parent;
  if (port !== undefined || sectionName !== undefined) return { because: 'it is for one port of its parent' };
  const key = `${asText(namespace)}/${asText(name)}`;
  if (kind === 'Gateway') return { kind: 'gateway', key };
  return kind === 'Service' && hostnames === undefined && namespace === own
    ? { kind: 'service', key }
    : { because: `routes of a ${asText(kind)} of another namespace, or for some hosts, are not imported` };
}
