import { tooLargeDiagnostic } from '../algebra/too-large.js';
import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Note } from '../diagnostics/diagnostic.js';
import { ofMembers } from '../diagnostics/members.js';
import type { Decision } from '../mesh/decide/decision.js';
import { stepsOf } from '../mesh/paths/ways.js';
import type { HopTrace, PolicyTrace } from '../mesh/policies/decide-hop.js';
import { type ManifestObject, spanIn } from '../parse/document.js';
import { describe } from '../topology/fields.js';
import { keyInMesh, keyOf } from '../topology/model.js';
import type { Difference } from './difference.js';
import { manifestLine } from './manifest-line.js';
import type { Doubt, Proof, Undecided } from './prove.js';
import type { Misasked, Mispinned, RelaxedMandate } from './prove-workload.js';

/** What a reader of a proof has to know beside it. */
export interface Surroundings {
  /** The facts for want of which requests between clusters are not judged. */
  readonly crossings: readonly string[];
  /** Whether the mesh has several clusters, so that a name alone does not say which workload is meant. */
  readonly isOneOfMany: boolean;
  /** Whether an object was emitted, and lies in an output directory rather than among the sources. */
  readonly isEmitted: (object: ManifestObject) => boolean;
}

/** What a person is told of a proof: nothing, if the mesh does what the intents say. */
export function proofDiagnostics(
  { differences, asks, relaxed, pins, doubts, undecided }: Proof,
  surroundings: Surroundings,
): readonly Diagnostic[] {
  const crossings = surroundings.crossings.map((fact) => ({ message: `not modelled: ${fact}` }));
  const between =
    crossings.length === 0 ? [] : [diagnostic('other-clusters-not-judged', {}, null, { notes: crossings })];
  return [
    ...differences.map((difference) => differenceDiagnostic(difference, surroundings)),
    ...asks.map(asksDiagnostic),
    ...relaxed.map(relaxedDiagnostic),
    ...pins.map(pinDiagnostic),
    ...doubts.filter(({ isCrossing }) => !isCrossing).map(doubtDiagnostic),
    ...undecided.map(undecidedDiagnostic),
    ...between,
  ];
}

function differenceDiagnostic(difference: Difference, { isEmitted, isOneOfMany }: Surroundings): Diagnostic {
  const { kind, demand, requests, witness, decision, cause, byExisting, wasRefused } = difference;
  const { kind: verdict } = decision.verdict;
  const where = isOneOfMany ? [{ message: `in cluster \`${demand.workload.cluster}\`` }] : [];
  const details = {
    witness: `${witness} is ${verdict}: ${decision.because}`,
    notes: [
      ...where,
      { message: cause.says },
      ...routeNotes(decision, isEmitted),
      ...decision.trace.map((hop) => hopNote(hop, isEmitted)),
    ],
  };
  if (byExisting !== undefined) {
    const policy = `${byExisting.namespace ?? 'default'}/${byExisting.name}`;
    const span = spanIn(byExisting, ['metadata', 'name']);
    return {
      ...diagnostic('existing-policy-refuses', { policy, requests }, span, details),
      about: `${policy} at ${keyInMesh(demand.workload)}`,
      ...(wasRefused && { wasSo: true }),
    };
  }
  const name = kind === 'too-much' ? 'lets-through-too-much' : 'lets-through-too-little';
  return diagnostic(name, { workload: keyOf(demand.workload), requests }, cause.span, details);
}

/** Where the rule is to be decided, in the words of its author. */
function pinDiagnostic({ rule, pin, decided, requests, witness }: Mispinned): Diagnostic {
  const where = `${pin.mode === 'only' ? 'pinned to' : 'kept away from'} ${pin.points.join(', ')}`;
  const parameters = { rule: rule.origin.id, pin: where, requests };
  if (decided === undefined) return diagnostic('decided-nowhere', parameters, pin.span, { witness });
  const { policy, point } = decided;
  const named = { ...parameters, policy: describe(policy), point: point === 'ztunnel' ? point : `a ${point}` };
  return diagnostic('decided-elsewhere', named, pin.span, { witness });
}

