import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { label } from '../../topology/labels.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import { checkExportTo } from './export-to.js';
import { isListed } from './http-actions.js';
import { checkLabels, checkSelector } from './labels.js';
import { checkPort, checkPortName, checkProtocol, faultOfHost, isAddress, isBlock, isHttp, isTls } from './names.js';
import { by, each, isWritten, type Judged, type Refusal } from './refusal.js';

/** What Istio's webhook refuses in a ServiceEntry. */
export function checkServiceEntry(judged: Judged): readonly Refusal[] {
  const { spec } = judged;
  const isBoth = isWritten(spec.workloadSelector) && isWritten(spec.endpoints);
  return [
    ...by(
      'L-40',
      checkHosts(spec),
      checkAddresses(spec),
      each(spec.ports, ['spec', 'ports'], (port, place) => checkEntryPort(port, place, spec)),
      complaintWhen(isBoth, ['spec', 'workloadSelector'], '`workloadSelector` and `endpoints` exclude each other'),
    ),
    ...by('L-55', checkSelector(spec.workloadSelector, 'labels', ['spec', 'workloadSelector'])),
    ...by('L-41', checkResolution(judged)),
    ...by('L-42', checkSeveralHosts(spec)),
    ...by('L-24', checkExportTo(judged, 'can be meant')),
  ];
}

function checkHosts({ hosts }: JsonObject): readonly Complaint[] {
  const names = asTexts(hosts);
  const faults = names.flatMap((host, index) => {
    const why = host === '*' ? '`*` is no host of a ServiceEntry' : faultOfHost(host, 'wildcards');
    return why === undefined ? [] : [{ place: ['spec', 'hosts', index], why }];
  });
  return [...complaintWhen(names.length === 0, ['spec'], 'at least one host is needed'), ...faults];
}

function checkAddresses({ addresses, resolution }: JsonObject): readonly Complaint[] {
  const mayBeBlocks = ['NONE', 'STATIC'].includes(asText(resolution) ?? 'NONE');
  return asTexts(addresses).flatMap((address, index) => [
    ...complaintWhen(!isBlock(address), ['spec', 'addresses', index], `\`${address}\` is no address`),
    ...complaintWhen(
      address.includes('/') && !mayBeBlocks,
      ['spec', 'addresses', index],
      'ranges of addresses need `resolution: NONE` or `STATIC`',
    ),
  ]);
}

function checkEntryPort(value: JsonValue, place: Path, { ports }: JsonObject): readonly Complaint[] {
  const { number, name, protocol, targetPort } = asObject(value) ?? {};
  const before = asArray(ports).slice(0, Number(place.at(-1)));
  const isTaken = (field: string, own: JsonValue | undefined) =>
    own !== undefined && before.some((other) => asObject(other)?.[field] === own);
  return [
    ...checkPort(number, [...place, 'number']),
    ...checkPortName(name, [...place, 'name']),
    ...checkProtocol(protocol, [...place, 'protocol']),
    ...(isWritten(targetPort) && targetPort !== 0 ? checkPort(targetPort, [...place, 'targetPort']) : []),
    ...complaintWhen(isTaken('name', name), [...place, 'name'], `port \`${String(name)}\` is there twice`),
    ...complaintWhen(isTaken('number', number), [...place, 'number'], `port ${String(number)} is there twice`),
  ];
}

/** How endpoints are found, and what goes with it. */
function checkResolution(judged: Judged): readonly Complaint[] {
  const { spec } = judged;
  const resolution = asText(spec.resolution) ?? 'NONE';
  switch (resolution) {
    case 'NONE':
      return complaintWhen(isListed(spec.endpoints), ['spec', 'endpoints'], '`resolution: NONE` has no endpoints');
    case 'STATIC':
      return each(spec.endpoints, ['spec', 'endpoints'], (endpoint, here) => checkStatic(endpoint, here, spec));
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      return checkByName(spec, resolution);
    default:
      return checkDynamic(judged);
  }
}

