import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Note } from '../../diagnostics/diagnostic.js';
import { describeSource } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { manifestLine } from '../manifest-line.js';
import type { Surroundings } from '../report.js';
import type { AskedPort } from './asked-port.js';
import type { SettingDeviation } from './compare-settings.js';
import type { DeviatingSettings, EndpointProof } from './prove-endpoints.js';

/** What a person is told of it: nothing, if every proxy keeps to what the intents say. */
export function endpointDiagnostics({ deviating, open }: EndpointProof, surroundings: Surroundings): Diagnostic[] {
  const alike = groupBy(deviating, (each) => [nameOf(each.asked), saidOf(each), each.hop?.at].join('\n'));
  const facts = groupBy(open, ({ asked, fact }) => [nameOf(asked), fact].join('\n'));
  return [
    ...[...alike.values()].flatMap(([first]) => (first ? [deviatingDiagnostic(first, surroundings)] : [])),
    ...[...facts.values()].flatMap(([first]) => {
      if (first === undefined) return [];
      const { asked, fact } = first;
      const parameters = { service: keyOf(asked.destination), fact };
      return [diagnostic('endpoints-not-proved', parameters, asked.traffic.origin.span)];
    }),
  ];
}

function nameOf({ destination }: AskedPort): string {
  return `${destination.cluster} ${keyOf(destination)}`;
}

function saidOf({ version, deviations }: DeviatingSettings): string {
  return `${version === undefined ? '' : `for version ${version} `}${deviations.map(inWords).join('; ')}`;
}

function inWords({ field, meant, found }: SettingDeviation): string {
  return `\`${field}\` is ${found.known ? found.value : found.why}, not ${meant}`;
}

function deviatingDiagnostic(each: DeviatingSettings, { isEmitted, isOneOfMany }: Surroundings): Diagnostic {
  const { asked, source, hop, deviations } = each;
  const { destination, port, traffic } = asked;
  const proxy = hop === undefined ? 'nobody' : hop.at === 'sidecar' ? 'the sidecar' : `${hop.at} ${hop.name}`;
  const witness = `${describeSource(source)} calls ${keyOf(destination)}:${port.name ?? port.number}; ${proxy} sends it on to the pods`;
  const where: Note[] = isOneOfMany ? [{ message: `in cluster \`${destination.cluster}\`` }] : [];
  const parameters = { service: keyOf(destination), said: saidOf(each) };
  return diagnostic('endpoints-otherwise', parameters, traffic.origin.span, {
    witness,
    notes: [...where, ...linesOf(deviations, isEmitted)],
  });
}

/** Each line that decides, with all that it decides of. */
function linesOf(deviations: readonly SettingDeviation[], isEmitted: Surroundings['isEmitted']): Note[] {
  const said = deviations.flatMap(({ field, found }) => (found.known && found.by ? [{ field, by: found.by }] : []));
  const groups = groupBy(
    said,
    ({ by }) => `${by.object.kind} ${by.object.namespace} ${by.object.name} ${by.place.join()}`,
  );
  return [...groups.values()].flatMap((group): Note[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { object, place } = first.by;
    const fields = group.map(({ field }) => `\`${field}\``).join(', ');
    if (isEmitted(object)) return [{ message: `${fields} by ${manifestLine(object, place)}` }];
    return [{ message: `${fields} by this`, span: spanIn(object, place) }];
  });
}
