import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path that a URI of an editor names; `undefined` where it is of no file, or of no well-formed URI. */
export function pathOfUri(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}
