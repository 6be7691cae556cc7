import type { Span } from '../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../parse/document.js';
import type { Cluster, Topology } from '../topology/model.js';
import { deploymentOf, type Known } from './known.js';
import { placesOfVersion } from './known-versions.js';
import { type Referred, type Where, wholeName } from './references.js';
import { textAt } from './spot.js';

/** Where everything is written that has a name, in every cluster that has it. */
export function placesNamed(referred: Referred, name: string, known: Known, where: Where): readonly Span[] {
  const topology = deploymentOf(known);
  return topology === undefined ? [] : finders[referred]({ topology, known, where, name });
}

interface Search {
  readonly topology: Topology;
  readonly known: Known;
  readonly where: Where;
  readonly name: string;
}

const finders: Readonly<Record<Referred, (search: Search) => readonly Span[]>> = {
  service: objects(({ services }, key) => services.get(key)?.object),
  workload: objects(({ workloads }, key) => workloads.get(key)?.object),
  gateway: objects(({ gateways }, key) => gateways.get(key)?.object),
  serviceAccount: ({ known, where, name }) => {
    const key = wholeName(where.document, name);
    const accounts = known.latest.objects.map(({ object }) => object).filter(({ kind }) => kind === 'ServiceAccount');
    return accounts.filter((each) => `${each.namespace ?? 'default'}/${each.name}` === key).map(nameOf);
  },
  namespace: ({ known, name }) => {
    const all = known.latest.objects.map(({ object }) => object).filter(({ kind }) => kind === 'Namespace');
    return all.filter((each) => each.name === name).map(nameOf);
  },
  group: ({ known: { latest, whole }, name }) => {
    const intents = latest.intents ?? whole?.intents ?? [];
    return intents.flatMap((each) => (each.kind === 'CallerGroup' && each.name.value === name ? [each.name.span] : []));
  },
  external: ({ topology: { mesh }, name }) => written(mesh.callers.filter((each) => each.name === name)),
  issuer: ({ topology: { mesh }, name }) => written(mesh.tokenIssuers.filter((each) => each.name === name)),
  cluster: ({ topology, name }) =>
    written(topology.clusters.filter((each) => each.name === name).map(({ settings }) => settings)),
  host: ({ topology, name }) =>
    topology.clusters.flatMap(({ serviceEntries }) =>
      [...serviceEntries.values()].filter(({ hosts }) => hosts.includes(name)).map(({ object }) => nameOf(object)),
    ),
  port: portsNamed,
  version: ({ known, where, name }) => placesOfVersion(known, where, name),
  release: () => [],
  caller: (search) => endNamed(search),
  destination: (search) => endNamed(search),
  provider: () => [],
  code: () => [],
  finding: () => [],
  object: ({ known, name }) => {
    const objects = known.latest.objects.map(({ object }) => object);
    return objects
      .filter((each) => [each.kind, each.namespace, each.name].filter(Boolean).join('/') === name)
      .map(nameOf);
  },
};

function objects(objectIn: (cluster: Cluster, key: string) => ManifestObject | undefined) {
  return ({ topology, where, name }: Search): readonly Span[] =>
    topology.clusters.flatMap((cluster) => {
      const object = objectIn(cluster, wholeName(where.document, name));
      return object === undefined ? [] : [nameOf(object)];
    });
}

function nameOf(object: ManifestObject): Span {
  return spanIn(object, ['metadata', 'name']);
}

function written(all: ReadonlyArray<{ readonly span: Span | null }>): readonly Span[] {
  return all.flatMap(({ span }) => span ?? []);
}

/** Of the Service that is named beside it, or of which the document is. */
function portsNamed({ topology, where: { document, path }, name }: Search): readonly Span[] {
  const said = textAt(document, [...path.slice(0, -1), 'service']) ?? textAt(document, ['spec', 'scope', 'service']);
  if (said === undefined) return [];
  const key = wholeName(document, said);
  const services = topology.clusters.flatMap(({ services }) => services.get(key) ?? []);
  return services.flatMap(({ ports, object }) => {
    const index = ports.findIndex((port) => port.name === name || String(port.number) === name);
    return index === -1 ? [] : [spanIn(object, ['spec', 'ports', index])];
  });
}

/** An end of a request, as a trace names it: `namespace/name`, with a port, or behind `gateway:` and `external:`. */
function endNamed(search: Search): readonly Span[] {
  const [, kind = '', name = ''] = /^(gateway:|external:)?([^:]*)/.exec(search.name) ?? [];
  if (kind === 'gateway:') return finders.gateway({ ...search, name });
  if (kind === 'external:') return finders.external({ ...search, name });
  const services = finders.service({ ...search, name });
  return services.length > 0 ? services : finders.workload({ ...search, name });
}
