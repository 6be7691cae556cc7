import { diagnostic } from '../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result, type Span } from '../diagnostics/diagnostic.js';
import { computeAnew, type Recall } from '../util/memory.js';
import { once } from '../util/once.js';
import { compareText, sortBy } from '../util/order.js';
import { type Progress, untold } from '../util/progress.js';
import type { Acceptance } from './acceptance.js';
import type { Intent } from './ast.js';
import { checkFlags } from './check-flags.js';
import { type Document, type ManifestObject, spanIn } from './document.js';
import type { Framework } from './framework.js';
import type { Approval, WrittenGate } from './gate.js';
import type { MeshSettings } from './mesh.js';
import type { Wanted } from './outline.js';
import { isOwn, type PartlyRead, parseIntents } from './parse-intents.js';
import { checkCallers, defaultMesh, parseMesh } from './parse-mesh.js';
import { readComments } from './read-comments.js';
import { readObjects } from './read-objects.js';
import { type Gathered, readGathered, readYaml } from './read-yaml.js';
import { checkIssuers } from './tokens/check-issuers.js';
import { checkRateLimitServices } from './traffic/rate-limit-services.js';
import type { WrittenWaypoints } from './waypoints.js';

/** One text to compile: Ambit's documents, Kubernetes manifests, or both. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** The cluster that manifests belong to; where it is left out there must be one cluster only. */
  readonly cluster?: string;
  /** Found in a directory: what is no Kubernetes object in it may lie there for another tool, and is counted. */
  readonly isGathered?: boolean;
}

interface Parsed {
  readonly intents: readonly Intent[];
  readonly partly: PartlyRead;
  readonly mesh: MeshSettings;
  /** Where project files say that waypoints are to stand. */
  readonly waypoints: readonly WrittenWaypoints[];
  /** What project files ask of a change, and what is approved of one. */
  readonly gates: readonly WrittenGate[];
  readonly approvals: readonly Approval[];
  /** What somebody is audited by. */
  readonly frameworks: readonly Framework[];
  readonly objects: ReadonlyArray<{ readonly cluster: string; readonly object: ManifestObject }>;
  /** What is accepted, wherever it is written, by file and place; and which comments mean to accept something and do not. */
  readonly acceptances: Result<readonly Acceptance[]>;
}

/**
 * Reads every source, or the documents of it that are wanted, and sorts Ambit's own documents from manifests by their
 * apiVersion.
 */
export function parseSources(
  sources: readonly Source[],
  isWanted?: Wanted,
  recall: Recall = computeAnew,
  progress = untold,
): Result<Parsed> {
  return recall('all sources', '', [sources, isWanted], () => parseAll(sources, isWanted, recall, progress));
}

function parseAll(
  sources: readonly Source[],
  isWanted: Wanted | undefined,
  recall: Recall,
  progress: Progress,
): Result<Parsed> {
  const diagnostics: Diagnostic[] = [];
  const own: Document[] = [];
  const others = new Map<string, number>();
  const acceptances: Acceptance[] = [];
  const unaccepted: Diagnostic[] = [];
  const commented = new Set<string>();
  const foreign: Array<{ readonly cluster: string | undefined; readonly objects: ReadObjects }> = [];
  const inOrder = sortBy(
    sources,
    ({ path }) => path,
    ({ cluster }) => cluster ?? '',
  );
  for (const [index, source] of inOrder.entries()) {
    progress('reading files', index, inOrder.length);
    const { path, text, cluster, isGathered } = source;
    const read = recall('source', `${cluster ?? ''} ${path}`, [text, cluster, isGathered], () =>
      readSource(source, isWanted),
    );
    const { skipped, objects } = read;
    diagnostics.push(...read.diagnostics);
    if (skipped > 0) others.set(source.path, skipped);
    // A part of the documents does not show what a comment stands for, and one file may be given to several clusters.
    if (isWanted === undefined && !commented.has(source.path)) {
      const { value, diagnostics: faults } = read.comments();
      acceptances.push(...value);
      unaccepted.push(...faults);
      commented.add(source.path);
    }
    own.push(...read.own);
    if (objects !== undefined) foreign.push({ cluster, objects });
  }
  if (others.size > 0) diagnostics.push(notForKubernetes(others));
  const { value: read, diagnostics: faults } = parseIntents(own);
  diagnostics.push(...faults);
  const mesh = recall('the mesh', '', [...read.meshes, own.find(isMesh)], () => theMesh(read.meshes, own.find(isMesh)));
  diagnostics.push(...mesh.diagnostics);
  const given = [mesh, hasErrors(diagnostics), ...foreign.flatMap(({ cluster, objects }) => [cluster, objects])];
  const objects = recall('all objects', '', given, () => objectsOf(foreign, mesh.value, hasErrors(diagnostics)));
  diagnostics.push(...objects.diagnostics);
  const accepted = sortBy(
    [...acceptances, ...read.acceptances],
    ({ span }) => span.file.path,
    ({ span }) => span.start,
  );
  return {
    value: {
      intents: read.intents,
      partly: read.partly,
      mesh: mesh.value,
      waypoints: read.waypoints,
      gates: read.gates,
      approvals: read.approvals,
      frameworks: read.frameworks,
      objects: objects.value,
      acceptances: { value: accepted, diagnostics: unaccepted },
    },
    diagnostics,
  };
}

