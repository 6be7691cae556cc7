import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import { checkExportTo } from './export-to.js';
import { checkLabels, checkSelector } from './labels.js';
import { checkHost, isLabel } from './names.js';
import { by, each, isWritten, type Judged, type Refusal } from './refusal.js';
import { checkTrafficPolicy } from './traffic-policy.js';

/** What Istio's webhook refuses in a DestinationRule. */
export function checkDestinationRule(judged: Judged): readonly Refusal[] {
  const { spec, namespace } = judged;
  return [
    ...by('L-30', checkHost(spec.host, ['spec', 'host'])),
    ...checkTrafficPolicy(spec.trafficPolicy, ['spec', 'trafficPolicy'], namespace),
    ...each(spec.subsets, ['spec', 'subsets'], (subset, place) => [
      ...by('L-30', checkName(subset, place, spec), checkLabels(asObject(subset)?.labels, [...place, 'labels'])),
      ...checkTrafficPolicy(asObject(subset)?.trafficPolicy, [...place, 'trafficPolicy'], namespace),
    ]),
    ...by('L-24', checkExportTo(judged, 'is refused')),
    ...by('L-55', checkSelector(spec.workloadSelector, 'matchLabels', ['spec', 'workloadSelector'])),
    ...by('L-37', isWritten(spec.workloadSelector) ? checkHome(judged) : []),
  ];
}

function checkName(subset: JsonValue, place: Path, { subsets }: JsonObject): readonly Complaint[] {
  const name = nameOf(subset);
  const isTaken = asArray(subsets).findIndex((other) => nameOf(other) === name) < Number(place.at(-1));
  return [
    ...complaintWhen(!isLabel(name), [...place, 'name'], `\`${name}\` is no name of a subset`),
    ...complaintWhen(isTaken, [...place, 'name'], `subset \`${name}\` is there twice`),
  ];
}

function nameOf(subset: JsonValue): string {
  return asText(asObject(subset)?.name) ?? '';
}

/** A rule for pods of certain labels is for those of its own namespace. */
function checkHome({ spec, namespace }: Judged): readonly Complaint[] {
  const beyond = asTexts(spec.exportTo).filter((each) => each !== '.' && each !== namespace);
  return complaintWhen(beyond.length > 0, ['spec', 'exportTo'], 'with a `workloadSelector` it cannot be exported');
}
