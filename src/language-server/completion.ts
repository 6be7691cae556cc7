import { CompletionItemKind } from 'vscode-languageserver';
import { acceptableCodes } from '../acceptances/acceptable.js';
import { catalogue } from '../diagnostics/catalogue.js';
import { kinds } from '../parse/kinds.js';
import { type Cursor, cursorsAt, marker } from './cursor.js';
import type { Known } from './known.js';
import { namesFor } from './known-names.js';
import { referredBy, referredByFields } from './references.js';
import { descriptionOf, fieldsOf, isNested, type Schema, schemasAt, wordsOf } from './schema.js';
import { textAt, valueAt } from './spot.js';

/** One thing that may be written at the cursor, in place of the word between two offsets. */
export interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly description?: string | undefined;
}

/** What may be written at an offset: fields and words of the language, and names of what is deployed. */
export function offersAt(text: string, offset: number, root: Schema, known: Known | undefined): readonly Offer[] {
  const codes = codesInComment(text, offset);
  if (codes.length > 0) return codes;
  const offers = cursorsAt(text, offset).flatMap((cursor) =>
    cursor.part === 'key'
      ? [...fieldOffers(cursor, root), ...namedFieldOffers(cursor, known)]
      : valueOffers(cursor, root, known),
  );
  return [...new Map(offers.map((offer) => [offer.label, offer])).values()];
}

function fieldOffers({ document, path, start, end }: Cursor, root: Schema): readonly Offer[] {
  const there = valueAt(document, path);
  const fields = fieldsOf(root, schemasFor(document, path, root));
  const missing = [...fields].filter(([name]) => !Object.hasOwn(Object(there), name));
  return missing.map(([name, schemas]) => ({
    label: name,
    kind: CompletionItemKind.Property,
    text: isNested(schemas) && wordsOf(schemas).length === 0 ? `${name}:` : `${name}: `,
    description: descriptionOf(schemas),
    ...{ start, end },
  }));
}

/** Versions and ports stand as the names of fields. */
function namedFieldOffers(cursor: Cursor, known: Known | undefined): readonly Offer[] {
  const { document, path, start, end } = cursor;
  const referred = referredByFields(path);
  if (referred === undefined || known === undefined) return [];
  const missing = namesFor(referred, known, cursor).filter(
    (name) => !Object.hasOwn(Object(valueAt(document, path)), name),
  );
  return missing.map((label) => ({ label, kind: CompletionItemKind.Reference, text: `${label}: `, start, end }));
}

function valueOffers(cursor: Cursor, root: Schema, known: Known | undefined): readonly Offer[] {
  const { document, path, start, end } = cursor;
  const words = wordsOf(schemasFor(document, path, root));
  const referred = referredBy(path);
  const names = referred === undefined || known === undefined ? [] : namesFor(referred, known, cursor);
  const offer = (kind: CompletionItemKind) => (label: string) => ({ label, kind, text: label, start, end });
  return [...words.map(offer(CompletionItemKind.EnumMember)), ...names.map(offer(CompletionItemKind.Reference))];
}

/** A document that does not say yet what it is may become any of Ambit's; of others nothing is known here. */
function schemasFor(document: unknown, path: Cursor['path'], root: Schema): readonly Schema[] {
  const written = textAt(document, ['kind']);
  const kind = kinds.find((each) => each === written);
  if (kind !== undefined && path[0] !== 'kind') return schemasAt(root, kind, path);
  const isOpen = Object.keys(Object(document)).every((key) => outermost.includes(key) || key.includes(marker));
  const isOwn = textAt(document, ['apiVersion'])?.startsWith('ambit.dev/') ?? (isOpen && path.length <= 1);
  if (!isOwn) return [];
  return path[0] === 'kind' ? [{ enum: kinds }] : kinds.flatMap((each) => schemasAt(root, each, path));
}

/** The fields that every document has, in whose midst one is begun. */
const outermost = ['apiVersion', 'kind', 'metadata', 'spec'];

/** After `# ambit: accept`. */
function codesInComment(text: string, offset: number): readonly Offer[] {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const word = /#\s*ambit:\s*(?:accept|ignore)\s+(?:AMB\d+[,\s]+)*(\w*)$/.exec(line)?.[1];
  if (word === undefined) return [];
  const meant = Object.values(catalogue).filter(({ code }) => acceptableCodes.get(code));
  return meant.map(({ code, message }) => ({
    ...{ label: code, kind: CompletionItemKind.Constant, text: code, description: message },
    ...{ start: offset - word.length, end: offset },
  }));
}
