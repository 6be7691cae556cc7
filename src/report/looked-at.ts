import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { Topology } from '../topology/model.js';
import { compareText, groupBy, sortedUnique } from '../util/order.js';
import { printable } from './display-width.js';
import { hanging, type Page, pad } from './layout.js';
import { counted, plural } from './words.js';

/** What a verification read and examined, so that nobody takes what was not looked at for what is right. */
export interface LookedAt {
  readonly clusters: readonly string[];
  readonly objects: number;
  readonly workloads: number;
  readonly services: number;
  readonly waypoints: number;
  readonly gateways: number;
  /** Pods and ports, by each address that leads there. */
  readonly ways: number;
  /** How many of each kind, likewise below. */
  readonly policies: Readonly<Record<string, number>>;
  readonly routes: Readonly<Record<string, number>>;
  readonly networkPolicies: number;
  /** By `apiVersion/kind`. */
  readonly notRead: Readonly<Record<string, number>>;
  /** Charts, overlays and documents that are no manifests, as what was said of them. */
  readonly skipped: readonly string[];
  /** What no manifest says and was taken as usual. */
  readonly assumed: readonly string[];
}

interface Examined {
  readonly topology: Topology;
  /** How many objects were given. */
  readonly objects: number;
  readonly ways: number;
  /** All that was said, whether or not it is shown. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Counts what a topology holds, and names what had to be assumed of it. */
export function lookedAt({ topology, objects, ways, diagnostics }: Examined): LookedAt {
  const { clusters } = topology;
  const sum = (sizeOf: (cluster: Topology['clusters'][number]) => number) =>
    clusters.reduce((total, cluster) => total + sizeOf(cluster), 0);
  return {
    clusters: clusters.map(({ name }) => name),
    objects,
    workloads: sum(({ workloads }) => workloads.size),
    services: sum(({ services }) => services.size),
    waypoints: sum(({ waypoints }) => waypoints.size),
    gateways: sum(({ gateways }) => gateways.size),
    ways,
    policies: kindsOf(clusters.flatMap(({ policies }) => policies)),
    routes: kindsOf(clusters.flatMap(({ routes }) => routes)),
    networkPolicies: sum(({ networkPolicies }) => networkPolicies.length),
    notRead: ignoredIn(topology),
    skipped: diagnostics.filter(({ name }) => skips.has(name)).map(({ message }) => message),
    assumed: assumptionsOf(topology),
  };
}

const skips: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'helm-chart',
  'kustomize-overlay',
  'not-for-kubernetes',
]);

function kindsOf(objects: readonly ManifestObject[]): Readonly<Record<string, number>> {
  const kinds = [...groupBy(objects, ({ kind }) => kind)].sort(([left], [right]) => compareText(left, right));
  return Object.fromEntries(kinds.map(([kind, members]) => [kind, members.length]));
}

function ignoredIn({ clusters }: Topology): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const [kind, count] of clusters.flatMap(({ ignored }) => [...ignored])) {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return Object.fromEntries([...counts].sort(([left], [right]) => compareText(left, right)));
}

const shownNamespaces = 6;

function assumptionsOf({ mesh, clusters }: Topology): readonly string[] {
  const unlabelled = sortedUnique(
    clusters.flatMap(({ namespaces }) =>
      [...namespaces.values()].filter(({ object }) => object === undefined).map(({ name }) => name),
    ),
  );
  const rest = unlabelled.length - shownNamespaces;
  const names = unlabelled.slice(0, shownNamespaces).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  return [
    ...(mesh.span === null ? usualMesh({ mesh, clusters }) : []),
    ...(unlabelled.length === 0 ? [] : [`no label on namespace ${names}, of which there is no manifest`]),
  ];
}

/** Without a Mesh document everything is as Istio installs it. */
function usualMesh({ mesh, clusters }: Topology): readonly string[] {
  const versions = sortedUnique(clusters.map(({ settings }) => settings.istio.version)).join(', ');
  return [
    `one cluster, Istio ${versions}, trust domain ${mesh.trustDomain}, root namespace ${mesh.rootNamespace}: there is no Mesh document`,
  ];
}

/** The same for a person: a line each. */
export function lookedAtToText(seen: LookedAt, page: Page): string {
  const { clusters, objects, workloads, services, ways } = seen;
  const places = clusters.length === 1 ? `cluster ${clusters[0]}` : counted(clusters.length, 'cluster');
  const all = `${counted(objects, 'object')} in ${places}: ${counted(workloads, 'workload')}, ${counted(services, 'Service')}, ${counted(ways, 'way')} in`;
  const lines = [
    ...hanging('looked at  ', printable(all), page.columns),
    ...fact('points', pointsOf(seen), page),
    ...fact('policies', listed(withNetworkPolicies(seen)) || 'none', page),
    ...fact('routes', listed(seen.routes), page),
    ...fact('not read', notReadOf(seen), page),
    ...shownOf(seen.skipped).flatMap((text, index) => fact(index === 0 ? 'skipped' : '', text, page)),
    ...seen.assumed.flatMap((text, index) => fact(index === 0 ? 'assumed' : '', text, page)),
  ];
  return `${lines.join('\n')}\n`;
}

function pointsOf({ waypoints, gateways }: LookedAt): string {
  return [
    ...(waypoints === 0 ? [] : [counted(waypoints, 'waypoint')]),
    ...(gateways === 0 ? [] : [counted(gateways, 'gateway')]),
  ].join(', ');
}

function withNetworkPolicies({ policies, networkPolicies }: LookedAt): LookedAt['policies'] {
  return networkPolicies === 0 ? policies : { ...policies, NetworkPolicy: networkPolicies };
}

function listed(kinds: Readonly<Record<string, number>>): string {
  return Object.entries(kinds)
    .map(([kind, count]) => `${count} ${count === 1 ? kind : plural(kind)}`)
    .join(', ');
}

const shownSkips = 5;

function shownOf(skipped: readonly string[]): readonly string[] {
  const rest = skipped.length - shownSkips;
  return [...skipped.slice(0, shownSkips), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

const shownKinds = 12;

function notReadOf({ notRead }: LookedAt): string {
  const kinds = Object.entries(notRead).map(([kind, count]) => `${count} ${kind}`);
  const rest = kinds.length - shownKinds;
  return [...kinds.slice(0, shownKinds), ...(rest > 0 ? [`and ${counted(rest, 'other kind')}`] : [])].join(', ');
}

function fact(name: string, text: string, page: Page): readonly string[] {
  return text === '' ? [] : hanging(`  ${pad(name, 9)}`, printable(text), page.columns);
}
