import type { Mesh } from '../../../src/mesh/mesh.js';
import type { Request } from '../../../src/mesh/request.js';
import { judgeCaseOf } from '../ask/judge-case.js';
import { type Extent, type Questions, questionsOf, requestsOf } from '../ask/questions.js';
import { modelOf, ofRelease, type Standing } from '../cases/standing.js';
import type { JudgeAnswer, JudgeCase, JudgeEnd, RequestAnswer } from '../contract.js';
import { judgedRelease } from '../release.js';
import { type Compared, compare } from './compare.js';
import { askModel } from './model-answer.js';

/** A case that is ready to be judged. */
export interface Prepared {
  readonly standing: Standing;
  readonly mesh: Mesh;
  readonly questions: Questions;
  readonly requests: readonly Request[];
  readonly judged: JudgeCase;
}

/** Nothing where there is nobody to call, and where a Mesh document sets flags: the judge runs with those of a release. */
export function prepare(given: Standing, extent: Omit<Extent, 'seed'>): Prepared | undefined {
  const standing = ofRelease(given, judgedRelease);
  const mesh = modelOf(standing);
  const questions = questionsOf(mesh, standing.cluster, standing.objects, { ...extent, seed: standing.name });
  const requests = requestsOf(questions);
  if (requests.length === 0 || hasFlags(mesh)) return undefined;
  return { standing, mesh, questions, requests, judged: judgeCaseOf(standing, mesh, requests) };
}

/** A case of which only admission and analyzers are asked. */
export function unasked(given: Standing): Pick<Prepared, 'judged'> {
  const standing = ofRelease(given, judgedRelease);
  return { judged: judgeCaseOf(standing, modelOf(standing), []) };
}

function hasFlags({ topology }: Mesh): boolean {
  return topology.clusters.some(({ settings }) => Object.keys(settings.istio.flags).length > 0);
}

export function comparedWith({ mesh, requests }: Prepared, answer: JudgeAnswer): Compared[] {
  const answers = new Map(answer.requests.map((given) => [given.id, given]));
  return requests.map((request, id) => {
    const given = answers.get(id);
    if (given === undefined) throw new Error(`${answer.name}: no answer to request ${id}`);
    const judge =
      isAdmittedAlike(answer) && !isDrawn(mesh, request, given, answer) ? wordOf(request, given) : 'not-covered';
    return compare(request, askModel(mesh, request), { ...given, judge });
  });
}

/** `kubectl` has objects with unknown fields refused, as the judge does, while other tools have the server drop the fields. */
function isAdmittedAlike({ refused = [] }: JudgeAnswer): boolean {
  return !refused.some((line) => line.includes('unknown fields'));
}

/** Of weights of connections the judge takes the first, so that what comes to another pod may as well come to this one. */
function isDrawn(
  { clusters }: Mesh,
  { destination }: Request,
  given: RequestAnswer,
  { dropped = {} }: JudgeAnswer,
): boolean {
  if (destination.kind !== 'service' || dropped['weights of a TCP route'] === undefined) return false;
  const service = clusters.get(destination.cluster)?.cluster.services.get(destination.service);
  const port = service?.ports.find(({ number }) => number === destination.port);
  return port?.layer === 'tcp' && given.judge === 'allowed' && !isAt(destination, given);
}

/** A request that reaches another pod than it asks for has no way to that one. */
function wordOf({ destination }: Request, given: RequestAnswer): string {
  const { judge, ends = [] } = given;
  if (destination.kind === 'gateway' || destination.kind === 'external') return ends.length > 1 ? 'not-covered' : judge;
  if (ends.length > 1) return wordOfDraw(destination.workload, ends);
  return judge !== 'allowed' || isAt(destination, given) ? judge : 'no-path';
}

/** Where routes draw by weight, what leads to the pod counts, and all of it must agree; of nothing, what becomes of the request instead. */
function wordOfDraw(workload: string, ends: readonly JudgeEnd[]): string {
  const leading = ends.filter(({ pods = [] }) => pods.includes(workload));
  const words = (leading.length > 0 ? leading : ends).map(({ judge, pod }) =>
    judge === 'allowed' && pod !== workload ? 'no-path' : judge,
  );
  const [first = 'not-covered', ...others] = words;
  const isAgreed = others.every((word) => word !== 'not-covered' && (word === 'allowed') === (first === 'allowed'));
  return isAgreed ? first : 'not-covered';
}

function isAt({ workload }: { readonly workload: string }, { detail }: RequestAnswer): boolean {
  return detail.some((line) => line.startsWith(`at ${workload}:`));
}
