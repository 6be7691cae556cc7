import { type Bits, bitsWhere, none } from '../algebra/bits.js';
import type { CallerClass, Callers } from '../algebra/callers.js';
import { where } from '../algebra/conditions.js';
import type { Constants } from '../algebra/constants.js';
import type { LanePlan, Way } from '../algebra/lane.js';
import { boxSet, emptySet, intersect, type RequestSet, union } from '../algebra/request-set.js';
import type { Space } from '../algebra/space.js';
import { contains, parseAddress, parseBlock } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import { describeSource, type Source } from '../mesh/request.js';
import type { Source as ResolvedSource } from '../resolve/resolved.js';
import type { MeantCaller } from '../resolve/resolved-guardrail.js';

/**
 * How a class of callers counts of which some are meant and some are not: with `some` the class is meant, which is right
 * for what is forbidden or required; with `every` it is not, which is right for what is exempt.
 */
export type Reading = 'some' | 'every';

/** Callers as dimension 0 knows them, and perhaps their addresses; or whoever arrives in plaintext. */
type CallerCut =
  | { readonly kind: 'callers'; readonly bits: Bits; readonly blocks: readonly string[] | undefined }
  | { readonly kind: 'plaintext' };

/** The requests of some callers, on any lane. Made once a check: who is meant does not depend on the lane. */
export function callerSets(
  meant: readonly MeantCaller[],
  { classes }: Callers,
  reading: Reading,
): (space: Space, plan: LanePlan) => RequestSet {
  const cuts = meant.flatMap((caller) => cutsOf(caller, classes, reading));
  return (space, plan) =>
    union(
      emptySet(space.shape),
      ...cuts.map((cut) => (cut.kind === 'plaintext' ? plaintextSet(space, plan, reading) : addressSet(space, cut))),
    );
}

/** Whether only callers from outside the mesh are meant. */
export function isFromOutside({ kind }: MeantCaller): boolean {
  return kind === 'fromOutside' || kind === 'external';
}

/** The address blocks that callers are told apart by, those of outside callers included. */
export function callerConstants(meant: readonly MeantCaller[], { topology }: Mesh): Constants {
  const blocks = meant.flatMap((caller) => ('ipBlocks' in caller ? caller.ipBlocks : []));
  if (blocks.length === 0) return new Map();
  const known = topology.mesh.callers.flatMap(({ ipBlocks }) => ipBlocks);
  return new Map([['source.ip', [...blocks, ...known].map((block) => ({ kind: 'block', block }) as const)]]);
}

/** Whether a check names a source, by a name that means workloads or gateways. */
export function isNamed(meant: readonly MeantCaller[], source: Source): boolean {
  return meant.some((caller) => caller.kind === 'sources' && namesOf(caller.sources).has(nameOf(source)));
}

function cutsOf(caller: MeantCaller, classes: readonly CallerClass[], reading: Reading): readonly CallerCut[] {
  const where = (holds: (each: CallerClass) => boolean, blocks?: readonly string[]): CallerCut => {
    const bits = bitsWhere(classes.length, (index) => {
      const each = classes[index];
      return each !== undefined && holds(each);
    });
    return { kind: 'callers', bits, blocks };
  };
  switch (caller.kind) {
    case 'anyone':
      return [where(() => true)];
    case 'anyAuthenticated':
      return [where((each) => each.caller.identity !== null)];
    case 'plaintext':
      return [{ kind: 'plaintext' }];
    case 'fromOutside':
      return [where(({ source }) => source.kind === 'outside')];
    case 'namespace':
      return [where((each) => each.caller.namespace === caller.namespace)];
    case 'outside':
      return [where((each) => !caller.namespaces.includes(each.caller.namespace ?? ''))];
    case 'addresses':
      return [where(() => true, caller.ipBlocks)];
    case 'external': {
      const named = where(({ source }) => source.kind === 'outside' && source.name === caller.name);
      // The mesh knows such a caller by its address alone: whoever has that address is exempt with it.
      const alike = where((each) => reading === 'every' || each.source.kind === 'outside', caller.ipBlocks);
      return caller.ipBlocks.length === 0 ? [named] : [named, alike];
    }
    case 'sources': {
      const names = namesOf(caller.sources);
      return [where(({ sources }) => sources[reading]((source) => names.has(nameOf(source))))];
    }
  }
}

function nameOf(source: Source): string {
  return source.kind === 'outside' ? source.name : `${source.cluster}/${describeSource(source)}`;
}

/** A classic gateway is a workload and a gateway at once. */
function namesOf(sources: readonly ResolvedSource[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ cluster, name }) => [
      nameOf({ kind: 'workload', cluster, workload: name }),
      nameOf({ kind: 'gateway', cluster, gateway: name }),
    ]),
  );
}

function addressSet(space: Space, { bits, blocks }: Extract<CallerCut, { kind: 'callers' }>): RequestSet {
  const own = boxSet(space.shape, new Map([[0, bits]]));
  if (blocks === undefined || !space.positions.has('source.ip')) return own;
  const ranges = blocks.flatMap((block) => parseBlock(block) ?? []);
  const isWithin = ([value]: readonly string[]) => {
    const address = parseAddress(value ?? '');
    return address !== undefined && ranges.some((range) => contains(range, address));
  };
  return intersect(own, where(space, 'source.ip', isWithin));
}

/** Callers whose bytes reach the pod without mutual TLS. Where the way is not known, it depends on the reading. */
function plaintextSet(space: Space, { ways }: LanePlan, reading: Reading): RequestSet {
  const bits = ways
    .filter((way) => (way.stop === undefined ? arrivesInPlaintext(way) : reading === 'some'))
    .reduce((found, way) => found | way.callers, none);
  return boxSet(space.shape, new Map([[0, bits]]));
}

/** The last hop tells: nobody's certificate, or nothing at the pod that could ask for one. */
function arrivesInPlaintext({ gates }: Way): boolean {
  const last = gates[gates.length - 1]?.hop;
  return last === undefined || last.point.kind === 'waypoint' || last.peer.kind === 'nobody';
}
