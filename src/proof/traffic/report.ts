import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Note } from '../../diagnostics/diagnostic.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { manifestLine } from '../manifest-line.js';
import type { Surroundings } from '../report.js';
import type { Deviating, OpenTraffic } from './compare.js';
import type { ListenersOtherwise } from './listeners.js';
import type { Deviation } from './outcome.js';
import type { TrafficProof } from './prove-traffic.js';

/** What a person is told of a proof of traffic: nothing, if requests are treated as the intents say. */
export function trafficDiagnostics(
  { listeners, deviating, open }: TrafficProof,
  surroundings: Surroundings,
): readonly Diagnostic[] {
  const alike = groupBy(deviating, (each) => [intentOf(each), keyOfAsked(each), saidOf(each)].join('\n'));
  return [
    ...listeners.flatMap((each) => listenerDiagnostics(each, surroundings)),
    ...[...alike.values()].flatMap((group) => deviatingDiagnostic(group, surroundings)),
    ...[...groupBy(open, (each) => [each.fact, keyOfAsked(each)].join('\n')).values()].flatMap((group) =>
      group.slice(0, 1).map(openDiagnostic),
    ),
  ];
}

function listenerDiagnostics(
  { planned, lacking, beside, undeployed }: ListenersOtherwise,
  { isOneOfMany }: Surroundings,
): readonly Diagnostic[] {
  const service = keyOf(planned);
  const notes: readonly Note[] = [
    ...(isOneOfMany ? [{ message: `in cluster \`${planned.cluster}\`` }] : []),
    ...beside.map((words) => ({ message: `it takes ${words}` })),
  ];
  const { id, span } = planned.origin;
  if (undeployed.length > 0) {
    const said = `it is deployed without ${undeployed.join(' and ')}`;
    return [diagnostic('routed-otherwise', { service, intent: `\`${id}\``, said }, span, { notes })];
  }
  if (lacking.length === 0) {
    const parameters = { service, intent: `\`${id}\``, said: 'it takes more than that' };
    return [diagnostic('routed-otherwise', parameters, span, { notes })];
  }
  return lacking.map(({ name, words }) => {
    const parameters = { service, intent: `listener \`${id}/${name.value}\``, said: `it does not take ${words}` };
    return diagnostic('routed-otherwise', parameters, name.span, { notes });
  });
}

function keyOfAsked({ asked: { at, name } }: Pick<Deviating, 'asked'>): string {
  return `${at.cluster.name} ${name}`;
}

function intentOf({ asked, entry }: Deviating): string {
  return entry.route?.origin.id ?? asked.origin.id;
}

function saidOf({ deviations }: Deviating): string {
  return deviations.map(inWords).join('; ');
}

function inWords({ aspect, meant, found }: Deviation): string {
  return `${aspect} ${found.known ? found.value : found.why}, not ${meant}`;
}

function deviatingDiagnostic(group: readonly Deviating[], surroundings: Surroundings): readonly Diagnostic[] {
  const [first] = group;
  if (first === undefined) return [];
  const { asked, entry, witness } = first;
  const { route } = entry;
  const rest = asked.routes.length === 0 ? 'the list of hosts' : 'what holds where no route matches';
  const intent = route === undefined ? rest : `route \`${route.origin.id}\``;
  const parameters = { service: asked.name, intent, said: saidOf(first) };
  const where: readonly Note[] = surroundings.isOneOfMany
    ? [{ message: `in cluster \`${asked.at.cluster.name}\`` }]
    : [];
  const notes = [...where, ...decidedIn(group, surroundings)];
  return [diagnostic('routed-otherwise', parameters, route?.origin.span ?? asked.origin.span, { witness, notes })];
}

/** Every rule that decides so, and at which proxies. */
function decidedIn(group: readonly Deviating[], { isEmitted }: Surroundings): readonly Note[] {
  const notes = group.map(({ treatment: { decidedAt, rule } }): Note => {
    if (decidedAt === undefined) return { message: 'no proxy on the way routes these requests' };
    const { at, name } = decidedAt;
    const proxy = name === undefined ? 'the sidecar of the caller' : `${at} ${name}`;
    if (rule === undefined) return { message: `${proxy} has no rule for them` };
    if (isEmitted(rule.object)) return { message: `decided at ${proxy}, by ${manifestLine(rule.object, rule.place)}` };
    return { message: `decided at ${proxy}, by this rule`, span: spanIn(rule.object, rule.place) };
  });
  return [
    ...new Map(notes.map((note) => [`${note.message} ${note.span?.file.path}:${note.span?.start}`, note])).values(),
  ];
}

function openDiagnostic({ asked: { name, origin }, fact }: OpenTraffic): Diagnostic {
  return diagnostic('routing-not-proved', { service: name, fact }, origin.span);
}
