import { diagnostic } from '../diagnostics/create.js';
import { flagFault, isFlag, isVariable } from '../parse/check-flags.js';
import { type ManifestObject, type Path, spanIn } from '../parse/document.js';
import { istioVersions } from '../parse/mesh.js';
import { defaultVersion } from '../parse/parse-istio.js';
import { describe, type Report } from '../topology/fields.js';
import { type Said, said } from './facts.js';

/** Where an object sets an environment variable of istiod, and the release that reads it. */
interface Setting {
  readonly object: ManifestObject;
  readonly namePath: Path;
  readonly valuePath: Path;
  readonly release: string | undefined;
}

const truths: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const falsehoods: readonly string[] = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** The feature flag that a variable sets; what istiod does not know, or takes for no value, changes nothing. */
export function readFlag(
  name: string,
  value: string | undefined,
  { object, namePath, valuePath, release }: Setting,
  report: Report,
): Said<boolean> | undefined {
  const version = istioVersions.find((known) => known === release) ?? defaultVersion;
  // Of a release that is not known nobody knows the flags.
  const isKnown = release === undefined || release === version;
  const fault = isVariable(name) || !isKnown ? undefined : flagFault(name, version);
  if (fault !== undefined && (fault.isNear || (isFlag(name) && release === version))) {
    const parameters = { object: describe(object), flag: name, version };
    report(diagnostic('unknown-istiod-variable', parameters, spanIn(object, namePath), { help: fault.help }));
  }
  if (fault !== undefined || !isFlag(name)) return undefined;
  if (truths.includes(value ?? '')) return said(object, valuePath, true);
  if (falsehoods.includes(value ?? '')) return said(object, valuePath, false);
  if (value !== undefined) {
    const parameters = { object: describe(object), flag: name, value };
    report(diagnostic('istiod-flag-without-truth', parameters, spanIn(object, valuePath)));
  }
  return undefined;
}
