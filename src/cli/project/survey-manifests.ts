import { basename, join, relative, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { isManaged, type ManifestObject } from '../../parse/document.js';
import { type IstioVersion, istioVersions } from '../../parse/mesh.js';
import { readObjects } from '../../parse/read-objects.js';
import { readYaml } from '../../parse/read-yaml.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import type { Host } from '../files/host.js';
import { findFiles } from '../files/input-files.js';
import { exists } from '../files/output-tree.js';
import { readText } from '../files/read-text.js';
import { type FoundSettings, findSettings } from './found-settings.js';

/** What a first project must know about the manifests. */
export interface Deployment {
  readonly clusters: readonly SurveyedCluster[];
  /** The application's namespace with the most Services: where a first intent is worth most. */
  readonly largest: SurveyedNamespace;
  /** Whether somebody has written policies or routes, which can be imported. */
  readonly isToImport: boolean;
}

export interface SurveyedCluster {
  readonly name: string;
  /** The directory of its manifests, relative to the working directory. */
  readonly manifests: string;
  /** As the images in the manifests say; `undefined` where none does. */
  readonly version: IstioVersion | undefined;
  /** What the manifests say of Istio itself; `undefined` where none does. */
  readonly found: FoundSettings | undefined;
}

export interface SurveyedNamespace {
  readonly name: string;
  /** Sorted. */
  readonly services: readonly string[];
}

/** Looks through a directory of manifests for its clusters, their Istio version and the application's namespaces. */
export function surveyManifests(host: Host, directory: string): Result<Deployment> {
  const clusters = clusterDirectories(host, directory).map((path) => surveyCluster(host, path));
  const objects = clusters.flatMap(({ value }) => value.objects);
  const diagnostics = clusters.flatMap((cluster) => cluster.diagnostics);
  const largest = largestNamespace(objects);
  const noObjects = largest.services.length === 0 && !hasErrors(diagnostics);
  return {
    value: { clusters: clusters.map(({ value }) => value.cluster), largest, isToImport: objects.some(isImportable) },
    diagnostics: noObjects ? [diagnostic('no-manifests', { path: directory }, null)] : diagnostics,
  };
}

const importable: ReadonlySet<string> = new Set([
  ...['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication', 'NetworkPolicy'],
  ...['VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar'],
  ...['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'],
]);

function isImportable(object: ManifestObject): boolean {
  return importable.has(object.kind) && !isManaged(object);
}

/** A directory called `clusters` that holds directories alone has one for each cluster. */
function clusterDirectories({ files, workingDirectory }: Host, directory: string): readonly string[] {
  const path = resolve(workingDirectory, directory);
  if (basename(path) !== 'clusters' || !exists(files, path)) return [directory];
  const entries = files.list(path);
  const isSplit = entries.length > 0 && entries.every(({ kind }) => kind === 'directory');
  return isSplit ? entries.map(({ name }) => join(directory, name)) : [directory];
}

interface ClusterSurvey {
  readonly cluster: SurveyedCluster;
  readonly objects: readonly ManifestObject[];
}

function surveyCluster(host: Host, directory: string): Result<ClusterSurvey> {
  const { files, workingDirectory } = host;
  const ground = { files, directory: workingDirectory, root: workingDirectory, exclude: [] };
  const found = findFiles(ground, { path: directory, span: null });
  const diagnostics: Diagnostic[] = [...found.diagnostics];
  const objects: ManifestObject[] = [];
  const texts: string[] = [];
  for (const { path } of found.value) {
    const shown = relative(workingDirectory, path);
    const content = readText(files, path, shown, null);
    if ('fault' in content) {
      diagnostics.push(content.fault);
      continue;
    }
    texts.push(content.text);
    const documents = readYaml({ path: shown, text: content.text }, 'manifest');
    const read = readObjects(documents.value);
    diagnostics.push(...documents.diagnostics, ...read.diagnostics);
    objects.push(...read.value);
  }
  const isOnly = basename(resolve(workingDirectory, join(directory, '..'))) !== 'clusters';
  const name = isOnly ? 'main' : basename(directory);
  const manifests = `${relative(workingDirectory, resolve(workingDirectory, directory)) || '.'}/`;
  const cluster = { name, manifests, version: istioVersion(texts), found: findSettings(objects) };
  return { value: { cluster, objects }, diagnostics };
}

/** The newest supported version among the images of istiod, ztunnel and the proxies. */
function istioVersion(texts: readonly string[]): IstioVersion | undefined {
  const images = texts.flatMap((text) => [
    ...text.matchAll(/istio\/(?:pilot|proxyv2|ztunnel|install-cni):v?(1\.\d+)/g),
  ]);
  const found = new Set(images.map((match) => match[1]));
  return istioVersions.findLast((version) => found.has(version));
}

function largestNamespace(objects: readonly ManifestObject[]): SurveyedNamespace {
  const services = objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1');
  const namespaces = [...groupBy(services, ({ namespace }) => namespace ?? 'default')].map(([name, members]) => ({
    name,
    services: sortedUnique(members.map((member) => member.name)),
  }));
  const sorted = sortBy(
    namespaces,
    ({ name }) => (isSystem(name) ? 1 : 0),
    (namespace) => -namespace.services.length,
    ({ name }) => name,
  );
  return sorted[0] ?? { name: 'default', services: [] };
}

function isSystem(namespace: string): boolean {
  return /^(kube|istio)-/.test(namespace);
}
