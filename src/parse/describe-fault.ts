import type { ErrorObject } from 'ajv';
import { type Details, diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Fix, Span } from '../diagnostics/diagnostic.js';
import { didYouMean, isOneSlip, suggest } from '../util/suggest.js';
import type { Document, Path } from './document.js';
import {
  type Branch,
  describeBranches,
  describeType,
  describeValue,
  listed,
  named,
  quoted,
  requirement,
} from './schema-words.js';

/** One fault of the validator, with the place in the document that it is about. */
interface Fault {
  readonly error: ErrorObject;
  readonly document: Document;
  readonly path: Path;
  /** The path as a person writes it. */
  readonly place: string;
  readonly span: Span;
}

/** Says in the catalogue's words what one fault of the validator means. */
export function describeFault(document: Document, error: ErrorObject): Diagnostic {
  const { propertyName } = error;
  const owner = pathOf(error.instancePath, document.value);
  const path = propertyName === undefined ? owner : [...owner, propertyName];
  const span = document.spanOf(path, propertyName === undefined ? 'value' : 'key');
  const describe = descriptions[error.keyword] ?? malformed;
  return describe({ error, document, path, place: named(path), span });
}

const descriptions: Readonly<Record<string, (fault: Fault) => Diagnostic>> = {
  additionalProperties: unknownField,
  required: missingField,
  dependencies: missingBeside,
  type: wrongType,
  enum: notAllowed,
  const: notAllowed,
  anyOf: noBranch,
  oneOf: severalFields,
  minItems: empty,
  minProperties: tooFewFields,
  maxProperties: tooManyFields,
  'false schema': excludedField,
};

function unknownField({ error, document, path, place }: Fault): Diagnostic {
  const field = String(error.params.additionalProperty);
  const known = fieldsOf(error);
  const span = document.spanOf([...path, field], 'key');
  const free = known.filter((name) => Object(error.data)[name] === undefined);
  const details = standsAlone(field, known) ?? nearest(field, free, span) ?? { help: fieldsHelp(known) };
  return diagnostic('unknown-field', { field, place }, span, details);
}

/** Kinds of callers that are a word by itself, where an object names callers; who is excepted has a name. */
const callersByWord: ReadonlySet<string> = new Set([
  'anyone',
  'anyAuthenticated',
  'unauthenticated',
  'plaintext',
  'outside',
]);

function standsAlone(field: string, known: readonly string[]): Details | undefined {
  if (!callersByWord.has(field) || !known.includes('serviceAccount')) return undefined;
  const isWordHere = known.includes('except') || known.includes('outside');
  return { help: isWordHere ? `write \`${field}\` by itself, without braces` : fieldsHelp(known) };
}

function missingField({ error, document, path, place }: Fault): Diagnostic {
  const missing: readonly string[] = error.params.missing;
  return diagnostic('missing-field', { place, field: listed(missing.map(quoted), 'and') }, ownerSpan(document, path));
}

/** A field that says nothing without another one beside it. */
function missingBeside({ error, document, path, place }: Fault): Diagnostic {
  const { property, missingProperty } = error.params;
  const written = quoted(String(property));
  const absent = quoted(String(missingProperty));
  const details = { help: `add ${absent}, or take ${written} out` };
  return diagnostic(
    'missing-field',
    { place, field: `${absent}` },
    document.spanOf([...path, property], 'key'),
    details,
  );
}

function tooFewFields(fault: Fault): Diagnostic {
  const { error, document, path, place } = fault;
  const absent = fieldsOf(error).filter((field) => Object(error.data)[field] === undefined);
  if (absent.length === 0) return empty(fault);
  const field = `one of ${listed(absent.map(quoted), 'or')}`;
  return diagnostic('missing-field', { place, field }, ownerSpan(document, path));
}

function empty({ place, path, span }: Fault): Diagnostic {
  return diagnostic('empty-list', { place, field: String(path.at(-1)) }, span);
}

