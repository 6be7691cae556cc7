import { isIP } from 'node:net';

/** An IP address or a CIDR block as Go's `netip` reads it: no zone, no octal, no leading zero in the length. */
export function isAddress(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || more.length > 0) return false;
  return length === undefined || (/^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
}

/** A decimal port, as `ports` and `destination.port` take it. */
export function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= 65535;
}
