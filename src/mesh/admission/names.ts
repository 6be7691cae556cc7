import type { JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { parseAddress, parseBlock } from '../ip.js';
import { asText } from '../json.js';

const longestLabel = 63;
const longestName = 255;
const label = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const firstOfWildcard = /^(\*|(\*-?)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

export function isLabel(text: string): boolean {
  return text.length <= longestLabel && label.test(text);
}

export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

export function isBlock(text: string): boolean {
  return parseBlock(text) !== undefined;
}

/** Why a text is no name of a host; a star may stand for what begins it where wildcards are allowed. */
export function faultOfHost(host: string, allowed: 'wildcards' | 'whole names'): string | undefined {
  if (host === '') return 'a host is empty';
  if (host.length > longestName) return `\`${host.slice(0, 40)}…\` is longer than 255 characters`;
  const labels = host.split('.');
  const [first = '', ...rest] = labels;
  const startsWell = allowed === 'wildcards' ? first.length <= longestLabel && firstOfWildcard.test(first) : true;
  if (!startsWell) return `\`${host}\` is no name of a host: \`${first}\` is no label of DNS`;
  const checked = allowed === 'wildcards' ? rest : labels;
  return checked.length === 0 ? undefined : faultOfLabels(host, checked);
}

/** The last label may be empty, as in `example.com.`, and is no number. */
function faultOfLabels(host: string, labels: readonly string[]): string | undefined {
  const last = labels.at(-1) ?? '';
  if (/^[+-]?\d+$/.test(last)) return `\`${host}\` is no name of a host: it ends in a number`;
  const whole = last === '' ? labels.slice(0, -1) : labels;
  const bad = whole.find((each) => !isLabel(each));
  return bad === undefined ? undefined : `\`${host}\` is no name of a host: \`${bad}\` is no label of DNS`;
}

/** `istio.io`, `*.io` and `*` for hosts that a VirtualService or a DestinationRule is for. */
export function checkHost(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const why = faultOfHost(asText(value) ?? '', 'wildcards');
  return why === undefined ? [] : [{ place, why }];
}

export function checkPort(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const isPort = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
  return complaintWhen(!isPort, place, `${value === undefined ? 'no number' : `\`${String(value)}\``} is no port`);
}

/** The name of a port, as endpoints and routes refer to it. */
export function checkPortName(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const name = asText(value) ?? '';
  if (name === '') return [{ place, why: 'the port has no name' }];
  return complaintWhen(!isLabel(name), place, `\`${name}\` is no name of a port`);
}

const protocols: ReadonlySet<string> = new Set([
  ...['http', 'http2', 'http_proxy', 'grpc', 'grpc-web', 'https', 'tls'],
  ...['tcp', 'udp', 'mongo', 'redis', 'mysql'],
]);

export function isProtocol(name: string): boolean {
  return protocols.has(name.toLowerCase());
}

/** Where nothing is declared, a proxy looks at the bytes. */
export function checkProtocol(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const name = asText(value) ?? '';
  return complaintWhen(name !== '' && !isProtocol(name), place, `\`${name}\` is no protocol that Istio knows`);
}

export function isHttp(protocol: string): boolean {
  return ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'].includes(protocol.toLowerCase());
}

export function isTls(protocol: string): boolean {
  return ['https', 'tls'].includes(protocol.toLowerCase());
}

/** The names of headers that the webhook takes: those of HTTP, and a comma. */
export function isHeaderName(text: string): boolean {
  return /^[-!#$%&'*+,.^_`|~A-Za-z0-9]+$/.test(text);
}

/** Whether all that a wildcard names is named by another, or both name one host. */
export function overlap(left: string, right: string): boolean {
  if (left.startsWith('*')) {
    const suffix = left.slice(1);
    return right.startsWith('*')
      ? right.slice(1).endsWith(suffix) || suffix.endsWith(right.slice(1))
      : right.endsWith(suffix);
  }
  return right.startsWith('*') ? left.endsWith(right.slice(1)) : left === right;
}

/** Whether every host that one names is named by the other. */
export function isWithinHost(inner: string, outer: string): boolean {
  if (!outer.startsWith('*')) return inner === outer;
  return inner.startsWith('*') ? inner.slice(1).endsWith(outer.slice(1)) : inner.endsWith(outer.slice(1));
}
