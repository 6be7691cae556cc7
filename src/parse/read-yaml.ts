import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result, SourceFile } from '../diagnostics/diagnostic.js';
import { once } from '../util/once.js';
import { hasAliases, measureExpansion } from './aliases.js';
import type { Document } from './document.js';
import { loadYaml, maximumDepth, maximumNodes } from './load-yaml.js';
import { outlineOf, type Wanted } from './outline.js';
import { endOfWhatBegins, locate, type PositionNode, pathTo, readPositions } from './positions.js';
import { checkSeparator, type Piece, splitStream } from './split-stream.js';
import { syntaxErrors } from './syntax-error.js';
import { findTextHazards } from './text-hazards.js';
import { findValueHazards, isSuspicious, type Readable, type Strictness } from './value-hazards.js';

/** How long a file may be, in UTF-16 units: people write intents, machines write manifests. */
export const maximumLength: Readonly<Record<Strictness, number>> = { intent: 4 << 20, manifest: 64 << 20 };

/** What one piece of a stream holds: nothing where it is empty or cannot be read. */
type PieceResult = Result<Document | undefined>;

/** A file that lay in a directory: its documents, and how many others are not for Kubernetes. */
export interface Gathered extends Result<readonly Document[]> {
  readonly skipped: number;
}

/**
 * Reads a stream of documents as kubectl reads it, and refuses what kubectl and other readers take differently.
 * Never throws; every document reports its own errors. JSON is read too: it is YAML. Documents that are certainly not
 * wanted are not read.
 */
export function readYaml(file: SourceFile, strictness: Strictness, isWanted?: Wanted): Result<readonly Document[]> {
  const limit = maximumLength[strictness];
  const { length } = file.text;
  if (length > limit) {
    return { value: [], diagnostics: [diagnostic('file-too-large', { length, limit }, { file, start: 0, end: 0 })] };
  }
  return joined(wantedPieces(file, isWanted).map((piece) => readPiece(file, piece, strictness)));
}

/**
 * The same for a file that nobody named: it may lie in its directory for another tool, and then nothing is wrong with it.
 * A document is Kubernetes' as soon as it says one of the fields that every object has.
 */
export function readGathered(file: SourceFile, strictness: Strictness, isWanted?: Wanted): Gathered {
  if (file.text.length > maximumLength[strictness]) return { ...readYaml(file, strictness), skipped: 0 };
  const pieces = wantedPieces(file, isWanted);
  const meant = pieces.filter(({ start, end }) => mentionsObject(file.text.slice(start, end)));
  const results = meant.map((piece) => readPiece(file, piece, strictness));
  const own = results.filter(({ value }) => value === undefined || isObject(value.value));
  const isBlank = ({ start, end }: Piece) => !/^\s*[^\s#]/m.test(file.text.slice(start, end));
  const others = pieces.filter((piece) => !meant.includes(piece) && !isBlank(piece));
  return { ...joined(own), skipped: others.length + results.length - own.length };
}

/** Whether a text may say a field that every object has. */
function mentionsObject(text: string): boolean {
  return /(?:apiVersion|kind|metadata)["']?\s*:/.test(text);
}

function isObject(value: unknown): boolean {
  return ['apiVersion', 'kind', 'metadata'].some((field) => Object.hasOwn(Object(value), field));
}

function joined(results: readonly PieceResult[]): Result<readonly Document[]> {
  return {
    value: results.flatMap(({ value }) => value ?? []),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** Some readers end a line at a carriage return, so that nothing is certain about a text that holds one. */
function wantedPieces({ text }: SourceFile, isWanted: Wanted | undefined): readonly Piece[] {
  const pieces = splitStream(text);
  if (isWanted === undefined || text.includes('\r')) return pieces;
  return pieces.filter(({ start, end }) => {
    const outline = outlineOf(text, start, end);
    return outline === undefined || isWanted(outline);
  });
}

function readPiece(file: SourceFile, piece: Piece, strictness: Strictness): PieceResult {
  const separator = checkSeparator(file, piece);
  const { end, unreadable, diagnostics } = findTextHazards(file, piece);
  if (unreadable) return { value: undefined, diagnostics: [...separator, ...diagnostics] };
  const text = file.text.slice(piece.start, end);
  const result = readText({ file, offset: piece.start, text, strictness });
  return { value: result.value, diagnostics: [...separator, ...result.diagnostics, ...diagnostics] };
}

function readText(readable: Readable): PieceResult {
  const { text } = readable;
  const strict = loadYaml(text, 'refused');
  const hasRepeatedKeys = strict.kind === 'failure' && strict.reason === 'duplicated mapping key';
  const loaded = hasRepeatedKeys ? loadYaml(text, 'last') : strict;
  if (loaded.kind === 'failure') return { value: undefined, diagnostics: syntaxErrors(readable, loaded) };
  if (loaded.value === undefined || loaded.value === null) return { value: undefined, diagnostics: [] };
  const unbounded = findUnbounded(readable, loaded.value);
  if (unbounded) return { value: undefined, diagnostics: [unbounded] };
  return readValue(readable, loaded.value, hasRepeatedKeys);
}

function readValue(readable: Readable, value: unknown, hasRepeatedKeys: boolean): PieceResult {
  const { file, offset, text, strictness } = readable;
  const positions = once(() => readPositions(text));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const { start, end } = positions();
    const span = { file, start: offset + start, end: offset + end };
    return { value: undefined, diagnostics: [diagnostic('not-a-mapping', { found: describeRoot(value) }, span)] };
  }
  const inspected = strictness === 'intent' || hasRepeatedKeys || hasAliases(text) || isSuspicious(text);
  return {
    value: createDocument(readable, value, positions),
    diagnostics: inspected ? findValueHazards(readable, positions()) : [],
  };
}

function createDocument({ file, offset, text }: Readable, value: object, positions: () => PositionNode): Document {
  return {
    file,
    start: offset,
    end: offset + text.length,
    value,
    spanOf: (path, part = 'value') => {
      const { start, end } = locate(positions(), path, part);
      return { file, start: offset + start, end: offset + end };
    },
    pathOf: (part) => pathTo(positions(), { start: part.start - offset, end: part.end - offset }),
    extentOf: ({ start, end }) => {
      const range = { start: start - offset, end: end - offset };
      return { file, start, end: offset + endOfWhatBegins(positions(), range) };
    },
  };
}

/** A value that its aliases make too large to walk. The whole document is pointed at: no single alias is. */
function findUnbounded({ file, offset, text }: Readable, value: unknown): Diagnostic | undefined {
  const expansion = hasAliases(text) ? measureExpansion(value) : 'bounded';
  const span = { file, start: offset, end: offset + text.length };
  if (expansion === 'cyclic-alias') return diagnostic('cyclic-alias', {}, span);
  if (expansion === 'excessive-aliases') return diagnostic('excessive-aliases', { limit: maximumNodes }, span);
  if (expansion === 'nested-too-deeply') return diagnostic('nested-too-deeply', { limit: maximumDepth }, span);
  return undefined;
}

function describeRoot(value: unknown): string {
  return Array.isArray(value) ? 'a sequence' : 'a single value';
}
