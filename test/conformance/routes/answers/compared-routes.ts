import { refusalsOf } from '../../../../src/mesh/admission/admission.js';
import type { Mesh } from '../../../../src/mesh/mesh.js';
import type { Request } from '../../../../src/mesh/request.js';
import { judgeCaseOf } from '../../ask/judge-case.js';
import { modelOf, ofRelease } from '../../cases/standing.js';
import type { JudgeAnswer, JudgeCase } from '../../contract.js';
import { judgedRelease } from '../../release.js';
import { routedRequests } from '../ask/requests.js';
import type { RoutedStanding } from '../cases/routed.js';
import { compareEnds, type Followed } from './compare-ends.js';
import { configurationOf } from './compare-settings.js';
import { modelEnds } from './model-ends.js';

/** A case of routes that is ready to be judged. */
export interface PreparedRoutes {
  readonly standing: RoutedStanding;
  readonly requests: readonly Request[];
  readonly judged: JudgeCase;
}

export function prepareRoutes(given: RoutedStanding, count: number): PreparedRoutes {
  const standing = { ...given, ...ofRelease(given, judgedRelease) };
  const mesh = modelOf(standing);
  const requests = routedRequests(mesh, standing, count);
  const judged = judgeCaseOf(standing, mesh, requests);
  return {
    standing,
    requests,
    judged: { ...judged, requests: judged.requests.map((each) => ({ ...each, follow: true })) },
  };
}

/** What the API server refuses is in no cluster. */
export function admitted(standing: RoutedStanding, { refused = [] }: Pick<JudgeAnswer, 'refused'>): RoutedStanding {
  const names = new Set(refused.map(refusedName));
  return { ...standing, objects: standing.objects.filter((object) => !names.has(nameOf(object))) };
}

function refusedName(line: string): string {
  return line.slice(0, line.indexOf(':'));
}

function nameOf({ kind, metadata }: RoutedStanding['objects'][number]): string {
  return `${kind} ${Object(metadata).namespace}/${Object(metadata).name}`;
}

/** Where only one side refuses an object, a sentence each. */
export function admittedOtherwise(
  { standing }: PreparedRoutes,
  { refused = [] }: Pick<JudgeAnswer, 'refused'>,
): string[] {
  const routes = modelOf(standing).clusters.get(standing.cluster)?.cluster.routes ?? [];
  return routes.flatMap((object) => {
    const name = `${object.kind} ${object.namespace}/${object.name}`;
    const [complaint] = refusalsOf(object, judgedRelease);
    const line = refused.find((each) => refusedName(each) === name);
    if ((complaint === undefined) === (line === undefined)) return [];
    return [`${name}: ${complaint?.why ?? 'admitted'}, and Istio: ${line ?? 'admitted'}`];
  });
}

export function comparedRoutes({ standing, requests }: PreparedRoutes, answer: JudgeAnswer): readonly Followed[] {
  return compareAll(modelOf(admitted(standing, answer)), requests, answer);
}

function compareAll(mesh: Mesh, requests: readonly Request[], answer: JudgeAnswer): Followed[] {
  const { name } = answer;
  const configuration = configurationOf(answer);
  const byId = new Map(answer.requests.map((given) => [given.id, given]));
  return requests.map((request, id) => {
    const given = byId.get(id);
    if (given === undefined) throw new Error(`${name}: no answer to request ${id}`);
    return compareEnds(request, modelEnds(mesh, request), given, configuration);
  });
}
