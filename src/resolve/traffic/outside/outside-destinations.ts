import { diagnostic } from '../../../diagnostics/create.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import type { ResolveContext } from '../../context.js';
import { clusterNames, nearNames } from '../../names.js';
import type { Destination } from '../../resolved.js';
import { checkEntryOf, checkOutside } from './check-outside.js';

/** The host that settings are about, in every cluster that knows it or is to know it. */
export function outsideDestinations(context: ResolveContext, settings: TrafficSettings): readonly Destination[] {
  const { reference: host, namespace, span } = settings.scope;
  checkOutside(context, settings);
  const found = context.outside.get(host) ?? [];
  const { clusters } = context.topology;
  for (const { cluster } of found) {
    const at = clusters.find(({ name }) => name === cluster);
    if (at) checkEntryOf(context, settings, at);
  }
  if (found.length === 0 && namespace === undefined) reportUnknownHost(context, host, span);
  if (found.length === 0 && namespace !== undefined) {
    const parameters = { name: namespace.value, where: clusterNames(context.topology) };
    const near = nearNames(namespace.value, context.names.namespace);
    context.report(diagnostic('unknown-namespace', parameters, namespace.span, near));
  }
  return found;
}

export function reportUnknownHost(context: ResolveContext, host: string, span: TrafficSettings['scope']['span']): void {
  const near = suggest(host, context.outside.keys());
  context.report(diagnostic('unknown-host', { host }, span, near.length > 0 ? didYouMean(near) : {}));
}

/** What only hosts outside the mesh have, where settings are about something else. */
export function refuseOutsideFields(context: ResolveContext, { ports, outside }: TrafficSettings): void {
  const [address] = outside.addresses;
  const { through } = outside;
  const [declared] = ports.flatMap((port) => port.declared ?? []);
  const field = address
    ? { name: 'addresses', span: address.span }
    : through
      ? { name: 'through', span: through.span }
      : declared && { name: 'protocol', span: declared.protocol.span };
  if (field) context.report(diagnostic('field-of-hosts', { field: field.name }, field.span));
}