function asksDiagnostic({ kind, demand, rule, requests, witness }: Misasked): Diagnostic {
  if (kind === 'unmarked' || kind === 'marked') {
    const [marked, named] = kind === 'unmarked' ? ['not marked', 'audit'] : ['marked', 'do not audit'];
    const parameters = { workload: keyOf(demand.workload), marked, named, requests };
    return diagnostic('marked-otherwise', parameters, rule.origin.span, { witness: `${witness}: it is ${marked}` });
  }
  const [asked, named] = kind === 'unasked' ? ['not asked', 'name'] : ['asked', 'do not name'];
  const parameters = { provider: rule.authorizer ?? '', asked, workload: keyOf(demand.workload), named, requests };
  return diagnostic('asked-otherwise', parameters, rule.origin.span, { witness: `${witness}: it is ${asked}` });
}

function relaxedDiagnostic({ demand, mandate, denial, requests, witness }: RelaxedMandate): Diagnostic {
  const parameters = {
    denial: denial.origin.id,
    mandate: mandate.origin.id,
    workload: keyOf(demand.workload),
    requests,
  };
  const notes = [{ message: `\`${mandate.origin.id}\` is a mandate`, span: mandate.mandate ?? mandate.origin.span }];
  return diagnostic('mandate-denied', parameters, denial.origin.span, { witness, notes });
}

/** What routes made of the witness before an enforcement point saw it, and the rules that did. */
function routeNotes({ way }: Decision, isEmitted: Surroundings['isEmitted']): readonly Note[] {
  const steps = way === undefined ? [] : stepsOf(way);
  return steps.flatMap(({ rule, because, before, after }) => {
    const path = after?.request.path;
    if (rule === undefined || path === undefined) return [];
    const changed = path === before?.request.path ? '' : `, as \`${path}\``;
    const message = `${describe(rule.object)} sends it ${because}${changed}`;
    if (isEmitted(rule.object))
      return { message: `${message} (${manifestLine(rule.object, rule.place)})`, isStep: true };
    return { message, span: spanIn(rule.object, rule.place), isStep: true };
  });
}

/** What an enforcement point did with the witness, and the place of the policy that made it do so. */
export function hopNote({ hop, outcome, policies }: HopTrace, isEmitted: Surroundings['isEmitted']): Note {
  const { point } = hop;
  const place = point.kind === 'waypoint' ? point.waypoint : point.kind === 'gateway' ? point.gateway : point.workload;
  const message = `${point.kind} at ${keyOf(place)}: ${verdicts[outcome.kind]}, ${outcome.because}`;
  const decisive = decisivePolicy(policies);
  if (decisive === undefined) return { message, isStep: true };
  const { object } = decisive.policy;
  const part = decisive.rules.find(({ matched }) => matched === 'yes')?.place ?? ['metadata', 'name'];
  if (isEmitted(object)) return { message: `${message} (${manifestLine(object, part)})`, isStep: true };
  return { message, span: spanIn(object, part), isStep: true };
}

const verdicts = { passes: 'let through', denied: 'denied', unknown: 'not known' } as const;

/** A denial that matches, else the ALLOW that does, else one of those that do not. */
function decisivePolicy(policies: readonly PolicyTrace[]): PolicyTrace | undefined {
  const find = (action: string, matched: boolean) =>
    policies.find((policy) => policy.action === action && (policy.matched === 'yes') === matched);
  return find('DENY', true) ?? find('ALLOW', true) ?? find('ALLOW', false);
}

function doubtDiagnostic({ fact, demands }: Doubt): Diagnostic {
  const members = demands.map(({ workload, allow, defaults }) => {
    const [said] = [...allow.map(({ rule }) => rule), ...defaults];
    return { name: `\`${keyOf(workload)}\``, key: keyInMesh(workload), span: said?.origin.span ?? null };
  });
  return ofMembers(diagnostic('not-proved', { workloads: '', fact }, null), 'workloads', members);
}

function undecidedDiagnostic({ policy, demands }: Undecided): Diagnostic {
  return tooLargeDiagnostic(
    policy,
    demands.map(({ workload }) => `\`${keyOf(workload)}\``),
  );
}
