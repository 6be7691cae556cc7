import { assert } from '../util/assert.js';
import { catalogue, type DiagnosticName, type DiagnosticParameters } from './catalogue.js';
import { isConfidential } from './confidential.js';
import type { Diagnostic, Fix, Note, Span } from './diagnostic.js';
import type { CatalogueEntry } from './entry.js';

/** What the place of a fault adds to the catalogue's text. */
export interface Details {
  readonly label?: string;
  readonly witness?: string;
  readonly notes?: readonly Note[];
  /** Replaces the catalogue's own help where the place knows a better one. */
  readonly help?: string;
  readonly fix?: Fix;
}

/** Builds a diagnostic from the catalogue. The parameters of its templates are checked by the compiler. */
export function diagnostic<N extends DiagnosticName>(
  name: N,
  given: DiagnosticParameters<N>,
  span: Span | null,
  details: Details = {},
): Diagnostic {
  const entry: CatalogueEntry = catalogue[name];
  const parameters = withoutSecrets(given, span);
  const help = details.help ?? (entry.help === undefined ? undefined : fill(entry.help, parameters));
  return {
    code: entry.code,
    name,
    severity: entry.severity,
    message: fill(entry.message, parameters),
    parameters,
    span,
    ...(details.label !== undefined && { label: details.label }),
    ...(details.witness !== undefined && { witness: details.witness }),
    notes: details.notes ?? [],
    ...(help !== undefined && { help }),
    ...(details.fix !== undefined && { fix: details.fix }),
  };
}

/** The same diagnostic of something that is called otherwise. */
export function reworded(item: Diagnostic, changed: Parameters): Diagnostic {
  const entry: CatalogueEntry = catalogue[item.name];
  const parameters = { ...item.parameters, ...changed };
  return { ...item, message: fill(entry.message, parameters), parameters };
}

type Parameters = Readonly<Record<string, string | number>>;

/** What a message repeats of a place that nobody should read in a log is left out of it. */
function withoutSecrets(parameters: Parameters, span: Span | null): Parameters {
  if (span === null || !isConfidential(span)) return parameters;
  const written = span.file.text.slice(span.start, span.end);
  const isRepeated = (value: string | number) => value !== '' && written.includes(String(value));
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, isRepeated(value) ? '…' : value]));
}

function fill(template: string, parameters: Parameters): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = parameters[key];
    assert(value !== undefined, `diagnostic parameter ${key} is missing`);
    return String(value);
  });
}
