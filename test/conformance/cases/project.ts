import { asArray, asObject } from '../../../src/mesh/json.js';
import type { JsonObject } from '../../../src/parse/document.js';
import { type CompileOptions, compile, type OutputFile, type Source } from '../../../src/pipeline.js';
import { applied, objectsOf } from './apply.js';
import type { Standing } from './standing.js';

/** A project: what is given, and what it emits or once did. */
export interface Project {
  readonly name: string;
  readonly sources: readonly Source[];
  readonly options: CompileOptions;
  /** An output that is there already; it is compiled where none is given. */
  readonly files?: readonly OutputFile[];
}

/** Its clusters as they are given, and as they are once its output is applied. Output that the proof refuses is asked about too. */
export function standingsOf({ name, sources, options, files }: Project): Standing[] {
  const documents = sources.map(({ text, cluster }) => ({ cluster, objects: objectsIn(text) }));
  const mesh = documents.flatMap(({ objects }) => objects).find(isMesh) ?? assumedMesh(sources);
  const [first = ''] = clusterNames(mesh);
  const given = documents.flatMap(({ cluster = first, objects }) =>
    objects.filter((object) => !isAmbits(object)).map((object) => ({ cluster, object })),
  );
  const emitted = (files ?? compile(sources, options).judged).flatMap(({ path, text }) =>
    objectsIn(text).map((object) => ({ cluster: path.slice(0, path.indexOf('/')), object })),
  );
  return clusterNames(mesh).flatMap((cluster): Standing[] => {
    const [before, added] = [objectsFor(cluster, given), objectsFor(cluster, emitted)];
    const base = { cluster, mesh: withCluster(mesh, cluster) };
    return [
      { name: `${name}/given`, ...base, objects: applied([], before) },
      ...(emitted.length === 0 ? [] : [{ name: `${name}/applied`, ...base, objects: applied(before, added) }]),
    ];
  });
}

interface OfCluster {
  readonly cluster: string;
  readonly object: JsonObject;
}

function objectsFor(cluster: string, objects: readonly OfCluster[]): readonly JsonObject[] {
  return objects.filter((each) => each.cluster === cluster).map(({ object }) => object);
}

/** The objects of a text; none where it is not to be read, which is what its case is about. */
function objectsIn(text: string): readonly JsonObject[] {
  try {
    return objectsOf(text);
  } catch {
    return [];
  }
}

function isAmbits({ apiVersion }: JsonObject): boolean {
  return String(apiVersion).startsWith('ambit.dev/');
}

function isMesh(object: JsonObject): boolean {
  return isAmbits(object) && object.kind === 'Mesh';
}

/** Where nothing is said of the mesh, its clusters are those of the manifests. */
function assumedMesh(sources: readonly Source[]): JsonObject {
  const names = sources.flatMap(({ cluster }) => cluster ?? []);
  return meshDocument({ clusters: [...new Set(names.length === 0 ? ['default'] : names)].map((name) => ({ name })) });
}

export function meshDocument(spec: JsonObject): JsonObject {
  return { apiVersion: 'ambit.dev/v1alpha1', kind: 'Mesh', metadata: { name: 'mesh' }, spec };
}

function clustersOf({ spec }: JsonObject): readonly JsonObject[] {
  return asArray(asObject(spec)?.clusters).map((cluster) => asObject(cluster) ?? {});
}

function clusterNames(mesh: JsonObject): readonly string[] {
  return clustersOf(mesh).map(({ name }) => String(name));
}

/** The judge sees one cluster at a time, and so does the model when it is asked about it. */
function withCluster(mesh: JsonObject, name: string): JsonObject {
  return { ...mesh, spec: { ...asObject(mesh.spec), clusters: clustersOf(mesh).filter((each) => each.name === name) } };
}
