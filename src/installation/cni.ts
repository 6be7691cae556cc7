import type { ManifestObject } from '../parse/document.js';
import { type Report, textAt } from '../topology/fields.js';
import { said, type Voice } from './facts.js';

const excluded = ['data', 'EXCLUDE_NAMESPACES'] as const;
const ambient = ['data', 'AMBIENT_ENABLED'] as const;

/** The ConfigMap that the pods of the CNI take their environment from. */
export function readCniConfigMap(object: ManifestObject, report: Report): readonly Voice[] {
  if (object.name !== 'istio-cni-config') return [];
  const names = textAt(object, excluded, report);
  const excludeNamespaces = said(
    object,
    excluded,
    names?.split(',').map((name) => name.trim()),
  );
  const captures = textAt(object, ambient, report);
  const facts = {
    excludeNamespaces,
    ambient: said(object, ambient, captures === undefined ? undefined : captures === 'true'),
  };
  return [{ revision: undefined, facts, flags: new Map() }];
}
