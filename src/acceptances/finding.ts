import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import { hashOf } from '../util/hash.js';
import { sortBy } from '../util/order.js';
import { type Place, placeOf } from './place.js';

/** A diagnostic as an acceptance knows it: the same in every run, wherever in its file it has moved to. */
export interface Finding extends Pick<Place, 'object' | 'namespace' | 'field'> {
  readonly diagnostic: Diagnostic;
  /** The cluster that its file belongs to, if the file is one cluster's. */
  readonly cluster: string | undefined;
  readonly fingerprint: string;
}

/** The cluster whose manifests a file holds. */
export type ClusterOf = (file: SourceFile) => string | undefined;

/** A fingerprint is made of what the finding says and of where it says it, never of a line or of the words of a message. */
export function findingOf(diagnostic: Diagnostic, clusterOf: ClusterOf): Finding {
  const { object, namespace, field, text } = placeOf(diagnostic);
  const cluster = diagnostic.span === null ? undefined : clusterOf(diagnostic.span.file);
  const said = sortBy(Object.entries(diagnostic.parameters), ([name]) => name);
  const identity = [diagnostic.code, cluster ?? '', object ?? '', field, text, said];
  return { diagnostic, object, namespace, field, cluster, fingerprint: hashOf(JSON.stringify(identity)) };
}

/** Looked up by path: a file that several clusters share is read as that of one. */
export function clustersOf(sources: ReadonlyArray<SourceFile & { readonly cluster?: string }>): ClusterOf {
  const clusters = new Map(sources.map(({ path, cluster }) => [path, cluster]));
  return ({ path }) => clusters.get(path);
}
