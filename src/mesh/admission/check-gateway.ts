import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import { checkPort, faultOfHost, isAddress, isHttp, isLabel, isProtocol, isTls } from './names.js';
import { by, each, isWritten, type Judged, type Refusal } from './refusal.js';
import { checkServerTls } from './server-tls.js';

/** What Istio's webhook refuses in one of its own Gateways. */
export function checkGateway({ spec }: Judged): readonly Refusal[] {
  const names = asArray(spec.servers).map((server) => asObject(asObject(server)?.port)?.name);
  return [
    ...by('L-56', complaintWhen(names.length === 0, ['spec'], 'at least one server is needed')),
    ...by('L-56', each(spec.servers, ['spec', 'servers'], checkServer)),
    ...by(
      'L-56',
      names.flatMap((name, index) => {
        const isTaken = name !== undefined && names.indexOf(name) < index;
        return complaintWhen(
          isTaken,
          ['spec', 'servers', index, 'port', 'name'],
          `port \`${String(name)}\` is there twice`,
        );
      }),
    ),
  ];
}

function checkServer(value: JsonValue, place: Path): readonly Complaint[] {
  const { hosts, port, bind, tls } = asObject(value) ?? {};
  const names = asTexts(hosts);
  return [
    ...complaintWhen(names.length === 0, place, 'a server needs hosts'),
    ...names.flatMap((host, index) => {
      const why = faultOfImport(host, 'at a gateway');
      return why === undefined ? [] : [{ place: [...place, 'hosts', index], why }];
    }),
    ...checkServerPort(asObject(port), place, asText(bind) ?? ''),
    ...checkServerTls(tls, [...place, 'tls']),
    ...checkTlsOfProtocol(asText(asObject(port)?.protocol) ?? '', asObject(tls), place),
  ];
}

function checkServerPort(port: JsonObject | undefined, place: Path, bind: string): readonly Complaint[] {
  if (port === undefined) return [{ place, why: 'a server needs a `port`' }];
  const protocol = asText(port.protocol) ?? '';
  const here = [...place, 'port'];
  return [
    ...complaintWhen(!isProtocol(protocol), [...here, 'protocol'], `\`${protocol}\` is no protocol of a gateway`),
    ...(bind.startsWith('unix://') ? [] : checkPort(port.number, [...here, 'number'])),
    ...complaintWhen((asText(port.name) ?? '') === '', here, 'the port has no name'),
    ...complaintWhen(
      bind !== '' && !bind.startsWith('unix://') && !isAddress(bind),
      [...place, 'bind'],
      `\`${bind}\` is no address`,
    ),
  ];
}

function checkTlsOfProtocol(protocol: string, tls: JsonObject | undefined, place: Path): readonly Complaint[] {
  if (!isProtocol(protocol)) return [];
  if (isTls(protocol)) return complaintWhen(tls === undefined, place, `a server for \`${protocol}\` needs \`tls\``);
  if (tls === undefined) return [];
  const isRedirect =
    isHttp(protocol) && ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(asText(tls.mode) ?? 'PASSTHROUGH');
  const files = ['caCertificates', 'privateKey', 'serverCertificate'].filter((field) => isWritten(tls[field]));
  return complaintWhen(
    !isRedirect || files.length > 0,
    [...place, 'tls'],
    `a server for \`${protocol}\` has no \`tls\``,
  );
}

/** `namespace/host`, where the host is whole or begins with `*.`; at a gateway the host alone as well. */
export function faultOfImport(written: string, where: 'at a gateway' | 'in a Sidecar'): string | undefined {
  const slash = written.indexOf('/');
  if (slash < 0 && where === 'in a Sidecar') return `\`${written}\` is not written as \`namespace/host\``;
  const [namespace, host] = slash < 0 ? ['*', written] : [written.slice(0, slash), written.slice(slash + 1)];
  const words = ['*', '.', ...(where === 'in a Sidecar' ? ['~'] : [])];
  if (!words.includes(namespace) && !isLabel(namespace)) return `\`${namespace}\` is no namespace`;
  if (host !== '*' && !host.includes('.')) return `\`${host}\` is a short name: the whole name of the host is needed`;
  const isPartial = host.includes('*') && host !== '*' && !host.startsWith('*.');
  if (isPartial) return `\`${host}\` has a star for a part of a name`;
  return where === 'at a gateway' && isAddress(host) ? undefined : faultOfHost(host, 'wildcards');
}
