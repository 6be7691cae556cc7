import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { destinationLabel } from '../../../resolve/destinations.js';
import { isNamespacePattern } from '../../../resolve/namespace-pattern.js';
import type { Caller, Destination } from '../../../resolve/resolved.js';
import { holds, scopeLabel } from '../../../resolve/scopes.js';
import { sortedUnique } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';
import { callableServices, isOutside } from './callable-services.js';

/**
 * The namespaces to which routes and settings of a Service are exported where they are for callers alone; `undefined` where
 * nobody asks for that. A waypoint reads them too, wherever it is.
 */
export function exportedToCallers(context: PlaceContext, policy: DestinationPolicy): readonly string[] | undefined {
  const { destination, waypoint } = policy;
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
    return undefined;
  }
  const all = sortedUnique([...namespaces, ...(waypoint ? [waypoint.namespace] : [])]);
  return ['.', ...all.filter((namespace) => namespace !== destination.namespace)];
}

/** Where nothing is written for any Service there is nothing to export. */
export function reportNothingExported({ ir, report }: PlaceContext, written: readonly Destination[]): void {
  for (const { scope, span } of ir.exports) {
    if (written.some((destination) => holds(scope, destination))) continue;
    const why = 'nothing is written for requests to its Services';
    const help = 'write settings for a Service of it, or drop `exportTo`';
    report(diagnostic('not-of-scope', { field: 'exportTo', scope: scopeLabel(scope), why }, span, { help }));
  }
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
