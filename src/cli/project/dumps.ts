import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import type { Source } from '../../parse/parse-sources.js';
import type { Host } from '../files/host.js';
import { load } from './load.js';

/** A dump, and the cluster that it was taken of. */
export interface NamedDump {
  /** `undefined`: the only one that there is. */
  readonly cluster: string | undefined;
  readonly path: string;
}

/** `name=file`; `undefined` where it is written otherwise. */
export function readNamedDump(written: string): NamedDump | undefined {
  const at = written.indexOf('=');
  return at > 0 && at < written.length - 1 ? { cluster: written.slice(0, at), path: written.slice(at + 1) } : undefined;
}

/** Reads dumps, each for its cluster. */
export async function readDumps(
  host: Host,
  dumps: readonly NamedDump[],
  clusters: readonly string[],
): Promise<Result<readonly Source[]>> {
  const sources: Source[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { cluster, path } of dumps) {
    const { value: loaded, diagnostics: found } = await load(host, { filename: [path] });
    diagnostics.push(...found);
    if (hasErrors(found)) continue;
    const [only] = clusters.length === 1 ? clusters : [];
    const name = cluster ?? only;
    if (name === undefined || !clusters.includes(name)) {
      const known = clusters.map((each) => `\`${each}\``).join(', ');
      diagnostics.push(diagnostic('dump-of-unknown-cluster', { path, clusters: known }, null));
      continue;
    }
    sources.push(...loaded.sources.map((source) => ({ ...source, cluster: name })));
  }
  return { value: sources, diagnostics };
}
