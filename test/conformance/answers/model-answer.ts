import type { Decision } from '../../../src/mesh/decide/decision.js';
import { decide } from '../../../src/mesh/decide.js';
import type { Mesh } from '../../../src/mesh/mesh.js';
import type { Request } from '../../../src/mesh/request.js';

/** What the model says of a request, in the judge's words. */
export interface ModelAnswer {
  readonly answer: string;
  /** Whether an external authorizer is asked on the way. */
  readonly asked: boolean;
  readonly because: string;
  readonly hops: readonly string[];
  /** Whether only a copy of the request comes there, which a route makes. */
  readonly isCopy?: true;
}

export function askModel(mesh: Mesh, request: Request): ModelAnswer {
  const decision = decide(mesh, request);
  const { verdict, because, way } = decision;
  return {
    answer: wordOf(verdict),
    asked: verdict.kind === 'allowed' && verdict.asks.length > 0,
    because,
    hops: hopsOf(decision),
    ...(way?.copy !== undefined && { isCopy: true }),
  };
}

function wordOf(verdict: Decision['verdict']): string {
  return verdict.kind === 'denied' ? verdict.response : verdict.kind;
}

function hopsOf({ trace }: Decision): readonly string[] {
  return trace.map(
    ({ hop, outcome }) =>
      `${hop.point.kind} ${hop.chain}, from ${hop.peer.kind}, port ${hop.port}: ${outcome.kind}, ${outcome.because}`,
  );
}
