/** An address as its family and its value, so that ranges can be compared. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A half-open range of addresses of one family. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly start: bigint;
  readonly end: bigint;
}

/**
 * The address of a peer. An IPv4 address inside IPv6 (`::ffff:1.2.3.4`) is the IPv4 address: so every proxy sees it.
 * `undefined` when it is neither.
 */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text);
  const isMapped = address?.bits === 128 && address.value >> 32n === 0xffffn;
  return isMapped ? { bits: 32, value: address.value & 0xffffffffn } : address;
}

/**
 * An IP address or a CIDR block, as `ipBlocks` takes them (§1.3): Go's `netip`. A block inside `::ffff:0:0/96` is one of
 * IPv6, which no IPv4 peer is compared with as such. `undefined` when it is neither.
 */
export function parseBlock(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const length = slash < 0 ? address.bits : parsePrefixLength(text.slice(slash + 1), address.bits);
  if (length === undefined) return undefined;
  const size = 1n << BigInt(address.bits - length);
  const start = (address.value / size) * size;
  return { bits: address.bits, start, end: start + size };
}

export function contains(block: AddressRange, address: Address): boolean {
  return block.bits === address.bits && address.value >= block.start && address.value < block.end;
}

/** Whether a text is an address in one of some blocks. */
export function isInBlocks(text: string, blocks: readonly string[]): boolean {
  const address = parseAddress(text);
  return blocks.some((block) => {
    const range = parseBlock(block);
    return range !== undefined && address !== undefined && contains(range, address);
  });
}

/** Whether all of a block is in one of some blocks; one that is no block is in none. */
export function isWithin(text: string, blocks: readonly string[]): boolean {
  const inner = parseBlock(text);
  return blocks.some((block) => {
    const outer = parseBlock(block);
    if (inner === undefined || outer === undefined || inner.bits !== outer.bits) return false;
    return outer.start <= inner.start && inner.end <= outer.end;
  });
}

export function formatAddress({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - index * 16)) & 0xffffn);
  return groups.map((group) => group.toString(16)).join(':');
}

function readAddress(text: string): Address | undefined {
  const version4 = parseVersion4(text);
  if (version4 !== undefined) return { bits: 32, value: version4 };
  const value = parseVersion6(text);
  return value === undefined ? undefined : { bits: 128, value };
}

function parsePrefixLength(text: string, bits: number): number | undefined {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return undefined;
  return Number(text) <= bits ? Number(text) : undefined;
}

function parseVersion4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  if (!parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseVersion6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? joinGroups(head) : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return joinGroups([...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0n), ...tail]);
}

function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = index === parts.length - 1 && part.includes('.') ? parseVersion4(part) : undefined;
    if (embedded !== undefined) groups.push(embedded >> 16n, embedded & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

function joinGroups(groups: readonly bigint[]): bigint {
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}
