import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { FileSystem } from './host.js';
import { largestInput } from './read-text.js';
import { unreadable } from './unreadable.js';

const largestLogMebibytes = 1024;
/** A day of a busy mesh. */
export const largestLog = largestLogMebibytes * 1024 * 1024;

/** A log in parts of whole lines, so that not all of it is in memory as text. Bytes that are no UTF-8 are U+FFFD. */
export type ReadLog = { readonly parts: Iterable<string> } | { readonly fault: Diagnostic };

/** A log's text; its size is looked at before it is read. `shown` is the path as the user knows it. */
export function readLog(files: FileSystem, path: string, shown: string): ReadLog {
  try {
    if (files.status(path).size > largestLog) return { fault: tooLarge(shown) };
    return logIn(files.read(path), shown);
  } catch (error) {
    return { fault: unreadable(shown, null, error) };
  }
}

export function logIn(bytes: Uint8Array, shown: string): ReadLog {
  return bytes.length > largestLog
    ? { fault: tooLarge(shown) }
    : { parts: { [Symbol.iterator]: () => partsOf(bytes, largestInput) } };
}

const lineFeed = 10;

/** A line that is longer than a part is cut. */
export function* partsOf(bytes: Uint8Array, length: number): Generator<string> {
  const decoder = new TextDecoder('utf-8');
  for (let start = 0; start < bytes.length; ) {
    const limit = start + length;
    const last = limit >= bytes.length ? bytes.length : bytes.lastIndexOf(lineFeed, limit - 1) + 1;
    const end = last > start ? last : limit;
    yield decoder.decode(bytes.subarray(start, end));
    start = end;
  }
}

function tooLarge(path: string): Diagnostic {
  return diagnostic('input-too-large', { path, limit: largestLogMebibytes }, null);
}
