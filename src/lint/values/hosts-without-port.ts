import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { exactly, type Matcher, textMatcher } from '../../mesh/policies/matcher.js';
import type { Test } from '../../mesh/policies/policy.js';
import type { Attribute } from '../../mesh/view.js';
import { groupBy } from '../../util/order.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { proofOf } from '../evidence.js';
import { expecting } from '../expecting.js';
import type { Site } from '../sites.js';
import { commonWishes } from '../wishes.js';
import { consequenceOf } from './consequence.js';
import { type WrittenValue, writtenValues } from './written-values.js';

/** A host without `host:*` beside it: clients that send the port in the Host header are not matched (§1.4). */
export function hostsWithoutPort(context: LintContext): readonly Diagnostic[] {
  const mistakes = writtenValues(context, 'request.host', (value, _subject, test) => standsAlone(value, test));
  return [...groupBy(mistakes, ({ subject }) => subject)].flatMap(([subject, group]) => {
    const values = group.map(({ value }) => value);
    const expected = expecting(context, new Map([['request.host', matchersFor(values, subject)]]));
    return group.flatMap((mistake) => finding(expected, mistake));
  });
}

function finding(context: LintContext, mistake: WrittenValue): readonly Diagnostic[] {
  const { value, subject } = mistake;
  const wishes = (site: Site) =>
    new Map<Attribute, readonly string[]>([...commonWishes, ['request.host', [sent(value, site)]]]);
  const replace = (site: Site) => corrected(value, subject.policy.action, site);
  const evidence = consequenceOf(context, mistake, replace, wishes);
  if (evidence === undefined) return [];
  const law = 'hosts are compared with the whole Host header, its port included (istio-security §1.4)';
  const right = withPort(value, subject.sites[0]?.behind);
  const parameters = { policy: nameOf(subject.policy), host: value, right };
  return [diagnostic('host-without-port', parameters, mistake.span, proofOf(evidence, law))];
}

/** What stands in the place of some values where it is right, and what clients send. */
function matchersFor(values: readonly string[], { policy, sites }: PolicyInMesh): readonly Matcher[] {
  return values.flatMap((value) =>
    sites.flatMap((site) => [
      ...corrected(value, policy.action, site).map((host) => textMatcher(host, true)),
      exactly(sent(value, site)),
    ]),
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