function tooManyFields({ error, document, path, place }: Fault): Diagnostic {
  const fields = Object.keys(Object(error.data));
  const isItem = typeof path.at(-1) === 'number';
  const details = isItem ? {} : { help: 'keep one, and write settings of their own for the others' };
  const span = document.spanOf([...path, fields[1] ?? ''], 'key');
  return diagnostic('exactly-one', { place, found: listed(fields.map(quoted), 'and') }, span, details);
}

/** Fields of which one stands for all, and of which several are written. */
function severalFields(fault: Fault): Diagnostic {
  const { error, document, path, place } = fault;
  const known = (error.schema as ReadonlyArray<{ readonly required?: readonly string[] }>).flatMap(
    ({ required = [] }) => required,
  );
  const written = known.filter((field) => Object(error.data)[field] !== undefined);
  const [first, second] = written;
  if (first === undefined) {
    const field = `one of ${listed(known.map(quoted), 'or')}`;
    return diagnostic('missing-field', { place, field }, ownerSpan(document, path));
  }
  if (second === undefined) return malformed(fault);
  const span = document.spanOf([...path, second], 'key');
  return diagnostic('exactly-one', { place, found: listed(written.map(quoted), 'and') }, span, {
    help: 'keep one of them',
  });
}

/** A field that another one beside it leaves no room for. */
function excludedField({ error, document, path }: Fault): Diagnostic {
  const other = /\/dependencies\/([^/]+)\//.exec(error.schemaPath)?.[1] ?? '';
  const field = String(path.at(-1));
  const details = field === 'namespace' ? { help: `write \`${other}: namespace/name\`, without \`namespace\`` } : {};
  const parameters = { place: named(path.slice(0, -1)), found: listed([other, field].map(quoted), 'and') };
  return diagnostic('exactly-one', parameters, document.spanOf(path, 'key'), details);
}

function wrongType({ error, place, span }: Fault): Diagnostic {
  const types: readonly string[] = [error.params.type].flat();
  const expected = listed(types.map(describeType), 'or');
  const parameters = { place, expected, found: describeValue(error.data) };
  return diagnostic('wrong-type', parameters, span, wrongTypeHelp(error, types.join(), span));
}

function wrongTypeHelp(error: ErrorObject, expected: string, span: Span): Details {
  const isScalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  const fix = expected === 'string' && isScalar ? quotes(span, error.parentSchema?.pattern) : undefined;
  const meant = requirement(error);
  if (meant !== undefined) return { help: `write ${meant}`, ...(fix && { fix }) };
  if (expected === 'array')
    return { help: 'write each item on a line of its own after `- `, or all of them between `[` and `]`' };
  if (expected === 'object' && fieldsOf(error).length > 0) return { help: fieldsHelp(fieldsOf(error)) };
  return fix === undefined ? {} : { help: 'put it between quotes', fix };
}

function notAllowed({ error, place, span }: Fault): Diagnostic {
  const { allowedValues, allowedValue } = error.params;
  const allowed: string[] = (Array.isArray(allowedValues) ? allowedValues : [allowedValue]).map(String);
  const parameters = {
    place,
    found: describeValue(error.data),
    allowed: `one of ${listed(allowed.map(quoted), 'or')}`,
  };
  return diagnostic('value-not-allowed', parameters, span, notAllowedHelp(error.data, allowed, span));
}

function notAllowedHelp(value: unknown, allowed: readonly string[], span: Span): Details {
  const isUnquoted = (typeof value === 'number' || typeof value === 'boolean') && allowed.includes(String(value));
  if (!isUnquoted) return nearest(value, allowed, span) ?? {};
  return { help: `write \`"${String(value)}"\`, with the quotes`, fix: quotes(span, undefined) };
}

/** Quotes around what YAML takes for a number or a boolean, digit for digit as it is written. */
function quotes(span: Span, pattern: unknown): Fix {
  const written = textOf(span);
  const isMeant = typeof pattern !== 'string' || new RegExp(pattern, 'u').test(written);
  const trimmed = { ...span, end: span.start + written.length };
  return { span: trimmed, replacement: `"${written}"`, isSafe: isMeant && /^[\w.+-]+$/.test(written) };
}

