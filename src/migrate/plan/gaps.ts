import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { groupBy } from '../../util/order.js';
import type { Phase, State } from './phase.js';
import { doubts } from './prove-state.js';

/** Something that is otherwise than the intents say, from one step to another. */
export interface Gap {
  readonly finding: Diagnostic;
  /** The steps with it: `04-restart`, and what the state is called. */
  readonly since: { readonly phase: string; readonly state: string };
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

/** The same finding in states that follow each other is one gap. */
export function gapsOf(judged: readonly JudgedState[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let open = new Map<string, Omit<Gap, 'until'>>();
  for (const { phase, state, findings } of judged) {
    const still = new Map<string, Omit<Gap, 'until'>>();
    for (const finding of findings) {
      const key = keyOf(finding);
      still.set(key, open.get(key) ?? { finding, since: { phase: phase.name, state: state.title } });
    }
    for (const [key, gap] of open) if (!still.has(key)) gaps.push({ ...gap, until: phase.name });
    open = still;
  }
  return [...gaps, ...[...open.values()].map((gap) => ({ ...gap, until: undefined }))];
}

/** What taking a phase back brings about, and neither the phase itself nor what it leads back to. */
export function gapsOnTheWayBack(returned: readonly JudgedState[], judged: readonly JudgedState[]): readonly Gap[] {
  const known = new Map<Phase, ReadonlySet<string>>();
  let before: readonly Diagnostic[] = [];
  for (const [phase, states] of groupBy(judged, (each) => each.phase)) {
    known.set(phase, new Set([...before, ...states.flatMap(({ findings }) => findings)].map(keyOf)));
    before = states.at(-1)?.findings ?? [];
  }
  const gaps = new Map<string, Gap>();
  for (const { phase, state, findings } of returned) {
    for (const finding of findings.filter((each) => known.get(phase)?.has(keyOf(each)) !== true)) {
      const key = `${phase.name} ${keyOf(finding)}`;
      const since = { phase: phase.name, state: state.title };
      if (!gaps.has(key)) gaps.set(key, { finding, since, until: phase.name, isOnTheWayBack: true });
    }
  }
  return [...gaps.values()];
}

function keyOf({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

/** A gap as it is told, and as somebody may accept it. */
export function gapDiagnostic(gap: Gap): Diagnostic {
  const { finding, since } = gap;
  const name = nameOf(finding);
  const parameters = { when: whenOf(gap), finding: finding.message };
  const help = finding.name.startsWith('network-policy-stops-') ? openingForTheMesh : undefined;
  return diagnostic(name, parameters, finding.span, {
    notes: [{ message: `while ${since.state}` }, ...finding.notes],
    ...(finding.witness !== undefined && { witness: finding.witness }),
    ...(help !== undefined && { help }),
  });
}

/** Any policy that selects a pod may be named as the one that stops a call; what is missing is always the same. */
const openingForTheMesh =
  'let callers and waypoints in on TCP 15008 in the NetworkPolicies of these pods before you begin, or accept it';

function whenOf({ since: { phase: since }, until, isOnTheWayBack = false }: Gap): string {
  if (isOnTheWayBack) return `while ${since} is taken back`;
  if (until === undefined) return `from ${since} on, and no later step ends it`;
  return since === until ? `within ${since}` : `from ${since} until ${until}`;
}

type GapName = 'migration-opens' | 'migration-closes' | 'migration-otherwise' | 'migration-unknown';

function nameOf({ name }: Diagnostic): GapName {
  if (name === 'lets-through-too-much') return 'migration-opens';
  if (name === 'lets-through-too-little' || name === 'existing-policy-refuses') return 'migration-closes';
  return doubts.has(name) ? 'migration-unknown' : 'migration-otherwise';
}
