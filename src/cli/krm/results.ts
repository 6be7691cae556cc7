import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { inReportOrder } from '../../diagnostics/order.js';
import type { JsonObject, Path } from '../../parse/document.js';
import { readYaml } from '../../parse/read-yaml.js';
import { detailLines } from '../../report/formats/findings.js';
import { type Inputs, itemAt } from './inputs.js';
import { fileOf, type Item } from './item.js';

/** What was found, in the words of a ResourceList: each finding at its object, its field and its file. */
export function resultsOf(diagnostics: readonly Diagnostic[], inputs: Inputs | undefined): readonly JsonObject[] {
  return inReportOrder(diagnostics).map((found) => ({
    message: [found.message, ...detailLines(found)].join('\n'),
    severity: found.severity,
    ...(inputs && placeOf(found, inputs)),
    tags: { code: found.code, name: found.name },
  }));
}

function placeOf({ span }: Diagnostic, inputs: Inputs): JsonObject {
  const found = span === null ? undefined : itemAt(inputs, span);
  if (span === null || found === undefined) return {};
  const { item, start } = found;
  const path = fieldOf(item, { start: span.start - start, end: span.end - start });
  const file = fileOf(item);
  return {
    resourceRef: referenceTo(item),
    ...(path.length > 0 && { field: { path: pathInWords(path) } }),
    ...(file !== undefined && { file: { path: file.path, index: file.index } }),
  };
}

function fieldOf({ text }: Item, range: { readonly start: number; readonly end: number }): Path {
  const file = { path: '', text };
  const [document] = readYaml(file, 'manifest').value;
  return document?.pathOf({ file, ...range }) ?? [];
}

function referenceTo({ value }: Item): JsonObject {
  const { apiVersion, kind, metadata } = Object(value);
  const { name, namespace } = Object(metadata);
  const fields = Object.entries({ apiVersion, kind, namespace, name });
  return Object.fromEntries(fields.filter(([, field]) => typeof field === 'string'));
}

/** As kustomize writes ways to fields: `spec.rules[0].from`. */
function pathInWords(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
