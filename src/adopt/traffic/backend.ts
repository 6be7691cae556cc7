import { asText } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { called } from '../names/called.js';
import { type Refuse, refuseOthers, type TrafficNames } from './lifting.js';

/** Where a rule of Gateway API leads to, as a route names it. */
export function liftBackend(backend: JsonObject, own: string, names: TrafficNames, refuse: Refuse): JsonObject {
  const { group = '', kind = 'Service', name, namespace, port, weight, ...rest } = backend;
  refuseOthers(rest, [], 'a backend', refuse);
  const place = placeOf(String(group), String(kind), asText(name) ?? '', asText(namespace), names);
  if (place === undefined) refuse(`\`${asText(name)}\` is no Service and no host among the manifests`);
  const key = place?.key ?? '';
  return {
    ...(place?.isOutside === true ? { host: key } : { service: called(key, own) }),
    ...(port !== undefined && { port: names.port(key, port) }),
    ...(weight !== undefined && { weight }),
  };
}

function placeOf(group: string, kind: string, name: string, namespace: string | undefined, names: TrafficNames) {
  if (group === 'networking.istio.io' && kind === 'Hostname') {
    const service = names.service(name);
    if (service !== undefined) return { key: service, isOutside: false };
    return names.homeOf(name) === undefined ? undefined : { key: name, isOutside: true };
  }
  const key = group === '' && kind === 'Service' ? names.backend(name, namespace) : undefined;
  return key === undefined ? undefined : { key, isOutside: false };
}
