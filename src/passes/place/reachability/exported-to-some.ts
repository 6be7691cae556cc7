import { narrowing } from '../../../dataplanes/reachability.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { isNamespacePattern } from '../../../resolve/namespace-pattern.js';
import type { Caller, Destination } from '../../../resolve/resolved.js';
import { holds, scopeLabel } from '../../../resolve/scopes.js';
import { isToBeWritten } from '../../../resolve/traffic/outside/outside-hosts.js';
import { keyOf } from '../../../topology/model.js';
import { sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { callableServices, isOutside } from './callable-services.js';

/**
 * The namespaces to which what is written for a Service or a host is exported where it is for some alone; `undefined` where
 * nobody asks for that. A waypoint reads it too, wherever it is.
 */
export function exportedToSome(context: PlaceContext, policy: DestinationPolicy): readonly string[] | undefined {
  const { destination, waypoint, traffic } = policy;
  const namespaces = traffic?.readers ?? namespacesOfCallers(context, policy);
  if (namespaces === undefined) return undefined;
  const all = sortedUnique([...namespaces, ...(waypoint ? [waypoint.namespace] : [])]);
  return ['.', ...all.filter((namespace) => namespace !== destination.namespace)];
}

/** Those of a Service, where it is said that what is for it is for them. */
function namespacesOfCallers(context: PlaceContext, policy: DestinationPolicy): readonly string[] | undefined {
  const { destination } = policy;
  const asked = context.ir.exports.find(({ scope }) => holds(scope, destination));
  if (asked === undefined) return undefined;
  const host = destination.service?.host;
  const known = callableServices(context.ir).find(({ services }) => services.some((service) => service.host === host));
  const namespaces = namespacesOf(known?.callers ?? 'anyone');
  if (namespaces === undefined) {
    const parameters = {
      field: 'exportTo',
      scope: destinationLabel(destination),
      why: 'its callers may be in any namespace',
    };
    const help = 'write `default: Deny` and rules that name its callers, or say it of other Services only';
    const notes = [
      { message: 'what is exported is written for these settings', span: policy.traffic?.origin.span ?? asked.span },
    ];
    context.report(diagnostic('not-of-scope', parameters, asked.span, { help, notes }));
  }
  return namespaces;
}

/** Where nothing is written there is nothing to export. */
export function reportNothingExported({ ir, report }: PlaceContext, written: readonly Destination[]): void {
  const ids = new Set(written.map(({ id }) => id));
  const ofLists = ir.destinations.flatMap(({ destination, traffic }) => {
    if (traffic?.readers === undefined || ids.has(destination.id) || isToBeWritten(destination, ir.topology)) return [];
    return [{ scope: destinationLabel(destination), span: traffic.origin.span, what: 'it' }];
  });
  const ofScopes = ir.exports
    .filter(({ scope }) => !written.some((destination) => holds(scope, destination)))
    .map(({ scope, span }) => ({ scope: scopeLabel(scope), span, what: 'its Services' }));
  for (const { scope, span, what } of [...ofScopes, ...ofLists]) {
    const why = `nothing is written for requests to ${what}`;
    const help = 'write settings for a Service of it, or drop `exportTo`';
    report(diagnostic('not-of-scope', { field: 'exportTo', scope, why }, span, { help }));
  }
}

/** Who is ambient reads nothing: neither ztunnel nor a waypoint asks to whom something is exported (T-83, T-01). */
export function remarkOnAmbient(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, traffic, waypoint } = policy;
  if (traffic?.readers === undefined) return;
  const { readers, origin } = traffic;
  const isHost = isToBeWritten(destination, context.ir.topology);
  if (!isHost && waypoint === undefined) return;
  const cluster = context.clusterOf(policy);
  const other = [...cluster.workloads.values()].find(
    ({ namespace, mode }) => mode.plane === 'ambient' && !readers.includes(namespace),
  );
  if (other === undefined) return;
  const because = waypoint
    ? `waypoint ${waypoint.namespace}/${waypoint.name} serves callers of every namespace`
    : narrowing('ztunnel', cluster.settings).because;
  const parameters = { subject: destinationLabel(destination), workload: keyOf(other), because };
  context.report(diagnostic('exported-and-ambient', parameters, origin.span));
}

/** Where they run; `undefined` where they may be anywhere. */
function namespacesOf(callers: 'anyone' | readonly Caller[]): readonly string[] | undefined {
  if (callers === 'anyone') return undefined;
  const found = callers.filter((caller) => !isOutside(caller)).map(namespacesOfCaller);
  return found.every((each) => each !== undefined) ? found.flat() : undefined;
}

function namespacesOfCaller(caller: Caller): readonly string[] | undefined {
  if (caller.kind === 'namespace') return isNamespacePattern(caller.namespace) ? undefined : [caller.namespace];
  if (caller.kind !== 'identities') return undefined;
  return caller.serviceAccounts.map((account) => account.slice(0, account.indexOf('/')));
}
