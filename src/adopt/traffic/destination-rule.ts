import { asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import { liftPolicy, withoutShared } from './endpoints.js';
import { lifted, type Refuse, refuseOthers, where } from './lifting.js';
import { type PartsOf, readersOf, type ScopeOfTraffic } from './parts.js';

/** What a DestinationRule says of the way to the pods, and the versions that its subsets name. */
export const partsOfDestinationRule: PartsOf = (object, names) => {
  const { namespace = 'default' } = object;
  const spec = asObject(object.value.spec) ?? {};
  const host = asText(spec.host) ?? '';
  const service = names.service(host);
  if (service === undefined && names.homeOf(host) !== namespace)
    return { because: 'it is for no Service and no host of its own namespace' };
  if (service !== undefined && !service.startsWith(`${namespace}/`))
    return { because: 'it is for no Service of its own namespace' };
  const key = service ?? host;
  const settings = lifted((refuse) => liftRule(spec, (number) => names.port(key, number), refuse));
  if ('because' in settings) return { because: String(settings.because) };
  const scope: ScopeOfTraffic =
    service === undefined
      ? { kind: 'host', namespace, name: host }
      : { kind: 'service', namespace, name: service.slice(namespace.length + 1) };
  const readers = readersOf(asTexts(spec.exportTo), namespace);
  return [{ object, scope, says: { role: 'way', settings: withoutOwnName(settings, host) }, readers }];
};

function liftRule(spec: JsonObject, portName: (number: JsonValue) => JsonValue, refuse: Refuse): JsonObject {
  refuseOthers(spec, ['host', 'exportTo', 'subsets', 'trafficPolicy'], 'a DestinationRule', refuse);
  const settings = liftPolicy(spec.trafficPolicy, portName, refuse);
  const versions = objectsIn(spec.subsets).map(({ name, labels, trafficPolicy }): [string, JsonObject] => {
    if (labels === undefined) refuse('a subset without labels is the whole Service');
    const own = withoutShared(liftPolicy(trafficPolicy, portName, refuse), settings, refuse);
    return [asText(name) ?? '', { labels: labels ?? {}, ...own }];
  });
  return { ...settings, ...where('versions', Object.fromEntries(versions)) };
}

/** A host outside the mesh is asked for by its own name, and shows a certificate for it, unless something else is said. */
function withoutOwnName({ tls, ports, ...settings }: JsonObject, host: string): JsonObject {
  const kept = (value: JsonValue | undefined): JsonObject => {
    if (asObject(value) === undefined) return {};
    const { serverName, subjectAltNames, ...rest } = asObject(value) ?? {};
    const isOwn = asTexts(subjectAltNames).length === 1 && asTexts(subjectAltNames)[0] === host;
    return {
      tls: {
        ...rest,
        ...(serverName !== undefined && serverName !== host && { serverName }),
        ...(subjectAltNames !== undefined && !isOwn && { subjectAltNames }),
      },
    };
  };
  const ofPorts = Object.entries(asObject(ports) ?? {}).map(([port, value]) => {
    const { tls: own, ...rest } = asObject(value) ?? {};
    return [port, { ...rest, ...kept(own) }] as const;
  });
  return { ...settings, ...kept(tls), ...where('ports', Object.fromEntries(ofPorts)) };
}
