import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../diagnostics/diagnostic.js';
import { oncePerObject } from '../../util/once.js';
import type { FileSystem } from './host.js';
import { unreadable } from './unreadable.js';

/** Far above any real manifest; a file beyond it is a mistake that should not take the machine's memory with it. */
export const largestInputMebibytes = 64;
export const largestInput = largestInputMebibytes * 1024 * 1024;

export type ReadText = { readonly text: string } | { readonly fault: Diagnostic };

/** A file's text; its size is looked at before it is read. `shown` is the path as the user knows it. */
export function readText(files: FileSystem, path: string, shown: string, span: Span | null): ReadText {
  try {
    if (files.status(path).size > largestInput) return { fault: tooLarge(shown, span) };
    return decodeText(files.read(path), shown, span);
  } catch (error) {
    return { fault: unreadable(shown, span, error) };
  }
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });
const decode = oncePerObject((bytes: Uint8Array) => strictDecoder.decode(bytes));

/** Bytes as text: UTF-8 or nothing, because a replaced character in a name would silently name something else. */
export function decodeText(bytes: Uint8Array, shown: string, span: Span | null): ReadText {
  if (bytes.length > largestInput) return { fault: tooLarge(shown, span) };
  try {
    return { text: decode(bytes) };
  } catch {
    return { fault: diagnostic('not-utf8', { path: shown, line: firstBrokenLine(bytes) }, span) };
  }
}

function tooLarge(path: string, span: Span | null): Diagnostic {
  return diagnostic('input-too-large', { path, limit: largestInputMebibytes }, span);
}

function firstBrokenLine(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8').decode(bytes);
  return lenient.slice(0, lenient.indexOf('\ufffd')).split('\n').length;
}
