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

export function comparedRoutes({ standing, requests }: PreparedRoutes, answer: JudgeAnswer): readonly Followed[] {
  return compareAll(modelOf(standing), requests, answer);
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
