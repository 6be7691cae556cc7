import type { Manifest } from '../../emit/manifest.js';
import { printManifest } from '../../emit/print-yaml.js';
import type { JsonObject } from '../../parse/document.js';
import type { CompileResult } from '../../pipeline.js';
import { enrolled } from './enrolment.js';
import { type Item, indexAnnotation, keyOf, pathAnnotation } from './item.js';

/** Where tools that keep lists in files put what Ambit adds, below the package. */
const directory = 'ambit';

/** The items with all that Ambit emits: labels on objects that others own, and new objects after them. */
export function withOutput(given: readonly Item[], { manifests, files }: CompileResult): readonly Item[] {
  const labels = new Map(manifests.filter(isEnrolment).map(({ object }) => [keyOf(object as JsonObject), object]));
  const labelled = given.map((item) => {
    const wanted = labels.get(keyOf(item.value));
    return wanted === undefined ? item : enrolled(item, wanted as JsonObject);
  });
  const added = manifests.flatMap((manifest, index) => {
    const path = files[index]?.path ?? '';
    return isEnrolment(manifest) ? [] : [itemOf(manifest, `${directory}${path.slice(path.indexOf('/'))}`)];
  });
  return [...labelled, ...added];
}

function isEnrolment({ phase }: Manifest): boolean {
  return phase === '30-enrolment';
}

function itemOf(manifest: Manifest, path: string): Item {
  const { metadata } = manifest.object;
  const annotations = { ...metadata.annotations, [pathAnnotation]: path, [indexAnnotation]: '0' };
  const object = { ...manifest.object, metadata: { ...metadata, annotations } };
  return { value: object as JsonObject, text: printManifest({ ...manifest, object }) };
}
