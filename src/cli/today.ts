import type { Host } from './files/host.js';

/** The day, in UTC, that acceptances with an end date are judged by. */
export function today(host: Host): string {
  return host.now().toISOString().slice(0, 10);
}
