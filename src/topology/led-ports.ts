import type { ManifestObject } from '../parse/document.js';
import type { Service } from './model.js';

/**
 * The ports of a Service whose connections a TCPRoute or a TLSRoute leads, where it names each of them; `undefined` where it
 * is another kind of route, or for all ports.
 */
export function portsLedBy(
  { kind, namespace = 'default', value }: ManifestObject,
  service: Pick<Service, 'name' | 'namespace'>,
): readonly number[] | undefined {
  if (kind !== 'TCPRoute' && kind !== 'TLSRoute') return undefined;
  const { parentRefs } = Object(value.spec);
  const parents: unknown[] = Array.isArray(parentRefs) ? parentRefs : [];
  const own = parents
    .map(Object)
    .filter((parent) => parent.group === '' && parent.kind === 'Service' && parent.name === service.name)
    .filter((parent) => (parent.namespace ?? namespace) === service.namespace);
  const ports = own.map(({ port }) => port).filter((port) => typeof port === 'number');
  return ports.length === own.length ? ports : undefined;
}
