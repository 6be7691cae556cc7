import { asArray, asObject, asText, asTexts } from '../../mesh/json.js';
import type { JsonObject } from '../../parse/document.js';
import { objectsIn } from '../objects-in.js';
import type { Reason } from '../reason.js';
import { lifted, type Refuse, refuseOthers } from './lifting.js';
import { allParts, type Part, type PartsOf, readersOf } from './parts.js';

/** What makes hosts outside the mesh known: each of them takes settings of its own. */
export const partsOfServiceEntry: PartsOf = (object) => {
  const { namespace = 'default' } = object;
  const spec = asObject(object.value.spec) ?? {};
  const readers = readersOf(asTexts(spec.exportTo), namespace);
  const parts = asTexts(spec.hosts).map((host): Part | Reason => {
    const settings = lifted((refuse) => liftEntry(spec, host, refuse));
    if ('because' in settings) return { because: String(settings.because) };
    return { object, scope: { kind: 'host', namespace, name: host }, says: { role: 'entry', settings }, readers };
  });
  return allParts(parts);
};

const known = ['hosts', 'addresses', 'ports', 'location', 'resolution', 'exportTo', 'endpoints'];

function liftEntry(spec: JsonObject, host: string, refuse: Refuse): JsonObject {
  refuseOthers(spec, known, 'a ServiceEntry', refuse);
  if (spec.location === 'MESH_INTERNAL')
    refuse('`location: MESH_INTERNAL` is not imported: what is in the mesh is a Service');
  const ports = objectsIn(spec.ports).map((port) => {
    const { number, name, protocol, targetPort, ...rest } = port;
    refuseOthers(rest, [], 'a port', refuse);
    const said = {
      protocol: asText(protocol)?.toUpperCase() ?? 'TCP',
      ...(targetPort !== undefined && { targetPort }),
    };
    return [String(number), said] as const;
  });
  const addresses = addressesOf(spec, host, refuse);
  return { ports: Object.fromEntries(ports), ...(addresses.length > 0 && { addresses: [...addresses] }) };
}

/** Where the host is: at addresses that are the same to clients and to proxies, or where DNS says. */
function addressesOf(spec: JsonObject, host: string, refuse: Refuse): readonly string[] {
  const { resolution = 'NONE' } = spec;
  const addresses = asTexts(spec.addresses);
  const endpoints = objectsIn(spec.endpoints);
  if (endpoints.some((endpoint) => Object.keys(endpoint).some((field) => field !== 'address')))
    refuse('endpoints with more than an address are not imported');
  const own = endpoints.map(({ address }) => asText(address) ?? '');
  switch (resolution) {
    case 'DNS':
      if (addresses.length + own.length > 0) refuse('`resolution: DNS` with addresses or endpoints is not imported');
      return [];
    case 'STATIC':
      if (asArray(spec.hosts).length > 1) refuse('addresses of several hosts are not imported');
      if ([...addresses].sort().join() !== [...own].sort().join())
        refuse('endpoints that are not the addresses by which clients know the host are not imported');
      return addresses;
    case 'NONE':
      if (!host.startsWith('*'))
        refuse(
          'proxies send to whatever address was asked for (`resolution: NONE`), and with settings they would send to where DNS finds the host',
        );
      if (addresses.length > 0) refuse('addresses with `resolution: NONE` are not imported');
      return [];
    default:
      refuse(`\`resolution: ${asText(resolution)}\` is not imported`);
      return [];
  }
}
