import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import schema from '../../schemas/ambit.schema.json' with { type: 'json' };
import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { suggest } from '../util/suggest.js';
import type { Document, Path } from './document.js';

export const apiVersion = 'ambit.dev/v1alpha1';
export const kinds = ['Project', 'Mesh', 'SecuritySettings', 'TrafficSettings'] as const;
export type Kind = (typeof kinds)[number];

/** Checks one Ambit document against its kind's schema; every fault is reported on the smallest text that shows it. */
export function checkSchema(document: Document, kind: Kind): Diagnostic[] {
  const validate = validatorOf(kind);
  if (validate(document.value)) return [];
  return (validate.errors ?? []).filter(isOwnFault).flatMap((error) => describe(document, error));
}

const validators = new Map<Kind, ValidateFunction>();
const ajv = () => new Ajv({ allErrors: true, verbose: true, strict: false });

function validatorOf(kind: Kind): ValidateFunction {
  const known = validators.get(kind);
  if (known) return known;
  const { definitions } = schema;
  const validate = ajv().compile({ $ref: `#/definitions/${kind}`, definitions });
  validators.set(kind, validate);
  return validate;
}

/** The keywords that only say "one of my branches failed"; the branches speak for themselves. */
function isOwnFault(error: ErrorObject, _index: number, all: readonly ErrorObject[]): boolean {
  if (error.keyword === 'propertyNames') return false;
  if (error.keyword !== 'anyOf') return !isInUnfitBranch(error, all);
  return !all.some(
    (other) => other !== error && other.schemaPath.startsWith(`${error.schemaPath}/`) && !isInUnfitBranch(other, all),
  );
}

/** Inside an `anyOf` only the branch of the value's own type counts: text is compared with words, an object with fields. */
function isInUnfitBranch(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  const branch = /^(.*\/anyOf)\/\d+\//.exec(error.schemaPath)?.[1];
  if (branch === undefined) return false;
  const isObject = typeof error.data === 'object' && error.data !== null;
  const typeFails = all.some(
    (other) =>
      other.keyword === 'type' && other.instancePath === error.instancePath && other.schemaPath.startsWith(branch),
  );
  if (error.keyword === 'type') return true;
  return isObject
    ? error.keyword === 'const' || error.keyword === 'enum'
    : typeFails && error.keyword !== 'enum' && error.keyword !== 'const';
}

function describe(document: Document, error: ErrorObject): Diagnostic[] {
  const path = pathOf(error.instancePath, document.value);
  const place = placeName(path);
  const value = document.spanOf(path);
  switch (error.keyword) {
    case 'additionalProperties':
      return [unknownField(document, path, error)];
    case 'required':
      return [
        diagnostic(
          'missing-field',
          { place, field: String(error.params['missingProperty']) },
          missingSpan(document, path),
        ),
      ];
    case 'type':
      return [
        diagnostic(
          'wrong-type',
          { place, expected: article(String(error.params['type'])), found: shown(error.data) },
          value,
        ),
      ];
    case 'enum':
    case 'const':
      return [notAllowed(error, place, value)];
    case 'minItems':
    case 'minProperties':
      return [tooFew(error, place, path, value)];
    case 'maxProperties':
      return [
        diagnostic('exactly-one', { place, found: Object.keys(Object(error.data)).map(quoted).join(' and ') }, value),
      ];
    default:
      return [diagnostic('malformed-value', { place, found: shown(error.data), expected: expectation(error) }, value)];
  }
}

function unknownField(document: Document, path: Path, error: ErrorObject): Diagnostic {
  const field = String(error.params['additionalProperty']);
  const known = Object.keys(Object(error.parentSchema?.['properties']));
  const near = suggest(field, known);
  const help =
    near.length > 0
      ? `did you mean ${near.map(quoted).join(' or ')}?`
      : `its fields are ${known.map(quoted).join(', ')}`;
  return diagnostic('unknown-field', { field, place: placeName(path) }, document.spanOf([...path, field], 'key'), {
    help,
  });
}

function notAllowed(error: ErrorObject, place: string, span: ReturnType<Document['spanOf']>): Diagnostic {
  const allowed: unknown[] = error.keyword === 'enum' ? error.params['allowedValues'] : [error.params['allowedValue']];
  const near = typeof error.data === 'string' ? suggest(error.data, allowed.map(String)) : [];
  const details = near.length > 0 ? { help: `did you mean ${near.map(quoted).join(' or ')}?` } : {};
  return diagnostic(
    'value-not-allowed',
    { place, found: shown(error.data), allowed: allowed.map((item) => quoted(String(item))).join(', ') },
    span,
    details,
  );
}

function tooFew(error: ErrorObject, place: string, path: Path, span: ReturnType<Document['spanOf']>): Diagnostic {
  if (error.keyword === 'minProperties' && error.params['limit'] > 1) {
    return diagnostic('missing-field', { place, field: 'something besides scope' }, span, {
      help: 'say what holds for the scope',
    });
  }
  return diagnostic('empty-list', { place, field: String(path.at(-1) ?? 'it') }, span);
}

function expectation(error: ErrorObject): string {
  const { keyword, params, parentSchema } = error;
  const description: unknown = parentSchema?.['description'];
  if (keyword === 'pattern')
    return typeof description === 'string' ? sentence(description) : `it must match ${String(params['pattern'])}`;
  if (keyword === 'minimum') return `it must be at least ${String(params['limit'])}`;
  if (keyword === 'maximum') return `it must be at most ${String(params['limit'])}`;
  if (keyword === 'maxLength') return `it must have at most ${String(params['limit'])} characters`;
  if (keyword === 'minLength') return 'it must not be empty';
  if (keyword === 'uniqueItems') return 'no item may stand twice';
  return error.message ?? 'it does not fit';
}

/** The smallest text that shows what is missing: the key of the object that lacks it, or the document's first key. */
function missingSpan(document: Document, path: Path): ReturnType<Document['spanOf']> {
  if (path.length === 0) return document.spanOf(['kind'], 'key');
  return typeof path.at(-1) === 'number' ? firstLine(document.spanOf(path)) : document.spanOf(path, 'key');
}

function firstLine(span: ReturnType<Document['spanOf']>): ReturnType<Document['spanOf']> {
  const end = span.file.text.indexOf('\n', span.start);
  return end === -1 || end >= span.end ? span : { ...span, end };
}

/** JSON pointer to path; a segment is an index only where the value there really is a list. */
function pathOf(pointer: string, root: unknown): Path {
  const path: Array<string | number> = [];
  let node: unknown = root;
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replace(/~1/g, '/').replace(/~0/g, '~');
    path.push(Array.isArray(node) ? Number(key) : key);
    node = Object(node)[key];
  }
  return path;
}

function placeName(path: Path): string {
  if (path.length === 0) return 'the document';
  return quoted(
    path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join(''),
  );
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string'
    ? quoted(value.length > 60 ? `${value.slice(0, 57)}…` : value)
    : `the ${typeof value} ${quoted(String(value))}`;
}

function article(type: string): string {
  if (type === 'array') return 'a list';
  if (type === 'string') return 'text';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function quoted(text: string): string {
  return `\`${text}\``;
}

function sentence(text: string): string {
  return text.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}