function textOf({ file, start, end }: Span): string {
  return file.text.slice(start, end).trimEnd();
}

/** A value that no branch of an `anyOf` takes: it is told all of them. */
function noBranch({ error, place, span }: Fault): Diagnostic {
  const { words, types } = describeBranches(error.schema as readonly Branch[]);
  const found = describeValue(error.data);
  if (typeof error.data !== 'string') {
    return diagnostic('wrong-type', { place, expected: listed([...words.map(quoted), ...types], 'or'), found }, span);
  }
  const allowed = listed([...words.map(quoted), ...types], 'or');
  const details = saidOtherwise(error.data, words) ?? nearest(error.data, words, span) ?? {};
  return diagnostic('value-not-allowed', { place, found, allowed }, span, details);
}

/** Whom rules call `unauthenticated`, guardrails call `plaintext`: there it is about how a request arrives. */
function saidOtherwise(written: string, words: readonly string[]): Details | undefined {
  return written === 'unauthenticated' && words.includes('plaintext') ? { help: 'write `plaintext`' } : undefined;
}

function malformed({ error, place, span }: Fault): Diagnostic {
  const expected = requirement(error) ?? limit(error);
  return diagnostic('malformed-value', { place, found: describeValue(error.data), expected }, span);
}

function limit({ keyword, params, message = 'it does not fit' }: ErrorObject): string {
  if (keyword === 'exclusiveMinimum') return `it must be more than ${String(params.limit)}`;
  if (keyword === 'pattern') return `it must match \`${String(params.pattern)}\``;
  if (keyword === 'minimum') return `it must be at least ${String(params.limit)}`;
  if (keyword === 'maximum') return `it must be at most ${String(params.limit)}`;
  if (keyword === 'maxLength') return `it must have at most ${String(params.limit)} characters`;
  if (keyword === 'minLength') return 'it must not be empty';
  return keyword === 'uniqueItems' ? 'no item may stand twice' : message;
}

function nearest(written: unknown, known: readonly string[], span: Span): Details | undefined {
  const near = typeof written === 'string' ? suggest(written, known) : [];
  const [only, ...others] = near;
  if (only === undefined) return undefined;
  return { ...didYouMean(near), ...(others.length === 0 && { fix: spelling(String(written), only, span) }) };
}

/** The one known word that is near. It is safe where the text is that word but for its case or one slip of the fingers. */
function spelling(written: string, meant: string, { file, start }: Span): Fix {
  const text = file.text.slice(start);
  const quote = /^["']/.exec(text)?.[0] ?? '';
  const from = start + quote.length;
  const isAsWritten = file.text.startsWith(written, from);
  const span = { file, start: from, end: from + (isAsWritten ? written.length : 0) };
  return { span, replacement: meant, isSafe: isAsWritten && isOneSlip(written, meant) };
}

function fieldsHelp(known: readonly string[]): string {
  if (known.length === 1) return `its only field is ${known.map(quoted).join()}`;
  return `its fields are ${listed(known.map(quoted), 'and')}`;
}

/** The fields that an object may have. */
export function fieldsOf({ parentSchema }: ErrorObject): string[] {
  return Object.keys(Object(parentSchema?.properties));
}

/** The smallest text that shows what lacks something: its key, the first line of a list item, or the document's kind. */
function ownerSpan(document: Document, path: Path): Span {
  if (path.length === 0) return document.spanOf(['kind'], 'key');
  return typeof path.at(-1) === 'number' ? firstLine(document.spanOf(path)) : document.spanOf(path, 'key');
}

function firstLine(span: Span): Span {
  const end = span.file.text.indexOf('\n', span.start);
  return end === -1 || end >= span.end ? span : { ...span, end };
}

/** JSON pointer to path; a segment is an index only where the value there really is a list. */
export function pathOf(pointer: string, root: unknown): Path {
  const path: Array<string | number> = [];
  let node: unknown = root;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replace(/~1/g, '/').replace(/~0/g, '~');
    path.push(Array.isArray(node) ? Number(key) : key);
    node = Object(node)[key];
  }
  return path;
}
