import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Member } from '../../diagnostics/diagnostic.js';
import { isDoubt } from '../../diagnostics/doubts.js';
import { ofMembers, saidOfEach } from '../../diagnostics/members.js';
import { oncePer } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import { asWritten } from './ages.js';
import type { Phase, State } from './phase.js';

/** Something that is otherwise than the intents say, from one step to another. */
export interface Gap {
  readonly finding: Diagnostic;
  /** The first state with it; `undefined` where it is there before anything moves. */
  readonly since: { readonly phase: Phase; readonly state: State } | undefined;
  /** The step that ends it; `undefined` where nothing does. */
  readonly until: string | undefined;
  /** Whether it is there only while the step is taken back. */
  readonly isOnTheWayBack?: boolean;
}

export interface JudgedState {
  readonly phase: Phase;
  readonly state: State;
  readonly findings: readonly Diagnostic[];
}

/**
 * The same finding in phases that follow each other, from before anything moves on, is one gap. The states of a phase have no order
 * in which each leads to the next, so what comes and goes among them is one gap as well.
 */
export function gapsOf(judged: readonly JudgedState[], atStart: readonly Diagnostic[]): readonly Gap[] {
  const ended: GapOfOne[] = [];
  let open = new Map<string, OpenGap>(atStart.flatMap(partsOf).map((part) => [part.key, { part, since: undefined }]));
  for (const [phase, states] of groupBy(asToldAtStart(judged, atStart), (each) => each.phase)) {
    const all = new Map(open);
    for (const { state, findings } of states) {
      const since = { phase, state };
      for (const part of findings.flatMap(partsOf)) if (!all.has(part.key)) all.set(part.key, { part, since });
    }
    const last = states.at(-1)?.findings ?? [];
    const left = new Set(last.flatMap(partsOf).map(({ key }) => key));
    ended.push(...[...all].flatMap(([key, gap]) => (left.has(key) ? [] : [{ ...gap, until: phase.name }])));
    open = new Map([...all].filter(([key]) => left.has(key)));
  }
  return toldTogether([...ended, ...[...open.values()].map((gap) => ({ ...gap, until: undefined }))]);
}

/** What taking a phase back brings about, and neither the phase itself nor what it leads back to. */
export function gapsOnTheWayBack(
  returned: readonly JudgedState[],
  judged: readonly JudgedState[],
  atStart: readonly Diagnostic[],
): readonly Gap[] {
  const known = new Map<Phase, ReadonlySet<string>>();
  let before = atStart;
  for (const [phase, states] of groupBy(judged, (each) => each.phase)) {
    const found = [...before, ...states.flatMap(({ findings }) => findings)];
    known.set(phase, new Set(found.flatMap(partsOf).map(({ key }) => key)));
    before = states.at(-1)?.findings ?? [];
  }
  const gaps = new Map<string, GapOfOne>();
  for (const { phase, state, findings } of returned) {
    const since = { phase, state };
    for (const part of findings.filter(({ wasSo }) => !wasSo).flatMap(partsOf)) {
      const key = `${phase.name} ${part.key}`;
      if (known.get(phase)?.has(part.key) || gaps.has(key)) continue;
      gaps.set(key, { part, since, until: phase.name, isOnTheWayBack: true });
    }
  }
  return toldTogether([...gaps.values()]);
}

/** What a finding says of one of those of whom it is told: it may end for one of them before the others. */
interface Part {
  readonly finding: Diagnostic;
  readonly member: Member | undefined;
  /** What is said, of whomever. */
  readonly said: string;
  /** What is said, and of whom. */
  readonly key: string;
}

/** What was so before anything moved is never taken for what is new, whatever the two have in common in words. */
function partsOf(finding: Diagnostic): readonly Part[] {
  const said = `${finding.wasSo === true} ${saidOfEach(finding)}`;
  const members = finding.together?.members ?? [undefined];
  return members.map((member) => ({ finding, member, said, key: `${said} ${member?.key ?? member?.name}` }));
}

/** A gap for one of those of whom a finding is told. */
interface GapOfOne extends Omit<Gap, 'finding'> {
  readonly part: Part;
}

type OpenGap = Omit<GapOfOne, 'until'>;

