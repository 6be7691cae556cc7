import type { HeaderTests } from '../../mesh/limits/header-match.js';
import type { Amount } from '../../mesh/limits/limit-config.js';
import type { LocalLimit } from '../../mesh/limits/local-limit.js';
import type { SharedFilter } from '../../mesh/limits/shared-filter.js';

/** A limit of a proxy’s own in words that are the same where the meaning is. */
export function localInWords({ headers, ...amount }: LocalLimit): string {
  return `${amountInWords(amount)}${testsInWords(headers)}`;
}

/** A limit that a service counts for many proxies. */
export interface SharedLimit {
  /** `undefined`: nothing tells the service how many requests there may be. */
  readonly amount: Amount | undefined;
  readonly headers: HeaderTests;
  /** By what it is told from others. */
  readonly name: string;
  /** What has a count of its own. */
  readonly keys: readonly string[];
  readonly asked: Omit<SharedFilter, 'descriptors'>;
}

/** The same for one of a service’s. */
export function sharedInWords({ amount, headers, name, keys, asked }: SharedLimit): string {
  const { host, port, domain, milliseconds, refuses } = asked;
  const many = amount === undefined ? 'any number' : amountInWords(amount);
  const each = keys.length === 0 ? '' : ` for each ${keys.join(' and ')}`;
  const service = `as ${name} of domain ${domain} by ${host}:${port}`;
  const failing = `${refuses ? 'none' : 'all'} where no answer comes in ${milliseconds} ms`;
  return `${many}${testsInWords(headers)}${each} ${service}, ${failing}`;
}

function amountInWords({ requests, milliseconds }: Amount): string {
  return `${requests} in ${milliseconds} ms`;
}

function testsInWords(headers: HeaderTests): string {
  const tests = [...headers].map(([name, regex]) => `${name} ${regex ?? 'present'}`).sort();
  return tests.length === 0 ? '' : ` with ${tests.join(' and ')}`;
}