function checkStatic(value: JsonValue, place: Path, spec: JsonObject): readonly Complaint[] {
  const endpoint = asObject(value) ?? {};
  const address = asText(endpoint.address) ?? '';
  const isSocket = address.startsWith('unix://');
  return [
    ...complaintWhen(address === '' && !isWritten(endpoint.network), place, 'an endpoint needs an address'),
    ...complaintWhen(
      address !== '' && !isSocket && !isAddress(address),
      [...place, 'address'],
      `\`${address}\` is no IP address, which \`resolution: STATIC\` needs`,
    ),
    ...complaintWhen(
      isSocket && (!/^unix:\/\/[/@]/.test(address) || address.endsWith('/')),
      [...place, 'address'],
      `\`${address}\` is no absolute path of a socket`,
    ),
    ...complaintWhen(isSocket && isWritten(endpoint.ports), [...place, 'ports'], 'a socket has no ports'),
    ...checkEndpoint(endpoint, place, spec),
  ];
}

function checkEndpoint({ ports, labels }: JsonObject, place: Path, spec: JsonObject): readonly Complaint[] {
  const known = asArray(spec.ports).map((port) => asObject(port)?.name);
  const faults = Object.entries(asObject(ports) ?? {}).flatMap(([name, port]) => [
    ...complaintWhen(!known.includes(name), [...place, 'ports', name], `the entry has no port \`${name}\``),
    ...checkPort(port, [...place, 'ports', name]),
  ]);
  return [...faults, ...checkLabels(labels, [...place, 'labels'])];
}

function checkByName(spec: JsonObject, resolution: string): readonly Complaint[] {
  const endpoints = asArray(spec.endpoints);
  const hosts = asTexts(spec.hosts);
  const wild = endpoints.length === 0 ? hosts.findIndex((host) => faultOfHost(host, 'whole names') !== undefined) : -1;
  return [
    ...complaintWhen(
      wild >= 0,
      ['spec', 'hosts', wild],
      `\`${hosts[wild]}\` cannot be looked up, and there are no endpoints`,
    ),
    ...complaintWhen(
      resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1,
      ['spec', 'endpoints'],
      '`resolution: DNS_ROUND_ROBIN` has one endpoint at most',
    ),
    ...each(spec.endpoints, ['spec', 'endpoints'], (value, place) => {
      const endpoint = asObject(value) ?? {};
      const address = asText(endpoint.address) ?? '';
      const why = isAddress(address) ? undefined : faultOfHost(address, 'whole names');
      return [
        ...(why === undefined ? [] : [{ place: [...place, 'address'], why }]),
        ...checkEndpoint(endpoint, place, spec),
      ];
    }),
  ];
}

/** Hosts that are looked up when somebody calls them. */
function checkDynamic({ spec, labels, version }: Judged): readonly Complaint[] {
  const isNew = version >= '1.31';
  const location = asText(spec.location) ?? 'MESH_EXTERNAL';
  const hasWaypoint = !['', 'none'].includes((labels[label.useWaypoint] ?? '').toLowerCase());
  const known = ['http', 'tls', ...(isNew ? ['grpc', 'http2'] : [])];
  const isOutside = location === 'MESH_EXTERNAL' || (isNew && !hasWaypoint);
  return [
    ...asTexts(spec.hosts).flatMap((host, index) =>
      complaintWhen(!host.startsWith('*'), ['spec', 'hosts', index], '`resolution: DYNAMIC_DNS` is for wildcards'),
    ),
    ...['addresses', 'endpoints'].flatMap((field) =>
      complaintWhen(isListed(spec[field]), ['spec', field], `\`resolution: DYNAMIC_DNS\` has no \`${field}\``),
    ),
    ...each(spec.ports, ['spec', 'ports'], (port, place) => {
      const protocol = asText(asObject(port)?.protocol) ?? '';
      const why = `\`resolution: DYNAMIC_DNS\` is for ${known.join(', ')}, and not for \`${protocol}\``;
      return complaintWhen(!known.includes(protocol.toLowerCase()), [...place, 'protocol'], why);
    }),
    ...complaintWhen(
      !isOutside,
      ['spec', 'location'],
      `\`resolution: DYNAMIC_DNS\` is not for \`location: ${location}\` here`,
    ),
  ];
}

/** Bytes do not say which of several hosts they are for. */
function checkSeveralHosts({ hosts, ports, resolution }: JsonObject): readonly Complaint[] {
  if (asTexts(hosts).length < 2 || (asText(resolution) ?? 'NONE') === 'NONE') return [];
  const opaque = asArray(ports).findIndex((port) => {
    const protocol = asText(asObject(port)?.protocol) ?? '';
    return !isHttp(protocol) && !isTls(protocol);
  });
  return complaintWhen(
    opaque >= 0,
    ['spec', 'ports', opaque],
    'several hosts share a port of which nothing says which one is meant',
  );
}
