import { diagnostic } from '../diagnostics/create.js';
import type { ManifestObject } from '../parse/document.js';
import type { IstioSettings } from '../parse/mesh.js';
import { alreadyReported, labelsAt, type Report } from '../topology/fields.js';
import { label } from '../topology/labels.js';
import { revisionsBehindTags } from '../topology/revisions.js';
import { sortedUnique } from '../util/order.js';
import { contradiction } from './contradictions.js';
import { type Said, spanOf, type Voice } from './facts.js';

/** Which of the control planes of a cluster its settings are about. */
interface Choice {
  /** The revision whose manifests count. */
  readonly served: string;
  /** What the settings call it. */
  readonly names: Pick<IstioSettings, 'revision' | 'tags'>;
}

const byDefault = 'default';

/** The revision that the Mesh document names; else the one that there is, of several the default one. */
export function chooseRevision(
  declared: Said<string> | undefined,
  voices: readonly Voice[],
  objects: readonly ManifestObject[],
  report: Report,
): Choice {
  const installed = voices.flatMap(({ revision }) => revision ?? []);
  const names = sortedUnique(installed.map(({ value }) => value));
  const tagging = objects.filter(({ kind }) => kind === 'MutatingWebhookConfiguration' || kind === 'Service');
  const tags = revisionsBehindTags(tagging, alreadyReported);
  const wanted = declared?.value ?? byDefault;
  const named = [wanted, tags.get(wanted) ?? wanted].find((name) => names.includes(name));
  const [only] = names.length === 1 && declared === undefined ? names : [];
  const served = named ?? only;
  if (served === undefined) reportUnserved(declared, installed, names, report);
  if (served === undefined || declared !== undefined)
    return { served: served ?? wanted, names: { revision: wanted, tags: [] } };
  // Where no webhook is given nobody says that this is not the default revision too.
  const isDefault = served !== byDefault && tags.size === 0 && !objects.some(isInjector);
  return { served, names: { revision: served, tags: isDefault ? [byDefault] : [] } };
}

function reportUnserved(
  declared: Said<string> | undefined,
  installed: ReadonlyArray<Said<string>>,
  names: readonly string[],
  report: Report,
): void {
  const [first, second = first] = installed;
  if (first === undefined || second === undefined) return;
  const revisions = names.map((name) => `\`${name}\``).join(', ');
  report(
    declared === undefined
      ? diagnostic('several-revisions', { revisions }, spanOf(second))
      : contradiction('revision', declared, first),
  );
}

function isInjector(object: ManifestObject): boolean {
  const labels = labelsAt(object, ['metadata', 'labels'], alreadyReported);
  return object.kind === 'MutatingWebhookConfiguration' && labels[label.revision] !== undefined;
}
