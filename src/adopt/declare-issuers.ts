import { Document as YamlDocument } from 'yaml';
import type { Document, JsonObject } from '../parse/document.js';
import type { Source } from '../parse/parse-sources.js';

/** A file that somebody owns, with something put into it. */
export interface Edit {
  readonly path: string;
  readonly text: string;
}

/**
 * The file of the Mesh document with issuers declared in it, below `spec` and with everything else as it stands. `undefined`
 * where it declares some already, or is written so that nothing can be put there.
 */
export function declareIssuers(
  sources: readonly Source[],
  mesh: Document | undefined,
  issuers: readonly JsonObject[],
): Edit | undefined {
  if (mesh === undefined || Object(mesh.value).spec?.tokenIssuers !== undefined) return undefined;
  const source = sources.find(({ path }) => path === mesh.file.path);
  const { end } = mesh.spanOf(['spec'], 'key');
  const [, first = '', indent = ''] = /^(:[ \t]*(?:#[^\n]*)?\n)([ ]+)\S/.exec(mesh.file.text.slice(end)) ?? [];
  if (source === undefined || indent === '') return undefined;
  const at = end + first.length;
  const list = new YamlDocument({ tokenIssuers: issuers }).toString({ lineWidth: 0 });
  const lines = list.replace(/^(?=.)/gm, indent);
  return { path: source.path, text: source.text.slice(0, at) + lines + source.text.slice(at) };
}
