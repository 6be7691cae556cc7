import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import { faultOfImport } from './check-gateway.js';
import { checkDestination } from './destinations.js';
import { isListed } from './http-actions.js';
import { checkSelector } from './labels.js';
import { checkPort, checkPortName, checkProtocol, faultOfHost, isAddress, isTls } from './names.js';
import { by, each, isWritten, type Judged, type Refusal, writtenOf } from './refusal.js';
import { checkServerTls } from './server-tls.js';
import { checkConnectionPool } from './traffic-policy.js';

/** What Istio's webhook refuses in a Sidecar (L-50). */
export function checkSidecar({ spec }: Judged): readonly Refusal[] {
  const isNothing =
    !isListed(spec.egress) &&
    !isListed(spec.ingress) &&
    writtenOf(spec, ['outboundTrafficPolicy', 'inboundConnectionPool']).length === 0;
  return by(
    'L-50',
    checkSelector(spec.workloadSelector, 'labels', ['spec', 'workloadSelector']),
    complaintWhen(isNothing, ['spec'], 'it says nothing: `egress`, `ingress` or `outboundTrafficPolicy` is needed'),
    each(spec.ingress, ['spec', 'ingress'], checkIngress),
    checkPortsOnce(spec.ingress, ['spec', 'ingress']),
    each(spec.egress, ['spec', 'egress'], (listener, place) => checkEgress(listener, place, spec)),
    checkPortsOnce(spec.egress, ['spec', 'egress']),
    checkConnectionPool(spec.inboundConnectionPool, ['spec', 'inboundConnectionPool']),
    checkOutbound(asObject(spec.outboundTrafficPolicy), ['spec', 'outboundTrafficPolicy']),
  );
}

function numberOf(listener: JsonValue): JsonValue | undefined {
  return asObject(asObject(listener)?.port)?.number;
}

function checkPortsOnce(listeners: JsonValue | undefined, place: Path): readonly Complaint[] {
  const numbers = asArray(listeners).map(numberOf);
  return numbers.flatMap((number, index) => {
    const isTaken = typeof number === 'number' && number !== 0 && numbers.indexOf(number) < index;
    return complaintWhen(isTaken, [...place, index, 'port', 'number'], `port ${String(number)} is there twice`);
  });
}

function checkIngress(value: JsonValue, place: Path): readonly Complaint[] {
  const { port, bind, defaultEndpoint, tls, connectionPool } = asObject(value) ?? {};
  if (asObject(port) === undefined) return [{ place, why: 'a listener of `ingress` needs a `port`' }];
  return [
    ...checkListenerPort(asObject(port) ?? {}, place),
    ...checkBind(asText(bind) ?? '', place),
    ...checkEndpoint(asText(defaultEndpoint) ?? '', [...place, 'defaultEndpoint']),
    ...checkIngressTls(asObject(tls), asText(asObject(port)?.protocol) ?? '', [...place, 'tls']),
    ...checkConnectionPool(connectionPool, [...place, 'connectionPool']),
  ];
}

function checkListenerPort({ number, protocol, name }: JsonObject, place: Path): readonly Complaint[] {
  return [
    ...((name ?? '') === '' ? [] : checkPortName(name, [...place, 'port', 'name'])),
    ...checkPort(number, [...place, 'port', 'number']),
    ...checkProtocol(protocol, [...place, 'port', 'protocol']),
  ];
}

function checkBind(bind: string, place: Path): readonly Complaint[] {
  return complaintWhen(bind !== '' && !isAddress(bind), [...place, 'bind'], `\`${bind}\` is no address`);
}

/** The application within the pod: by loopback, by the pod's address, or by a socket. */
function checkEndpoint(endpoint: string, place: Path): readonly Complaint[] {
  const isKnown = /^unix:\/\/.+|^(127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\])?:\d+$/.test(endpoint);
  return complaintWhen(endpoint !== '' && !isKnown, place, `\`${endpoint}\` is no endpoint within the pod`);
}

function checkIngressTls(tls: JsonObject | undefined, protocol: string, place: Path): readonly Complaint[] {
  if (tls === undefined) return [];
  const unknown = ['subjectAltNames', 'httpsRedirect', 'credentialName', 'credentialNames', 'tlsCertificates'];
  const refused = writtenOf(tls, unknown).filter((field) => tls[field] !== false && tls[field] !== '');
  const mode = asText(tls.mode) ?? '';
  return [
    ...refused.map((field) => ({ place: [...place, field], why: `a Sidecar has no \`${field}\`` })),
    ...complaintWhen(
      ['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(mode),
      [...place, 'mode'],
      `a Sidecar has no \`mode: ${mode}\``,
    ),
    ...complaintWhen(!isTls(protocol), place, `a listener for \`${protocol}\` has no \`tls\``),
    ...checkServerTls(tls, place),
  ];
}

function checkEgress(value: JsonValue, place: Path, { egress }: JsonObject): readonly Complaint[] {
  const { port, bind, hosts } = asObject(value) ?? {};
  const names = asTexts(hosts);
  const isLast = Number(place.at(-1)) === asArray(egress).length - 1;
  const written = asText(bind) ?? '';
  const isSocket = written.startsWith('unix://');
  return [
    ...complaintWhen(
      !isWritten(port) && !isLast,
      place,
      'a listener of `egress` without a port has to be the last one',
    ),
    ...(asObject(port) === undefined || isSocket ? [] : checkListenerPort(asObject(port) ?? {}, place)),
    ...(isSocket ? [] : checkBind(written, place)),
    ...complaintWhen(names.length === 0, place, 'a listener of `egress` needs hosts'),
    ...names.flatMap((host, index) => {
      const why = faultOfImport(host, 'in a Sidecar');
      return why === undefined ? [] : [{ place: [...place, 'hosts', index], why }];
    }),
  ];
}

function checkOutbound(policy: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (policy === undefined) return [];
  const mode = asText(policy.mode) ?? 'REGISTRY_ONLY';
  const proxy = asObject(policy.egressProxy);
  if (proxy === undefined) return [];
  if (mode !== 'ALLOW_ANY') return [{ place: [...place, 'egressProxy'], why: '`egressProxy` needs `mode: ALLOW_ANY`' }];
  const why = faultOfHost(asText(proxy.host) ?? '', 'whole names');
  return [
    ...(why === undefined ? [] : [{ place: [...place, 'egressProxy', 'host'], why }]),
    ...complaintWhen(!isWritten(proxy.port), [...place, 'egressProxy'], '`egressProxy` needs a `port`'),
    ...checkDestination(proxy, [...place, 'egressProxy']),
  ];
}
