import { diagnostic } from '../../../diagnostics/create.js';
import type { ReachedName } from '../../../parse/traffic/reachability.js';
import type { Cluster } from '../../../topology/model.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import type { ResolveContext } from '../../context.js';
import { clusterNames, nearNames, wholeName } from '../../names.js';
import { noDestination } from '../../no-destination.js';
import type { ReachedHost } from '../../resolved-reachability.js';

/** The hosts that a name stands for; an unknown one is reported. */
export function reachedHosts(
  context: ResolveContext,
  { kind, name }: ReachedName,
  home: string | undefined,
): readonly ReachedHost[] {
  if (kind === 'namespace') return inNamespace(context, name);
  return kind === 'service' ? ofService(context, name, home) : ofHost(context, name);
}

type Name = ReachedName['name'];

function inNamespace(context: ResolveContext, { value, span }: Name): readonly ReachedHost[] {
  const known = context.names.namespace;
  if (known.has(value)) return [{ namespace: value, host: '*' }];
  const where = clusterNames(context.topology);
  context.report(diagnostic('unknown-namespace', { name: value, where }, span, nearNames(value, known)));
  return [];
}

function ofService(context: ResolveContext, { value, span }: Name, home: string | undefined): readonly ReachedHost[] {
  const name = wholeName(context, value, home, span);
  if (name === undefined) return [];
  const found = context.topology.clusters.flatMap(({ services }) => services.get(name) ?? []);
  const [service] = found;
  if (service !== undefined) return [{ namespace: service.namespace, host: service.host }];
  const sought = { kind: 'service' as const, name, found: [] };
  context.report(noDestination(context, sought, span, 'no sidecar would know it'));
  return [];
}

/** In each namespace that has it: a Sidecar names hosts by the namespace of what declares them. */
function ofHost(context: ResolveContext, { value, span }: Name): readonly ReachedHost[] {
  const outside = [...context.outside.values()].flat().flatMap(({ service }) => (service ? [service] : []));
  const declared = [...context.topology.clusters.flatMap(declaredHosts), ...outside];
  const found = declared.filter(({ host }) => host === value || covers(value, host) || covers(host, value));
  if (found.length > 0) return found.map(({ namespace }) => ({ namespace, host: value }));
  const known = declared.map(({ host }) => host);
  const help = didYouMean(suggest(value, known));
  context.report(diagnostic('host-not-declared', { host: value, where: clusterNames(context.topology) }, span, help));
  return [];
}

function declaredHosts({ serviceEntries, routes }: Cluster): readonly ReachedHost[] {
  const virtualServices = routes.filter(({ kind }) => kind === 'VirtualService');
  return [
    ...[...serviceEntries.values()].flatMap(({ namespace, hosts }) => hosts.map((host) => ({ namespace, host }))),
    ...virtualServices.flatMap(({ namespace = 'default', value }) => {
      const { hosts } = Object(value.spec);
      return (Array.isArray(hosts) ? hosts : []).map((host) => ({ namespace, host: String(host) }));
    }),
  ];
}

/** Whether a name with a wildcard in front takes in another. */
function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*') && host.endsWith(pattern.slice(1));
}
