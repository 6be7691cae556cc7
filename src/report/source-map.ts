import { rangeOf } from '../diagnostics/position.js';
import type { CompileResult } from '../pipeline.js';
import type { Origin } from '../resolve/resolved.js';
import { originsOf } from './explain.js';

/** The way back from each emitted object to the intents that it enforces, as JSON. */
export function sourceMap(result: CompileResult): string {
  const origins = new Map(originsOf(result).map((origin) => [origin.id, origin]));
  const objects = result.manifests.map(({ cluster, phase, object, realises }, index) => ({
    file: result.files[index]?.path ?? null,
    cluster,
    phase,
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.metadata.namespace ?? null,
    name: object.metadata.name,
    intents: realises.map((id) => ({ id, ...place(origins.get(id)) })),
  }));
  return `${JSON.stringify({ objects }, null, 2)}\n`;
}

function place(origin: Origin | undefined): { readonly file: string | null; readonly line: number | null } {
  if (origin === undefined) return { file: null, line: null };
  return { file: origin.span.file.path, line: rangeOf(origin.span).start.line };
}
