import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject } from '../../mesh/json.js';
import type { Route } from '../../mesh/routes/route.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { LintContext } from '../context.js';
import { ownersOf, portsOf } from './known-hosts.js';
import { allRoutes } from './route-rules.js';
import { lawsOf } from './shown.js';

/** A route for a port that its Service does not have: it is read, and no request is for it (T-15). */
export function portsOfParents(context: LintContext): readonly Diagnostic[] {
  return allRoutes(context).flatMap(({ at, route }) => {
    const { hosts, objects, parentPort } = route;
    const [object] = objects;
    const owners = hosts.flatMap((host) => ownersOf(at, host));
    const numbers = owners.flatMap(portsOf).map(({ number }) => number);
    if (object === undefined || parentPort === undefined || owners.length === 0 || numbers.includes(parentPort)) {
      return [];
    }
    const why = `\`${hosts[0]}\` has no port ${parentPort}, and what it has is ${listed(numbers)}`;
    return diagnostic('route-ignored', { route: describe(object), why }, spanIn(object, placeOf(object, route)), {
      ...lawsOf(
        'a parent with a port is for requests to that port alone (istio-traffic-topology T-15)',
        'no request shows it: every one is routed as if it were not there',
      ),
      help: 'write a port of the Service, or leave it out to mean all of them',
    });
  });
}

function listed(numbers: readonly number[]): string {
  return numbers.map((number) => `\`${number}\``).join(', ');
}

/** The first parent with the port. */
function placeOf({ value }: ManifestObject, { parentPort }: Route): Path {
  const parents = asArray(asObject(value.spec)?.parentRefs);
  return ['spec', 'parentRefs', parents.findIndex((parent) => asObject(parent)?.port === parentPort), 'port'];
}
