import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Test } from '../../mesh/policies/policy.js';
import type { Attribute } from '../../mesh/view.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import type { Site } from '../sites.js';
import { commonWishes } from '../wishes.js';
import { consequenceOf } from './consequence.js';
import { writtenValues } from './written-values.js';

/** A host without `host:*` beside it: clients that send the port in the Host header are not matched (§1.4). */
export function hostsWithoutPort(context: LintContext): readonly Diagnostic[] {
  return writtenValues(context, 'request.host', (value, _subject, test) => standsAlone(value, test)).flatMap(
    (mistake) => {
      const { value, subject } = mistake;
      const wishes = (site: Site) =>
        new Map<Attribute, readonly string[]>([...commonWishes, ['request.host', [sent(value, site)]]]);
      const replace = (site: Site) => corrected(value, subject.policy.action, site);
      const evidence = consequenceOf(context, mistake, replace, wishes);
      if (evidence === undefined) return [];
      const law = 'hosts are compared with the whole Host header, its port included (istio-security §1.4)';
      const right = withPort(value, subject.sites[0]?.behind);
      const parameters = { policy: nameOf(subject.policy), host: value, right };
      return diagnostic('host-without-port', parameters, mistake.span, proofOf(evidence, law));
    },
  );
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
  return [host, withPort(host, behind)];
}

/** A value has one wildcard only, so a suffix takes the port that clients send. */
function withPort(host: string, behind: Site['behind']): string {
  return host.startsWith('*') ? `${host}:${portOf(behind)}` : `${host}:*`;
}

function sent(host: string, { behind }: Site): string {
  return `${host.replace(/^\*/, 'any')}:${portOf(behind)}`;
}

function portOf(behind: Site['behind']): number {
  return behind?.port.number ?? 80;
}
