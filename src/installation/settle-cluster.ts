import { diagnostic } from '../diagnostics/create.js';
import type { ManifestObject } from '../parse/document.js';
import { type ClusterSettings, istioVersions, type MeshSettings } from '../parse/mesh.js';
import type { Report } from '../topology/fields.js';
import { sortedUnique } from '../util/order.js';
import { contradict, contradiction } from './contradictions.js';
import { type Fact, type Facts, type InstalledRecorder, type Said, spanOf, type Voice } from './facts.js';
import { otherRevisions } from './other-revisions.js';
import { settleProviders } from './providers.js';
import { chooseRevision } from './revision.js';
import { voicesIn } from './voices.js';

/** A cluster's settings, and what its manifests say that is for the whole mesh. */
export interface SettledCluster {
  readonly settings: ClusterSettings;
  readonly rootNamespace: Said<string> | undefined;
  readonly clusterDomain: Said<string> | undefined;
  readonly version: Said<string> | undefined;
}

/** `undefined` where no manifest of the cluster speaks of Istio's installation. */
export function settleCluster(
  mesh: MeshSettings,
  settings: ClusterSettings,
  declared: Voice,
  objects: readonly ManifestObject[],
  report: Report,
): SettledCluster | undefined {
  const found = voicesIn(objects, report);
  if (found.length === 0) return undefined;
  const revision = chooseRevision(declared.facts.revision, found, objects, report);
  const ofRevision = found.filter((voice) => voice.revision === undefined || voice.revision.value === revision.served);
  const facts = agreement([declared, ...ofRevision], report);
  const settled = {
    ...settings,
    ...facts.all('trustDomain', 'trustDomainAliases'),
    istio: { ...istioSettings(mesh, settings, declared, ofRevision, facts, report), ...revision.names },
  };
  const others = otherRevisions(found, revision.served, settled, { ...mesh, ...facts.all('rootNamespace') });
  return {
    settings: { ...settled, istio: { ...settled.istio, otherRevisions: others } },
    rootNamespace: facts.of('rootNamespace'),
    clusterDomain: facts.of('clusterDomain'),
    version: facts.of('version'),
  };
}

function istioSettings(
  { clusterDomain }: MeshSettings,
  { istio }: ClusterSettings,
  declared: Voice,
  installed: readonly Voice[],
  facts: Agreement,
  report: Report,
): ClusterSettings['istio'] {
  const lists = installed.flatMap((voice) => voice.facts.extensionProviders ?? []);
  const domain = facts.of('clusterDomain')?.value ?? clusterDomain;
  const extensionProviders = settleProviders(declared.facts.extensionProviders, lists, domain, report);
  // What istiod itself takes where its MeshConfig says nothing.
  const silent = lists.length > 0 ? { numTrustedProxies: 0, proxyProtocol: false } : {};
  const open = installed.flatMap((voice) => voice.open ?? []);
  const meshConfigs = installed.flatMap((voice) => (voice.recorders === undefined ? [] : [voice.recorders]));
  const trafficDefaults = installed.flatMap((voice) => voice.traffic ?? []);
  return {
    ...istio,
    ...versionOf(facts.of('version'), report),
    ...facts.all(
      'enableAutoMtls',
      'pathNormalization',
      'outboundTrafficPolicy',
      'discoverySelectors',
      'defaultServiceExportTo',
      'defaultVirtualServiceExportTo',
      'defaultDestinationRuleExportTo',
      'ambient',
      'sidecarsListenHbone',
      'excludeNamespaces',
    ),
    ...(extensionProviders !== undefined && { extensionProviders }),
    gatewayTopology: { ...silent, ...facts.all('numTrustedProxies', 'proxyProtocol') },
    flags: settleFlags([declared, ...installed], report),
    ...(open.length > 0 && { open }),
    ...(trafficDefaults.length > 0 && { trafficDefaults }),
    ...(meshConfigs.length > 0 && providersOf(meshConfigs.flat())),
  };
}

function providersOf(
  recorders: readonly InstalledRecorder[],
): Pick<ClusterSettings['istio'], 'recorders' | 'providerHosts'> {
  const hosts = sortedUnique(recorders.flatMap(({ service }) => service ?? []));
  return {
    recorders: recorders.map(({ name, kind }) => ({ name, kind })),
    ...(hosts.length > 0 && { providerHosts: hosts }),
  };
}

/** Of a release of which nothing is known nothing can be said. */
function versionOf(said: Said<string> | undefined, report: Report): Partial<ClusterSettings['istio']> {
  if (said === undefined) return {};
  const version = istioVersions.find((known) => known === said.value);
  if (version !== undefined) return { version };
  const [oldest, newest] = [istioVersions[0], istioVersions[istioVersions.length - 1] ?? ''];
  const parameters = { by: said.by, version: said.value, oldest, newest };
  report(diagnostic('istio-version-without-profile', parameters, spanOf(said)));
  return {};
}

interface Agreement {
  of<F extends Fact>(fact: F): Said<Facts[F]> | undefined;
  /** The values of those facts that anybody speaks of. */
  all<F extends Fact>(...facts: readonly F[]): { readonly [K in F]?: Facts[K] };
}

/** What several texts say together. The first that speaks of a fact counts, and the others must not contradict it. */
function agreement(voices: readonly Voice[], report: Report): Agreement {
  const of = <F extends Fact>(fact: F): Said<Facts[F]> | undefined => {
    const [first, ...others] = voices.flatMap(({ facts }) => {
      const said: Said<Facts[F]> | undefined = facts[fact];
      return said === undefined ? [] : [said];
    });
    const against = others.filter((other) => first !== undefined && contradict(fact, first, other));
    for (const other of against) if (first !== undefined) report(contradiction(fact, first, other));
    return first;
  };
  const all = <F extends Fact>(...facts: readonly F[]) =>
    Object.fromEntries(
      facts.flatMap((fact) => {
        const said = of(fact);
        return said === undefined ? [] : [[fact, said.value]];
      }),
    ) as { readonly [K in F]?: Facts[K] };
  return { of, all };
}

function settleFlags(voices: readonly Voice[], report: Report): Readonly<Record<string, boolean>> {
  const settled = new Map<string, Said<boolean>>();
  for (const [name, said] of voices.flatMap(({ flags }) => [...flags])) {
    const first = settled.get(name);
    if (first === undefined) settled.set(name, said);
    else if (first.value !== said.value) report(contradiction(name, first, said));
  }
  return Object.fromEntries([...settled].map(([name, { value }]) => [name, value]));
}
