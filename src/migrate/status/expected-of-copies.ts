import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { asObject, asText } from '../../mesh/json.js';
import { type Document, isWithin, type ManifestObject } from '../../parse/document.js';
import { namespaceOf } from '../../topology/fields.js';
import { copyEnding } from './standing.js';

/**
 * Whether a finding is what a plan means to be so while old and new stand side by side: at ztunnel the copy of a policy for
 * requests admits nothing, and the guard beside it admits the waypoint. Without a guard nobody is admitted, and that is told.
 */
export function isExpectedOfCopy({ name, span }: Diagnostic, objects: readonly ManifestObject[]): boolean {
  if (name !== 'allow-rule-lost-at-ztunnel' || span === null) return false;
  const copies = objects.filter((each) => each.name.endsWith(copyEnding));
  const copy = copies.find(({ document, path }) => isIn(span, document) && isWithin(document.pathOf(span), path));
  return copy !== undefined && objects.some((other) => isGuardBeside(copy, other));
}

function isIn({ file, start }: Span, document: Document): boolean {
  return file === document.file && document.start <= start && start <= document.end;
}

function isGuardBeside(copy: ManifestObject, other: ManifestObject): boolean {
  return (
    other.kind === 'AuthorizationPolicy' &&
    !other.name.endsWith(copyEnding) &&
    namespaceOf(other) === namespaceOf(copy) &&
    actionOf(other) === 'ALLOW' &&
    selectorOf(other) === selectorOf(copy)
  );
}

function actionOf({ value }: ManifestObject): string {
  return asText(asObject(value.spec)?.action) ?? 'ALLOW';
}

function selectorOf({ value }: ManifestObject): string {
  const spec = asObject(value.spec);
  return JSON.stringify([spec?.selector ?? null, spec?.targetRefs ?? null]);
}
