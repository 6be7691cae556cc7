import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../parse/document.js';
import { describe } from './fields.js';

interface Rule {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly words: string;
}

const label: Rule = {
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  longest: 63,
  words: 'lower-case letters, digits and `-`, at most 63, as in `web-1`',
};

const subdomain: Rule = {
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  longest: 253,
  words: 'lower-case letters, digits, `-` and `.`, at most 253, as in `web.v1`',
};

/** Names that the API server refuses. They would name files and identities that nobody can have. */
export function checkNames(object: ManifestObject): readonly Diagnostic[] {
  const { kind, name, namespace } = object;
  const isGenerated = Object(object.value.metadata).name !== name;
  const rule = kind === 'Namespace' || kind === 'Service' ? label : subdomain;
  return [
    ...(isGenerated ? [] : checkName(object, 'name', name, rule)),
    ...(namespace === undefined ? [] : checkName(object, 'namespace', namespace, label)),
  ];
}

function checkName(
  object: ManifestObject,
  field: 'name' | 'namespace',
  written: string,
  { pattern, longest, words }: Rule,
): readonly Diagnostic[] {
  if (pattern.test(written) && written.length <= longest) return [];
  const parameters = { object: describe(object), name: written };
  return [
    diagnostic('invalid-object-name', parameters, spanIn(object, ['metadata', field]), { help: `write ${words}` }),
  ];
}
