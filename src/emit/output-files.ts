import { oncePerObject } from '../util/once.js';
import type { Manifest } from './manifest.js';
import { printManifest } from './print-yaml.js';

/** One file of the output tree. */
export interface OutputFile {
  /** Relative, with `/`: `<cluster>/<phase>/<kind>.<namespace>.<name>.yaml`. */
  readonly path: string;
  readonly text: string;
}

/** One file an object, so that a change of one intent is a change of few files. */
export function outputFiles(manifests: readonly Manifest[]): OutputFile[] {
  return manifests.map(outputFile);
}

const outputFile = oncePerObject((manifest: Manifest): OutputFile => {
  const { kind, metadata } = manifest.object;
  const name = [kind.toLowerCase(), ...(metadata.namespace ? [metadata.namespace] : []), metadata.name].join('.');
  return { path: `${manifest.cluster}/${manifest.phase}/${name}.yaml`, text: printManifest(manifest) };
});
