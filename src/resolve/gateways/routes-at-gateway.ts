import type { ManifestObject } from '../../parse/document.js';
import { type Gateway, keyOf } from '../../topology/model.js';

/** The Gateways, as objects, whose listeners a proxy has: routes name these. */
export function gatewayObjectsOf({ listeners }: Gateway): ReadonlySet<string> {
  return new Set(listeners.map(({ object: { namespace = 'default', name } }) => `${namespace}/${name}`));
}

/** Whether a route is for one of some Gateways. */
export function isForGateway(
  { kind, namespace: home = 'default', value }: ManifestObject,
  gateways: ReadonlySet<string>,
): boolean {
  const { gateways: named, parentRefs } = Object(value.spec);
  if (kind === 'VirtualService')
    return listOf(named).some((each) => gateways.has(String(each).includes('/') ? String(each) : `${home}/${each}`));
  return listOf(parentRefs).some((parent) => {
    const { name, namespace = home, kind: of = 'Gateway' } = Object(parent);
    return of !== 'Service' && gateways.has(`${namespace}/${name}`);
  });
}

/** Whether settings of traffic are for one of them. */
export function isOneOf(
  objects: ReadonlyArray<{ readonly cluster: string; readonly namespace: string; readonly name: string }>,
  cluster: string,
  gateways: ReadonlySet<string>,
): boolean {
  return objects.some((each) => each.cluster === cluster && gateways.has(keyOf(each)));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
