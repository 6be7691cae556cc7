import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Test } from '../policy.js';
import type { Attribute } from '../view.js';
import { commonWishes } from './compare.js';
import { type LintContext, nameOf } from './context.js';
import { proofOf } from './evidence.js';
import { consequenceOf, mistakesIn } from './mistaken-tests.js';
import type { Site } from './sites.js';

/** A host without `host:*` beside it: clients that send the port in the Host header are not matched (§1.4). */
export function hostsWithoutPort(context: LintContext): readonly Diagnostic[] {
  return mistakesIn(context, 'request.host', (value, _subject, test) => standsAlone(value, test)).flatMap((mistake) => {
    const { value, subject } = mistake;
    const wishes = (site: Site) =>
      new Map<Attribute, readonly string[]>([...commonWishes, ['request.host', [sent(value, site)]]]);
    const evidence = consequenceOf(
      context,
      mistake,
      (site) => () => corrected(value, subject.policy.action, site),
      wishes,
    );
    if (evidence === undefined) return [];
    const law = 'hosts are compared with the whole Host header, its port included (istio-security §1.4)';
    const parameters = { policy: nameOf(subject.policy), host: value };
    return diagnostic('host-without-port', parameters, mistake.span, proofOf(evidence, law));
  });
}

function standsAlone(host: string, { values, notValues }: Test): boolean {
  if (host.includes(':') || host.endsWith('*')) return false;
  const beside = values.includes(host) ? values : notValues;
  return !beside.some((other) => other.startsWith(`${host}:`));
}

/** A client leaves the port out where it is the scheme's own: an ALLOW for such a port misses nobody. */
function corrected(host: string, action: string, { behind }: Site): readonly string[] {
  const common = behind === undefined || behind.port.number === 80 || behind.port.number === 443;
  if (action === 'ALLOW' && common) return [host];
  return host.startsWith('*') ? [host, `${host}:${portOf(behind)}`] : [host, `${host}:*`];
}

function sent(host: string, { behind }: Site): string {
  return `${host.replace(/^\*/, 'any')}:${portOf(behind)}`;
}

function portOf(behind: Site['behind']): number {
  return behind?.port.number ?? 80;
}
