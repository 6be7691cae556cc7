/** Whether the text is an IP address, or a CIDR block, that Go's `netip` accepts: no leading zeros, no zone. */
export function isIpBlock(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0) return false;
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : undefined;
  if (bits === undefined) return false;
  return prefix === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits);
}

/** What is wrong with an address or block of peers: it is none, or one that no peer is ever compared with. */
export function ipBlockFault(text: string): { readonly help?: string } | undefined {
  if (!isIpBlock(text)) return {};
  const meant = mappedBlock(text);
  return meant === undefined
    ? undefined
    : { help: `write \`${meant}\`: a proxy compares an IPv4 peer with IPv4 blocks alone` };
}

/** The IPv4 address or block that a text writes inside IPv6, where it does: `::ffff:10.0.0.0/104` is `10.0.0.0/8`. */
function mappedBlock(text: string): string | undefined {
  const [, inner = '', prefix = '128'] = /^(?:::|(?:0{1,4}:){5})ffff:([0-9a-f.:]+)(?:\/(\d+))?$/i.exec(text) ?? [];
  const address = inner.includes('.') ? inner : dotted(inner);
  if (!isIpv4(address) || Number(prefix) < 96) return undefined;
  return prefix === '128' ? address : `${address}/${Number(prefix) - 96}`;
}

/** Two groups of IPv6 as the four bytes that they are. */
function dotted(groups: string): string {
  const bytes = groups.split(':').flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 255];
  });
  return bytes.join('.');
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const embedded = last.includes('.') ? 1 : 0;
  if (embedded === 1 && !isIpv4(last)) return false;
  const words = embedded === 1 ? groups.slice(0, -1) : groups;
  if (!words.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = words.length + 2 * embedded;
  return halves.length === 2 ? count < 8 : count === 8;
}
