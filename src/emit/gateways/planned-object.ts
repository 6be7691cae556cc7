import type { Span } from '../../diagnostics/diagnostic.js';
import type { Document, JsonObject, ManifestObject, Path } from '../../parse/document.js';
import type { PlannedGateway } from '../../resolve/planned-gateway.js';
import { gateway } from './gateway.js';

/** A Gateway that Ambit writes as whoever reads manifests will find it; its place is where settings describe it. */
export function plannedObject(planned: PlannedGateway): ManifestObject {
  const { object } = gateway(planned, 'none');
  const { apiVersion, kind, metadata } = object;
  const document = documentAt(planned.span, object);
  return {
    document,
    path: [],
    apiVersion,
    kind,
    name: metadata.name,
    namespace: metadata.namespace,
    value: document.value,
  };
}

function documentAt(span: Span, object: object): Document & { readonly value: JsonObject } {
  return {
    file: span.file,
    start: span.start,
    end: span.end,
    value: object as JsonObject,
    spanOf: () => span,
    pathOf: (): Path => [],
    extentOf: () => span,
  };
}
