import { basename, dirname, join } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../files/host.js';
import { systemErrorCode } from '../files/system-error.js';
import { pathOfUri, uriOfPath } from './file-uris.js';

/** A text that somebody has open, and where its file lies. */
export interface OpenText {
  readonly document: TextDocument;
  /** With every link followed. */
  readonly realPath: string;
}

/** The texts among the open ones that may be read: what lies elsewhere is not looked at. */
export function openTexts(host: Host, documents: readonly TextDocument[]): readonly OpenText[] {
  return documents.flatMap((document) => {
    const path = pathOfUri(document.uri);
    const realPath = path === undefined ? undefined : realPathOf(host, path);
    return realPath === undefined ? [] : [{ document, realPath }];
  });
}

/** The URI of a file as the editor calls it, which may have come there by a link. */
export function uriOfFile(host: Host, open: readonly OpenText[], path: string): string {
  const real = realPathOf(host, path);
  return open.find(({ realPath }) => realPath === real)?.document.uri ?? uriOfPath(path);
}

/** Of a file that is not there yet the path that it will have; `undefined` where nothing may be read. */
function realPathOf(host: Host, path: string): string | undefined {
  try {
    return host.files.realPath(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const directory = code === 'ENOENT' && dirname(path) !== path ? realPathOf(host, dirname(path)) : undefined;
    return directory === undefined ? undefined : join(directory, basename(path));
  }
}
