import { assert } from '../util/assert.js';
import { catalogue, type DiagnosticName, type DiagnosticParameters } from './catalogue.js';
import type { Diagnostic, Note, Span } from './diagnostic.js';
import type { CatalogueEntry } from './entry.js';

/** What the place of a fault adds to the catalogue's text. */
export interface Details {
  readonly label?: string;
  readonly witness?: string;
  readonly notes?: readonly Note[];
  /** Replaces the catalogue's own help where the place knows a better one. */
  readonly help?: string;
}

/** Builds a diagnostic from the catalogue. The parameters of its templates are checked by the compiler. */
export function diagnostic<N extends DiagnosticName>(
  name: N,
  parameters: DiagnosticParameters<N>,
  span: Span | null,
  details: Details = {},
): Diagnostic {
  const entry: CatalogueEntry = catalogue[name];
  const help = details.help ?? (entry.help === undefined ? undefined : fill(entry.help, parameters));
  return {
    code: entry.code,
    name,
    severity: entry.severity,
    message: fill(entry.message, parameters),
    span,
    ...(details.label !== undefined && { label: details.label }),
    ...(details.witness !== undefined && { witness: details.witness }),
    notes: details.notes ?? [],
    ...(help !== undefined && { help }),
  };
}

function fill(template: string, parameters: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = parameters[key];
    assert(value !== undefined, `diagnostic parameter ${key} is missing`);
    return String(value);
  });
}
