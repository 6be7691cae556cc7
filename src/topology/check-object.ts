import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ManifestObject } from '../parse/document.js';
import type { IstioVersion } from '../parse/mesh.js';
import { checkIstioKind } from './istio-kinds.js';
import { checkFields } from './known-fields.js';
import { isKnown } from './known-kinds.js';
import { checkNames } from './object-names.js';

/** What the cluster would refuse or drop of an object, whatever it says. */
export function checkObject(object: ManifestObject, version: IstioVersion): readonly Diagnostic[] {
  const found = [...checkIstioKind(object), ...checkFields(object, version)];
  return isKnown(object) ? [...found, ...checkNames(object)] : found;
}
