import { refusalsOf } from '../../../src/mesh/admission/admission.js';
import type { IstioVersion } from '../../../src/parse/mesh.js';
import { objectsOf } from '../support/mesh.js';

/** A spec as a flow mapping, the law that refuses it, and where. */
export type Refused = readonly [spec: string, law: string, place: string];

/** What is refused of an object of namespace `shop`: for each refusal the law, and the place within the spec. */
export function refused(kind: string, spec: string, version: IstioVersion = '1.29', labels = '{}'): readonly string[] {
  return refusedBy('networking.istio.io/v1', kind, spec, version, labels);
}

export function refusedBy(
  apiVersion: string,
  kind: string,
  spec: string,
  version: IstioVersion = '1.29',
  labels = '{}',
): readonly string[] {
  return objectsOf(
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: it, namespace: shop, labels: ${labels} }\nspec: ${spec}\n`,
  ).flatMap(({ object }) =>
    refusalsOf(object, version).map(({ law, place }) => [law, place.slice(1).join('.')].join(' ').trim()),
  );
}
