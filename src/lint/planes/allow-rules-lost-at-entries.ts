import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isHttpAttribute } from '../../mesh/fields.js';
import type { Rule } from '../../mesh/policies/policy.js';
import { spanIn } from '../../parse/document.js';
import { keyOf, type ServiceEntry, type ServicePort, type Waypoint } from '../../topology/model.js';
import { type Target, targetsOf } from '../attachment/targets.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { testsOf } from '../written.js';

/**
 * An ALLOW rule for hosts outside the mesh that asks for a request where their port carries bytes or TLS: the waypoint
 * drops it, and nobody gets out there (§2.5). The port alone decides that, whoever calls.
 */
export function allowRulesLostAtEntries(context: LintContext): readonly Diagnostic[] {
  return context.policies
    .filter(({ policy }) => policy.action === 'ALLOW')
    .flatMap((subject) => {
      const exits = targetsOf(context, subject.policy, subject.at).flatMap(exitsOf);
      return subject.policy.rules.flatMap((rule) => lostAt(subject, rule, exits));
    });
}

/** A port of a ServiceEntry that is reached through a waypoint. */
interface Exit {
  readonly entry: ServiceEntry;
  readonly waypoint: Waypoint;
  readonly port: ServicePort;
  /** Whether the entry has a port on which requests can be seen. */
  readonly isOpaque: boolean;
}

function exitsOf({ object, waypoint }: Target): readonly Exit[] {
  if (waypoint === undefined || !('hosts' in object)) return [];
  const isOpaque = object.ports.every(({ layer }) => layer === 'tcp');
  return object.ports
    .filter(({ layer }) => layer === 'tcp')
    .map((port) => ({ entry: object, waypoint, port, isOpaque }));
}

function lostAt({ policy }: PolicyInMesh, rule: Rule, exits: readonly Exit[]): readonly Diagnostic[] {
  const tests = testsOf(rule);
  const lost = tests.find(({ attribute }) => isHttpAttribute(attribute));
  const ports = tests.filter(({ attribute }) => attribute === 'destination.port').flatMap(({ values }) => values);
  const exit = exits.find(({ port, isOpaque }) =>
    ports.length === 0 ? isOpaque : ports.includes(String(port.number)),
  );
  if (lost === undefined || exit === undefined) return [];
  const { entry, port, waypoint } = exit;
  const [host = ''] = entry.hosts;
  const carried = port.protocol === 'tls' || port.protocol === 'https' ? 'TLS that only the host can read' : 'bytes';
  return [
    diagnostic('allow-rule-lost-on-tcp', { policy: nameOf(policy) }, spanIn(policy.object, lost.place), {
      witness: `a connection to ${host}:${port.number} through waypoint \`${keyOf(waypoint)}\` is not admitted by this rule, whoever calls`,
      notes: [
        { message: `\`${lost.field}\` needs a request, and on a TCP port there is none (istio-security §2.5)` },
        { message: `port ${port.number} of ServiceEntry \`${keyOf(entry)}\` carries ${carried}` },
      ],
      help: 'ask for callers and ports only: the target says for which host the rule is',
    }),
  ];
}