type ReadObjects = ReturnType<typeof readObjects>;

/** One source by itself; `objects` are those of documents that are not Ambit's own, if there are any. */
interface ReadSource extends Pick<Gathered, 'diagnostics' | 'skipped'> {
  /** Ambit's own documents. */
  readonly own: readonly Document[];
  readonly objects: ReadObjects | undefined;
  comments(): ReturnType<typeof readComments>;
}

function readSource(source: Source, isWanted: Wanted | undefined): ReadSource {
  const read = source.isGathered ? readGathered : readWhole;
  const { value: documents, ...found } = read(source, strictnessOf(source), isWanted);
  const own = documents.filter(isOwn);
  const foreign = documents.filter((document) => !isOwn(document));
  return {
    ...found,
    own,
    objects: foreign.length === 0 ? undefined : readObjects(foreign),
    comments: once(() => readComments(source, documents)),
  };
}

/** The objects of every cluster. Those of a cluster that is not known are left out, which is told unless errors explain it. */
function objectsOf(
  sources: ReadonlyArray<{ readonly cluster: string | undefined; readonly objects: ReadObjects }>,
  mesh: MeshSettings,
  hadErrors: boolean,
): Result<Parsed['objects']> {
  const diagnostics: Diagnostic[] = [];
  const known = new Set(mesh.clusters.map(({ name }) => name));
  const [only] = mesh.clusters.length === 1 ? mesh.clusters : [];
  const value = sources.flatMap(({ cluster = only?.name, objects }) => {
    diagnostics.push(...objects.diagnostics);
    if (cluster !== undefined && known.has(cluster)) return objects.value.map((object) => ({ cluster, object }));
    // A name that is not known comes from a Mesh document that was left out, for a fault that is told already.
    const isExplained = cluster !== undefined && (hadErrors || hasErrors(diagnostics));
    const [first] = objects.value;
    if (first && !isExplained) diagnostics.push(diagnostic('unknown-cluster', {}, spanIn(first, ['kind'])));
    return [];
  });
  return { value, diagnostics };
}

/** A file that somebody named: nothing in it is skipped. */
function readWhole(...parameters: Parameters<typeof readYaml>): Gathered {
  return { ...readYaml(...parameters), skipped: 0 };
}

const shownFiles = 3;

/** What lies among the manifests for other tools, by file. */
function notForKubernetes(others: ReadonlyMap<string, number>): Diagnostic {
  const count = [...others.values()].reduce((sum, each) => sum + each, 0);
  const files = [...others.keys()];
  const shown = files.slice(0, shownFiles).map((path) => `\`${path}\``);
  const rest = files.length - shown.length;
  const message = `in ${[...shown, ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'file' : 'files'}`] : [])].join(', ')}`;
  const documents = count === 1 ? '1 document' : `${count} documents`;
  return diagnostic('not-for-kubernetes', { documents }, null, { notes: [{ message }] });
}

/** A text that says `apiVersion: ambit.dev/…` somewhere is held to what intents are held to. */
function strictnessOf({ text, cluster }: Source): 'intent' | 'manifest' {
  return cluster === undefined && /^\s*["']?apiVersion["']?:\s*["']?ambit\.dev\//m.test(text) ? 'intent' : 'manifest';
}

function isMesh({ value }: Document): boolean {
  return Object(value).kind === 'Mesh';
}

/** Of a Mesh document that cannot be read nothing is known but that it is there. */
function theMesh(documents: readonly Document[], given: Document | undefined): Result<MeshSettings> {
  const faults = documents.flatMap((document) => [
    ...checkCallers(document),
    ...checkIssuers(document),
    ...checkRateLimitServices(document),
    ...checkFlags(document),
  ]);
  const meshes = documents.map(parseMesh);
  const [first, second] = sortBy(meshes, ({ name }) => name);
  if (first === undefined) {
    return { value: given === undefined ? defaultMesh : { ...defaultMesh, document: given }, diagnostics: faults };
  }
  const several = second && diagnostic('several-meshes', { first: first.name, second: second.name }, second.span);
  const names = first.clusters.map(({ name }) => name);
  const repeated = first.clusters
    .filter(({ name }, index) => names.indexOf(name) !== index)
    .map(({ name, span }) => diagnostic('duplicate-cluster', { name }, span));
  return {
    value: { ...first, clusters: [...first.clusters].sort((left, right) => compareText(left.name, right.name)) },
    diagnostics: [...faults, ...(several ? [several] : []), ...repeated],
  };
}

/** The manifests that the `Mesh` documents of a source name, for whoever reads files. A source with faults names none. */
export function findManifestPaths(
  source: Source,
): Array<{ readonly cluster: string; readonly path: string; readonly span: Span }> {
  if (!/^\s*["']?kind["']?:\s*["']?Mesh\b/m.test(source.text)) return [];
  const { value: documents, diagnostics } = readYaml(source, 'intent');
  if (hasErrors(diagnostics)) return [];
  const meshes = parseIntents(documents.filter((document) => isOwn(document) && isMesh(document))).value.meshes;
  return meshes
    .map(parseMesh)
    .flatMap(({ clusters }) =>
      clusters.flatMap(({ name, manifests }) =>
        manifests.map(({ value, span }) => ({ cluster: name, path: value, span })),
      ),
    );
}
