import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { alreadyReported } from '../../topology/fields.js';
import { keyOf, type Listener } from '../../topology/model.js';
import { isServed } from '../../topology/revisions.js';
import type { LintContext } from './lint.js';

/** A listener that istiod does not serve: its port is closed, whatever routes and policies say (istio-security §2.10). */
export function listenersLeftOut({ cluster }: LintContext): readonly Diagnostic[] {
  const { namespaces, revisions } = cluster;
  return listenersOf(cluster).flatMap((listener) => {
    const { standing, object } = listener;
    // That nobody serves the whole Gateway is said of it.
    if (standing.kind !== 'left-out' || isServed(object, namespaces, revisions, alreadyReported) !== true) return [];
    return diagnostic('listener-left-out', { ...parametersOf(listener), why: standing.because }, spanOf(listener));
  });
}

/** A listener of which manifests do not tell whether it is there. */
export function listenersUndecided({ cluster }: LintContext): readonly Diagnostic[] {
  return listenersOf(cluster).flatMap((listener) => {
    const { standing } = listener;
    if (standing.kind !== 'undecided') return [];
    return diagnostic('listener-undecided', { ...parametersOf(listener), why: standing.because }, spanOf(listener));
  });
}

/** Pods of a gateway that no Gateway selects: where they listen, others may say. */
export function gatewaysWithoutListeners({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.gateways.values()]
    .filter(({ kind, listeners }) => kind === 'classic' && listeners.length === 0)
    .map((gateway) => {
      const { object } = gateway;
      return diagnostic('gateway-without-listener', { gateway: keyOf(gateway) }, spanIn(object, ['metadata', 'name']));
    });
}

/** Each once, however many gateways have it. */
function listenersOf({ gateways }: LintContext['cluster']): readonly Listener[] {
  const all = [...gateways.values()].flatMap(({ listeners }) => listeners);
  return [...new Map(all.map((listener) => [`${keyOfOwner(listener)} ${listener.path.join('.')}`, listener])).values()];
}

function keyOfOwner({ object }: Listener): string {
  return `${object.kind} ${object.apiVersion} ${object.namespace ?? 'default'}/${object.name}`;
}

function parametersOf({ name, object }: Listener) {
  return { listener: name, kind: object.kind, gateway: `${object.namespace ?? 'default'}/${object.name}` };
}

function spanOf({ object, path }: Listener) {
  return spanIn(object, path);
}
