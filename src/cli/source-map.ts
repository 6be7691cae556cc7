import type { Manifest } from '../emit/manifest.js';

/** Which rules each emitted object enforces, as JSON: from an object back to the intents. */
export function sourceMap(manifests: readonly Manifest[]): string {
  const objects = manifests.map(({ cluster, phase, object, realises }) => ({
    cluster,
    phase,
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.metadata.namespace ?? null,
    name: object.metadata.name,
    rules: realises,
  }));
  return `${JSON.stringify({ objects }, null, 2)}\n`;
}
