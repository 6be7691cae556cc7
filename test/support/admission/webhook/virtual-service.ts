import type { JsonObject } from '../../../../src/parse/document.js';
import { isList, objectsAt, type Placed, textsAt } from '../json.js';
import { wildcardDomain } from '../names.js';
import { checkHttpRoute } from './http-route.js';
import { checkDestinations } from './route-destinations.js';

/** What istiod's webhook refuses in a VirtualService (L-10 to L-22). */
export function checkVirtualService(spec: JsonObject): readonly string[] {
  const isDelegate = textsAt(spec, 'hosts', 'spec').length === 0;
  const connectionRoutes = [...objectsAt(spec, 'tcp', 'spec'), ...objectsAt(spec, 'tls', 'spec')];
  return [
    ...checkRoutesPresent(spec),
    ...(isDelegate ? checkDelegate(spec) : checkHosts(spec)),
    ...objectsAt(spec, 'http', 'spec').flatMap((route) => checkHttpRoute(route, isDelegate)),
    ...connectionRoutes.flatMap(checkConnectionRoute),
  ];
}

function checkRoutesPresent(spec: JsonObject): readonly string[] {
  const routed = ['http', 'tcp', 'tls'].some((field) => objectsAt(spec, field, 'spec').length > 0);
  return routed ? [] : ['spec: needs http, tcp or tls (L-10)'];
}

/** Only a delegate has no hosts, and it has nothing but http. */
function checkDelegate(spec: JsonObject): readonly string[] {
  return ['gateways', 'tcp', 'tls'].flatMap((field) =>
    isList(spec[field]) ? [`spec.${field}: not without hosts (L-10)`] : [],
  );
}

/** A host is `*` only at gateways, a wildcard only in its first label, and covers no other host of the object. */
function checkHosts(spec: JsonObject): readonly string[] {
  const hosts = textsAt(spec, 'hosts', 'spec');
  const gateways = textsAt(spec, 'gateways', 'spec').map(({ value }) => value);
  const inMesh = gateways.length === 0 || gateways.includes('mesh');
  return hosts.flatMap(({ path, value }, index) => [
    ...(value === '*' && inMesh ? [`${path}: \`*\` is for gateways (L-11)`] : []),
    ...(value !== '*' && wildcardDomain(value) !== undefined ? [`${path}: \`${value}\` is not a host (L-11)`] : []),
    ...hosts.slice(0, index).flatMap((other) => overlap(path, value, other)),
  ]);
}

function overlap(path: string, host: string, other: Placed<string>): readonly string[] {
  const overlapping = host === other.value || covers(host, other.value) || covers(other.value, host);
  return overlapping ? [`${path}: \`${host}\` overlaps \`${other.value}\` (L-11)`] : [];
}

function covers(wildcard: string, host: string): boolean {
  return wildcard === '*' || (wildcard.startsWith('*.') && host.endsWith(wildcard.slice(1)));
}

/** A tcp or tls route sends somewhere, and a tls route says for which names (L-13, L-22). */
function checkConnectionRoute(route: Placed<JsonObject>): readonly string[] {
  const destinations = objectsAt(route.value, 'route', route.path);
  const isTls = /\.tls\[\d+\]$/.test(route.path);
  const matches = objectsAt(route.value, 'match', route.path);
  const named = matches.length > 0 && matches.every(({ value }) => textsAt(value, 'sniHosts', '').length > 0);
  return [
    ...(destinations.length === 0 ? [`${route.path}.route: required (L-22)`] : []),
    ...(isTls && !named ? [`${route.path}.match: every match needs sniHosts (L-22)`] : []),
    ...checkDestinations(destinations, `${route.path}.route`),
  ];
}
