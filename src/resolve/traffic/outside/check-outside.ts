import { diagnostic } from '../../../diagnostics/create.js';
import { spanIn } from '../../../parse/document.js';
import type { PortEndpoints } from '../../../parse/traffic/endpoints.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import { type Cluster, keyOf, type ServiceEntry } from '../../../topology/model.js';
import { isIpBlock } from '../../../util/ip.js';
import { sortedUnique } from '../../../util/order.js';
import type { ResolveContext } from '../../context.js';
import { serviceCalled } from '../../service-called.js';
import { entriesByHost } from './outside-hosts.js';

/** Reports what cannot be said of a host outside the mesh, in whatever cluster. */
export function checkOutside(context: ResolveContext, settings: TrafficSettings): void {
  checkName(context, settings);
  checkFields(context, settings);
  for (const { value, span } of settings.outside.addresses)
    if (!isIpBlock(value)) context.report(diagnostic('malformed-ip-block', { block: value }, span));
}

/** Requests are told apart by names: an address has none, and one of the mesh's own is a Service's. */
function checkName(context: ResolveContext, { scope, ports, outside }: TrafficSettings): void {
  const { reference: host, span } = scope;
  const service = serviceCalled(context, host, new Set(scope.namespace && [scope.namespace.value]));
  if (service) context.report(diagnostic('host-of-mesh', { host, service: keyOf(service) }, span));
  if (isIpBlock(host)) context.report(diagnostic('host-without-name', { host }, span));
  if (!host.startsWith('*')) return;
  const [address] = outside.addresses;
  const moved = ports.flatMap(({ declared }) => declared?.targetPort ?? [])[0];
  const wish = address
    ? { field: 'addresses', span: address.span }
    : moved
      ? { field: 'targetPort', span: moved.span }
      : // To the gateway goes what a client sends, and no longer the address that it has chosen.
        outside.through && { field: 'through', span: outside.through.span };
  if (wish) context.report(diagnostic('wildcard-goes-on', { host, field: wish.field }, wish.span));
}

/** What only Services and gateways have. */
function checkFields(context: ResolveContext, { fields, scope }: TrafficSettings): void {
  for (const { value, span } of fields)
    if (ofPods.has(value))
      context.report(diagnostic('field-not-for-host', { field: value, host: scope.reference }, span));
}

const ofPods: ReadonlySet<string> = new Set(['versions', 'split', 'rollout', 'hosts', 'locality']);

/** What is said of a host fits the ServiceEntry that is there, and says enough where there is none. */
export function checkEntryOf(context: ResolveContext, settings: TrafficSettings, cluster: Cluster): void {
  const [entry, ...others] = entriesByHost(cluster).get(settings.scope.reference) ?? [];
  if (entry === undefined) checkNewEntry(context, settings);
  else {
    const fault = others.length > 0 ? `${others.map(keyOf).join(' and ')} know it as well` : faultOf(settings, entry);
    if (fault !== undefined) reportEntry(context, settings, entry, fault);
    else for (const port of settings.ports) checkAgainst(context, settings, entry, port);
  }
}

function checkNewEntry(context: ResolveContext, { scope, ports }: TrafficSettings): void {
  const host = scope.reference;
  if (ports.length === 0) context.report(diagnostic('host-without-ports', { host }, scope.span));
  for (const { port, declared } of ports) {
    const isWhole = declared !== undefined && typeof port.value === 'number';
    if (!isWhole) context.report(diagnostic('port-not-declared', { port: String(port.value), host }, port.span));
  }
}

/** Why an existing ServiceEntry cannot be what the settings are about. */
function faultOf({ scope, outside }: TrafficSettings, { namespace, object }: ServiceEntry): string | undefined {
  const { location, workloadSelector } = Object(object.value.spec);
  if (location === 'MESH_INTERNAL' || workloadSelector !== undefined) return 'it leads to workloads of the mesh';
  if (scope.namespace && scope.namespace.value !== namespace) return `it is in namespace \`${namespace}\``;
  const isElsewhere = outside.addresses.length > 0 && !isAt(object.value.spec, outside.addresses);
  return isElsewhere ? 'it says otherwise where the host is' : undefined;
}

/** Whether an entry has these addresses, for clients and for proxies. */
function isAt(spec: unknown, addresses: TrafficSettings['outside']['addresses']): boolean {
  const { resolution, addresses: known, endpoints } = Object(spec);
  const wanted = sortedUnique(addresses.map(({ value }) => value)).join();
  const isWanted = (texts: readonly unknown[]) => sortedUnique(texts.map(String)).join() === wanted;
  const reached = (Array.isArray(endpoints) ? endpoints : []).map((each) => Object(each).address);
  return resolution === 'STATIC' && isWanted(Array.isArray(known) ? known : []) && isWanted(reached);
}

function checkAgainst(
  context: ResolveContext,
  settings: TrafficSettings,
  entry: ServiceEntry,
  { port, declared }: PortEndpoints,
): void {
  const found = entry.ports.find(({ name, number }) => port.value === number || port.value === name);
  if (found === undefined || declared === undefined) return;
  const { protocol, targetPort } = declared;
  if (found.protocol !== protocol.value.toLowerCase())
    reportEntry(context, settings, entry, `its port ${found.number} carries ${found.protocol.toUpperCase()}`);
  else if ((targetPort?.value ?? found.number) !== found.targetPort)
    reportEntry(context, settings, entry, `its port ${found.number} is asked on port ${found.targetPort}`);
}

function reportEntry(context: ResolveContext, { scope }: TrafficSettings, entry: ServiceEntry, why: string): void {
  const notes = [{ message: 'the settings are here', span: scope.span }];
  const parameters = { entry: keyOf(entry), host: scope.reference, why };
  context.report(
    diagnostic('service-entry-otherwise', parameters, spanIn(entry.object, ['metadata', 'name']), { notes }),
  );
}