/** What begins and ends together is one gap. */
function toldTogether(gaps: readonly GapOfOne[]): readonly Gap[] {
  const numberOf = oncePer((since: Gap['since']) => gaps.findIndex((each) => each.since === since));
  const alike = groupBy(gaps, ({ part, since, until }) => `${numberOf(since)} ${until} ${part.said}`);
  return [...alike.values()].flatMap((group) =>
    group.slice(0, 1).map(({ part: { finding }, ...gap }) => {
      const members = group.flatMap(({ part: { member } }) => member ?? []);
      const { together } = finding;
      return { ...gap, finding: together === undefined ? finding : ofMembers(finding, together.parameter, members) };
    }),
  );
}

/**
 * The states, with what was so before anything moved as it was told then, and in each until it is so for the last time: a state in
 * which something else refuses the same requests ends nothing.
 */
function asToldAtStart(judged: readonly JudgedState[], atStart: readonly Diagnostic[]): readonly JudgedState[] {
  const lasting = new Set<string | undefined>();
  const backwards = judged.toReversed().map(({ findings, ...rest }): JudgedState => {
    for (const { about } of findings.filter(({ wasSo }) => wasSo)) lasting.add(about);
    const known = atStart.filter(({ about, wasSo }) => wasSo && lasting.has(about));
    return { ...rest, findings: [...findings.filter(({ wasSo }) => !wasSo), ...known] };
  });
  return backwards.toReversed();
}

/**
 * What a policy by hand refuses before anything moves as well as afterwards is no matter of the move: the project knows of that policy.
 * Other gaps may be wider on the way than their first request shows.
 */
export function isOfTheMove({ finding, since, until }: Gap): boolean {
  return finding.name !== 'existing-policy-refuses' || since !== undefined || until !== undefined;
}

/** A gap as it is told, and as somebody may accept it. */
export function gapDiagnostic(gap: Gap): Diagnostic {
  const { finding, since } = gap;
  const name = nameOf(finding);
  const parameters = { when: whenOf(gap), finding: finding.message };
  const circles = since?.phase.circles ?? [];
  const help = finding.name.startsWith('network-policy-stops-')
    ? openingForTheMesh
    : circles.length > 0
      ? breakingTheCircle
      : undefined;
  return diagnostic(name, parameters, finding.span && asWritten(finding.span), {
    notes: [
      ...(since === undefined ? [] : [{ message: `while ${since.state.title}` }]),
      ...circles.map((circle) => ({ message: `no order leaves these calls as they are: ${inCircle(circle)}` })),
      ...finding.notes.map((note) => (note.span === undefined ? note : { ...note, span: asWritten(note.span) })),
    ],
    ...(finding.witness !== undefined && { witness: finding.witness }),
    ...(help !== undefined && { help }),
  });
}

/** Any policy that selects a pod may be named as the one that stops a call; what is missing is always the same. */
const openingForTheMesh =
  'let callers and waypoints in on TCP 15008 in the NetworkPolicies of these pods before you begin, or accept it';

const breakingTheCircle =
  'let one of these calls need a rule about its caller alone, or no rule where nobody makes it; else accept it where the rule is written';

function inCircle(circle: readonly string[]): string {
  const names = circle.map((workload) => `\`${workload.slice(workload.indexOf('/') + 1)}\``);
  return [...names, ...names.slice(0, 1)].join(' → ');
}

function whenOf({ since, until, isOnTheWayBack = false }: Gap): string {
  if (since === undefined) {
    return until === undefined
      ? 'before anything moves, and no step ends it'
      : `until ${until}, as before anything moves`;
  }
  const { name } = since.phase;
  if (isOnTheWayBack) return `while ${name} is taken back`;
  if (until === undefined) return `from ${name} on, and no later step ends it`;
  return name === until ? `within ${name}` : `from ${name} until ${until}`;
}

type GapName = 'migration-opens' | 'migration-closes' | 'migration-otherwise' | 'migration-unknown';

function nameOf(finding: Diagnostic): GapName {
  const { name } = finding;
  if (name === 'lets-through-too-much') return 'migration-opens';
  if (name === 'lets-through-too-little' || name === 'existing-policy-refuses') return 'migration-closes';
  return isDoubt(finding) ? 'migration-unknown' : 'migration-otherwise';
}
