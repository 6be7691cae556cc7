import type { TooLargeAnswer } from '../algebra/answers.js';
import { comparersOf } from '../algebra/lane.js';
import { anyMember, type RequestSet } from '../algebra/request-set.js';
import { tooLarge } from '../algebra/too-large.js';
import { requestAt } from '../algebra/witness.js';
import type { Decision } from '../mesh/decide/decision.js';
import { decide, decideEach } from '../mesh/decide.js';
import type { Fault } from '../mesh/fault-names.js';
import type { Mesh } from '../mesh/mesh.js';
import { proxyPorts } from '../mesh/paths/capture.js';
import { namedInTls } from '../mesh/paths/onward.js';
import type { Request } from '../mesh/request.js';
import { settingsOfDecision } from '../mesh/routes/settings/of-decision.js';
import type { ResolvedGuardrail } from '../resolve/resolved-guardrail.js';
import { isNamed } from './caller-sets.js';
import { doubtOf } from './doubt.js';
import { exampleOf } from './example.js';
import { type LaneFinding, laneJudge } from './judge-lane.js';
import { trafficJudge } from './judge-traffic.js';
import { lanesTo } from './lanes.js';
import type { TestOutcome, Unexpected } from './outcome.js';
import type { Situation } from './situation.js';
import { keptOn } from './traffic-claim.js';
import { trafficLanesTo } from './traffic-lanes.js';

/** Judges one check of a guardrail: as the deployment is, and then with each of its faults. */
export function judgeGuardrail(
  situationOf: (fault: Fault | undefined) => Situation,
  check: ResolvedGuardrail,
): TestOutcome {
  const sound = judgeUnder(situationOf(undefined), check);
  const verdicts = [sound, ...check.faults.map((fault) => judgeUnder(situationOf(fault), check))];
  const decisive =
    verdicts.find(({ status }) => status === 'failed') ?? verdicts.find(({ status }) => status === 'undecided');
  const { guardrail, name, modality, span, reason } = check;
  const { leavesOut, ...verdict } = decisive ?? sound;
  return {
    kind: 'Guardrail',
    document: guardrail,
    name,
    claim: `${modality} ${name}`,
    span,
    reason,
    leavesOut: leavesOut ? 'callers in other clusters' : undefined,
    ...verdict,
  };
}

type Verdict = Pick<TestOutcome, 'status' | 'because' | 'example' | 'help' | 'fault'> & { readonly leavesOut: boolean };

function judgeUnder(situation: Situation, check: ResolvedGuardrail): Verdict {
  const judge =
    check.traffic === undefined ? laneJudge(situation, check) : trafficJudge(situation, check, check.traffic);
  const lanesOf = check.traffic === undefined ? lanesTo : trafficLanesTo;
  const answers = check.targets.flatMap((target) =>
    lanesOf(situation, check, target).map((lane) =>
      situation.ask(comparersOf(situation.planOf(lane)), () => judge(target, lane)),
    ),
  );
  const findings = answers.flatMap((answer) => (answer.kind === 'decided' ? [answer.value] : []));
  const undecided = answers.find((answer) => answer.kind === 'too-large');
  const leavesOut = findings.some((finding) => finding.leavesOut);
  return { ...conclude(situation, check, findings, undecided), fault: situation.fault, leavesOut };
}

function conclude(
  situation: Situation,
  check: ResolvedGuardrail,
  findings: readonly LaneFinding[],
  undecided: TooLargeAnswer | undefined,
): Pick<Verdict, 'status' | 'because' | 'example' | 'help'> {
  const { mesh } = situation;
  const show = (set: 'broken' | 'doubtful'): Shown | undefined => {
    for (const finding of findings) {
      const request = requestOf(finding, finding[set], check);
      if (request !== undefined) return shownOf(mesh, namedInTls(mesh, request), check, set);
    }
    return undefined;
  };
  const broken = show('broken');
  if (broken !== undefined) {
    const { decision, because, unexpected } = broken;
    return {
      status: 'failed',
      because,
      example: exampleOf(situation, decision, unexpected),
      ...helpFor(decision, mesh),
    };
  }
  if (undecided !== undefined) {
    return { status: 'undecided', because: `not decided: ${tooLarge(undecided.policy)}`, example: undefined };
  }
  const doubtful = show('doubtful');
  if (doubtful !== undefined) {
    return { status: 'undecided', because: doubtful.because, example: exampleOf(situation, doubtful.decision) };
  }
  if (!findings.some(({ isAboutSomething }) => isAboutSomething)) {
    return { status: 'vacuous', because: 'there is no request that it speaks about', example: undefined };
  }
  return { status: 'passed', because: wordsOfPass(check), example: undefined };
}

function wordsOfPass({ modality, traffic }: ResolvedGuardrail): string {
  if (traffic !== undefined) return 'every proxy on the way of such a request keeps to it';
  return modality === 'always' ? 'every such request passes' : 'no such request can pass';
}

/** The request that decides, and what of it does. */
interface Shown {
  readonly decision: Decision;
  readonly because: string;
  readonly unexpected: readonly Unexpected[];
}

function shownOf(mesh: Mesh, request: Request, { traffic }: ResolvedGuardrail, set: 'broken' | 'doubtful'): Shown {
  const decision = decide(mesh, request);
  const because = set === 'broken' ? decision.because : doubtOf(decision);
  if (traffic === undefined) return { decision, because, unexpected: [] };
  const shown = onWays(mesh, request).map((each) => ({ each, kept: keptOn(settingsOfDecision(mesh, each), traffic) }));
  const broken = shown.find(({ kept }) => kept.kind === 'broken') ?? shown.find(({ kept }) => kept.kind === 'unknown');
  if (broken === undefined || broken.kept.kind === 'kept') return { decision, because, unexpected: [] };
  const { each, kept } = broken;
  if (kept.kind === 'unknown') return { decision: each, because: kept.why, unexpected: [] };
  return { decision: each, because: kept.unexpected.map(({ what }) => what).join('; '), unexpected: kept.unexpected };
}

/** Of what routes draw by weight each part counts. */
function onWays(mesh: Mesh, request: Request): readonly Decision[] {
  return request.destination.kind === 'gateway' ? [decide(mesh, request)] : decideEach(mesh, request);
}

/** No rule reaches the ports that a sidecar serves itself, so that another is of no use. */
function helpFor({ request: { destination } }: Decision, { clusters }: Mesh): Pick<Verdict, 'help'> {
  if (destination.kind !== 'pod') return {};
  const workload = clusters.get(destination.cluster)?.cluster.workloads.get(destination.workload);
  if (workload === undefined || !proxyPorts(workload).includes(destination.port)) return {};
  return { help: 'write `except: [ProxyPorts]` into the check; only a NetworkPolicy can close these ports' };
}

/**
 * The first request of a set. Callers of one identity cannot be told apart, so of those the one is shown that the check
 * is about.
 */
function requestOf({ space, lane }: LaneFinding, set: RequestSet, check: ResolvedGuardrail): Request | undefined {
  const member = anyMember(set);
  const request = member && requestAt(space, lane, member);
  if (member === undefined || request === undefined) return undefined;
  const { ip } = request.source;
  const others = space.callers.classes[member[0] ?? 0]?.sources ?? [];
  const source = others.find((each) => isNamed(check.callers, each) === (check.modality !== 'only')) ?? request.source;
  return { ...request, source: ip === undefined ? source : { ...source, ip } };
}
