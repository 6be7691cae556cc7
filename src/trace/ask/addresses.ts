import { addressAtoms } from '../../algebra/address-atoms.js';
import { callersAmong } from '../../algebra/callers.js';
import { constantsOf, planLane } from '../../algebra/lane.js';
import { blocksOf } from '../../algebra/universe.js';
import type { Decision, Verdict } from '../../mesh/decide/decision.js';
import { decideUnder, type Fault } from '../../mesh/faults.js';
import { isInBlocks } from '../../mesh/ip.js';
import type { Mesh } from '../../mesh/mesh.js';
import { callerOf } from '../../mesh/paths/caller.js';
import type { Request } from '../../mesh/request.js';
import { groupBy } from '../../util/order.js';

/**
 * A request as its caller can send it: one for each class of its declared addresses that policies tell apart. The request
 * itself where the caller has none, where somebody chose one, and where no policy compares them.
 */
export function fromDeclaredAddresses(mesh: Mesh, request: Request): readonly Request[] {
  const { source } = request;
  const blocks = source.kind === 'outside' && source.ip === undefined ? blocksOf(mesh.topology, source.name) : [];
  const addresses = blocks.length === 0 ? [] : comparedAddresses(mesh, request).filter((ip) => isInBlocks(ip, blocks));
  return addresses.length === 0 ? [request] : addresses.map((ip) => ({ ...request, source: { ...source, ip } }));
}

/** One address for each set of blocks that policies on the way of a request compare its sender with. */
function comparedAddresses(mesh: Mesh, { source, destination, payload }: Request): readonly string[] {
  const caller = callerOf(mesh, source);
  if (caller.kind !== 'caller') return [];
  const callers = callersAmong([{ caller, source, sources: [source], members: [] }]);
  const constants = constantsOf(mesh, planLane(mesh, callers, { destination, payload: payload.kind }));
  return addressAtoms(constants.get('source.ip') ?? []).map(({ text }) => text);
}

/** An answer, and the answers of single addresses where the declared ones of the caller do not get the same. */
interface Answer {
  readonly decision: Decision;
  readonly apart: readonly Decision[];
}

export function decideForAddresses(mesh: Mesh, request: Request, broken: readonly Fault[]): Answer {
  const decisions = fromDeclaredAddresses(mesh, request).map((each) => decideUnder(mesh, each, broken));
  const answers = [...groupBy(decisions, ({ verdict }) => answerOf(verdict)).values()].flatMap(
    ([first]) => first ?? [],
  );
  const [first, ...others] = answers;
  if (first !== undefined && others.length === 0) return { decision: first, apart: [] };
  return { decision: decideUnder(mesh, request, broken), apart: answers };
}

function answerOf(verdict: Verdict): string {
  return verdict.kind === 'allowed' ? `allowed ${verdict.asks.join()}` : verdict.kind;
}
