import { diagnostic } from '../../diagnostics/create.js';
import type { Located } from '../../diagnostics/diagnostic.js';
import type { Condition, GatewaySettings } from '../../parse/ast.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { type Gateway, keyOf } from '../../topology/model.js';
import type { ResolveContext } from '../context.js';
import type { RuleThroughGateway } from './through.js';

/**
 * The hosts that an application's rule at a gateway speaks of: its own, all of which the gateway's owner has to have left to its
 * namespace, or else all that were. `undefined` where there is no such consent.
 */
export function delegatedHosts(
  context: ResolveContext,
  gateway: Gateway,
  namespace: string,
  { target }: RuleThroughGateway,
  ofGateway: readonly GatewaySettings[],
): Condition | undefined {
  const delegations = ofGateway.flatMap(({ authorization }) => authorization?.delegatesTo ?? []);
  const own = delegations.filter((each) => each.namespace.value === namespace).flatMap(({ hosts }) => hosts);
  const { span } = target.through;
  const [settings] = ofGateway;
  const notes = settings ? [{ message: 'the settings of the gateway are here', span: settings.scope.span }] : [];
  if (own.length === 0) {
    const parameters = { gateway: keyOf(gateway), namespace };
    context.report(diagnostic('not-delegated', parameters, span, { notes }));
    return undefined;
  }
  const written = target.conditions.find(({ key, isNegated }) => key === 'hosts' && !isNegated);
  if (written === undefined) return { key: 'hosts', name: undefined, values: own, isNegated: false, span };
  const foreign = written.values.find(({ value }) => !own.some((host) => covers(host, value)));
  if (foreign === undefined) return written;
  const parameters = { host: foreign.value, gateway: keyOf(gateway), namespace };
  context.report(diagnostic('host-not-delegated', parameters, foreign.span, { notes }));
  return undefined;
}

function covers({ value }: Located<string>, host: string): boolean {
  return value === host || coversName(value, host);
}
