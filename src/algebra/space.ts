import { isTokenAttribute } from '../mesh/fields.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Matcher } from '../mesh/policies/matcher.js';
import type { Attribute } from '../mesh/view.js';
import type { PathNormalization } from '../parse/mesh.js';
import { sortBy } from '../util/order.js';
import type { Callers } from './callers.js';
import { type Constants, mergeConstants } from './constants.js';
import { type Dimension, isList, isText, languageOf, valueDimension } from './dimension.js';
import { answerTo, dimensionLimit, nodeLimit, TooLarge } from './limits.js';
import { type ListElements, listElements } from './list-elements.js';
import { matcherKey } from './matcher-key.js';
import { type Shape, shapeOf } from './request-set.js';

/** All requests to one destination, cut into classes: dimension 0 is the caller, the others are attributes. */
export interface Space {
  readonly callers: Callers;
  /** In the order of the shape, after the caller. */
  readonly dimensions: readonly Dimension[];
  /** The dimension of each attribute that has one value. */
  readonly positions: ReadonlyMap<Attribute, number>;
  /** The lists, and the dimension of the first test of each. */
  readonly lists: ReadonlyMap<Attribute, List>;
  readonly shape: Shape;
}

export interface List {
  readonly elements: ListElements;
  readonly first: number;
}

/**
 * Makes the space that some constants call for. An attribute that nobody compares needs no dimension, and an attribute
 * that is compared alike at many destinations is cut once.
 */
export function spaces(mesh: Mesh, callers: Callers): (constants: Constants) => Space {
  const makeSpace = spaceMaker(mesh, Number.POSITIVE_INFINITY);
  return (constants) => makeSpace(callers, constants);
}

/**
 * Likewise where the callers differ from space to space. Who compares the same callers by the same constants shares a
 * space, if it is one of the last few: the addresses of one workload follow each other.
 */
export function spaceMaker(mesh: Mesh, kept = 4): (callers: Callers, constants: Constants) => Space {
  const paths = pathsIn(mesh);
  const cuts = new Map<string, readonly Dimension[]>();
  const made = new Map<string, Space>();
  const cut = (attribute: Attribute, matchers: readonly Matcher[]) => {
    const key = keyOf(attribute, matchers);
    const known = cuts.get(key) ?? dimensionsOf(attribute, matchers, paths);
    cuts.set(key, known);
    return known;
  };
  return (callers, constants) => {
    const compared = inOrder(constants);
    const key = compared.map(([attribute, matchers]) => keyOf(attribute, matchers)).join('\n');
    const space = made.get(key);
    if (space?.callers === callers && hasRoom(space)) return space;
    const fresh = answerTo(() => {
      const dimensions = compared.flatMap(([attribute, matchers]) => cut(attribute, matchers));
      return spaceOf(callers, dimensions, () => new TooLarge(new Map(compared)));
    });
    if (fresh instanceof TooLarge) throw new TooLarge(new Map(compared));
    made.delete(key);
    made.set(key, fresh);
    for (const oldest of made.keys()) if (made.size > kept) made.delete(oldest);
    return fresh;
  };
}

/** What a comparison may need is left over. */
function hasRoom({ shape }: Space): boolean {
  return shape.diagrams.size() < nodeLimit / 4;
}

function keyOf(attribute: Attribute, matchers: readonly Matcher[]): string {
  return `${attribute} ${matchers.map(matcherKey).join()}`;
}

/** Clusters that rewrite paths differently have all absolute paths in common. */
function pathsIn({ clusters }: Mesh): PathNormalization {
  const [first, ...others] = new Set(
    [...clusters.values()].map(({ cluster }) => cluster.settings.istio.pathNormalization),
  );
  return first === undefined || others.length > 0 ? 'NONE' : first;
}

function dimensionsOf(
  attribute: Attribute,
  matchers: readonly Matcher[],
  paths: PathNormalization,
): readonly Dimension[] {
  if (!isList(attribute)) return [valueDimension(attribute, matchers, paths)];
  const elements = listElements(matchers.filter(isText), languageOf(attribute, paths));
  return [...elements.tests.keys()].map((test) => ({ kind: 'element', attribute, elements, test }));
}

function spaceOf(callers: Callers, dimensions: readonly Dimension[], exceeded: () => Error): Space {
  if (dimensions.length > dimensionLimit) throw exceeded();
  const placed = dimensions.map((dimension, index) => ({ dimension, position: index + 1 }));
  const values = placed.flatMap(({ dimension: { kind, attribute }, position }) =>
    kind === 'value' ? [[attribute, position] as const] : [],
  );
  const lists = placed.flatMap(({ dimension, position: first }) =>
    dimension.kind === 'element' && dimension.test === 0
      ? [[dimension.attribute, { elements: dimension.elements, first }] as const]
      : [],
  );
  const sizes = dimensions.map((dimension) => (dimension.kind === 'value' ? dimension.atoms.length : 2));
  return {
    callers,
    dimensions,
    positions: new Map(values),
    lists: new Map(lists),
    shape: shapeOf([callers.classes.length, ...sizes], { most: nodeLimit, exceeded }),
  };
}

/**
 * The attributes in the order of their dimensions. Most rules part by host, method and path already, and little is left of
 * each; headers and claims, of which each rule may have its own, follow in the order of the rules.
 */
function inOrder(constants: Constants): ReadonlyArray<readonly [Attribute, readonly Matcher[]]> {
  const compared = [...completed(constants)].filter(([attribute]) => isFree(attribute));
  return sortBy(compared, ([attribute]) => rankOf(attribute));
}

const first: readonly Attribute[] = [
  'request.host',
  'request.method',
  'request.path',
  'source.ip',
  'request.auth.principal',
];

function rankOf(attribute: Attribute): number {
  const rank = first.indexOf(attribute);
  return rank < 0 ? first.length : rank;
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
