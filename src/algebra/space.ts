import { isTokenAttribute } from '../mesh/fields.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import { groupBy, sortBy } from '../util/order.js';
import type { Callers } from './callers.js';
import { type Constants, type Dimension, dimensionOf } from './dimension.js';
import type { Shape } from './request-set.js';

/** All requests to one destination, cut into classes: dimension 0 is the caller, the others are attributes. */
export interface Space {
  readonly callers: Callers;
  /** In the order of the shape, after the caller. */
  readonly dimensions: readonly Dimension[];
  readonly positions: ReadonlyMap<Attribute, number>;
  readonly shape: Shape;
}

/**
 * Makes the space that some constants call for. An attribute that nobody compares needs no dimension, and an attribute
 * that is compared alike at many destinations is cut once.
 */
export function spaces(callers: Callers): (constants: Constants) => Space {
  const makeSpace = spaceMaker();
  return (constants) => makeSpace(callers, constants);
}

/** Likewise where the callers differ from space to space. */
export function spaceMaker(): (callers: Callers, constants: Constants) => Space {
  const cuts = new Map<string, Dimension>();
  const cut = (attribute: Attribute, matchers: readonly Matcher[]): Dimension => {
    const key = JSON.stringify([attribute, matchers]);
    const dimension = cuts.get(key) ?? dimensionOf(attribute, matchers);
    cuts.set(key, dimension);
    return dimension;
  };
  return (callers, constants) => spaceOf(callers, constants, cut);
}

function spaceOf(callers: Callers, constants: Constants, cut: typeof dimensionOf): Space {
  const compared = [...completed(constants)].filter(([attribute]) => isFree(attribute));
  const dimensions = sortBy(compared, ([attribute]) => attribute).map(([attribute, matchers]) =>
    cut(attribute, matchers),
  );
  return {
    callers,
    dimensions,
    positions: new Map(dimensions.map(({ attribute }, index) => [attribute, index + 1])),
    shape: { sizes: [callers.classes.length, ...dimensions.map(({ atoms }) => atoms.length)] },
  };
}

/** What a caller chooses for itself. Its certificate is dimension 0; ports and addresses of destinations are given. */
function isFree(attribute: Attribute): boolean {
  return attribute === 'source.ip' || attribute.startsWith('request.');
}

/** Whether there is a token at all is told by its principal, so anything about tokens brings that dimension along. */
function completed(constants: Constants): Constants {
  const needs = [...constants.keys()].some(isTokenAttribute);
  return needs ? mergeConstants([constants, new Map([['request.auth.principal', []]])]) : constants;
}

/** All constants together, each once. */
export function mergeConstants(all: readonly Constants[]): Constants {
  const lists = groupBy(
    all.flatMap((constants) => [...constants]),
    ([attribute]) => attribute,
  );
  return new Map(
    [...lists].map(([attribute, list]) => [attribute, distinct(list.flatMap(([, matchers]) => matchers))]),
  );
}

function distinct(matchers: readonly Matcher[]): readonly Matcher[] {
  if (matchers.length < 2) return matchers;
  return [...new Map(matchers.map((matcher) => [JSON.stringify(matcher), matcher])).values()];
}
