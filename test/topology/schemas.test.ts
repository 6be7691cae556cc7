import { expect, it } from 'vitest';
import schemas from '../../src/topology/schemas/schemas.json' with { type: 'json' };
import type { CrdSchema } from '../support/admission/crd-schema.js';
import { installedSchemas } from '../support/admission/kinds.js';
import { type Written, writtenShape } from '../support/crd-shapes.js';
import { describeWithShared } from '../support/shared.js';

const shared: Readonly<Record<string, Written>> = schemas.shared;

/** What a shape asks for at each place of an object, without what is below it. */
function asked(shape: Written, place = ''): ReadonlyArray<readonly [string, string]> {
  if (typeof shape !== 'string') {
    const { fields, list, map, ...own } = shape as Readonly<Record<'fields' | 'list' | 'map', Written | undefined>>;
    const inner = [
      ...Object.entries(fields ?? {}).map(([name, each]) => [each as Written, `${place}.${name}`] as const),
      ...[list, map].flatMap((each) => (each === undefined ? [] : [[each, `${place}[]`] as const])),
    ];
    const sorted = Object.entries(own).sort(([left], [right]) => left.localeCompare(right));
    return [[place, JSON.stringify(sorted)], ...inner.flatMap(([each, below]) => asked(each, below))];
  }
  return shape.startsWith('@') ? asked(shared[shape.slice(1)] ?? 'any', place) : [[place, shape]];
}

/** What the definitions at hand say of a kind: of one version of it, or of all. */
function definitionsOf(kind: string): readonly CrdSchema[] {
  const [group, ...rest] = kind.split('/');
  const isOf = (key: string) => key.startsWith(`${group}/`) && key.endsWith(`/${rest.join('/')}`);
  return installedSchemas().flatMap(([key, { properties = {}, required = [] }]) => {
    const { apiVersion, kind: own, metadata, status, ...fields } = properties;
    const needed = (required as readonly string[]).filter((name) => name in fields);
    return isOf(key) ? [{ type: 'object', properties: fields, required: needed }] : [];
  });
}

/** What the experimental channel of the Gateway API, or a release of it between those at hand, asks less for. */
const laxerElsewhere: Readonly<Record<string, readonly string[]>> = {
  'gateway.networking.k8s.io/HTTPRoute': ['.spec.rules[].backendRefs[].filters[]', '.spec.rules[].filters[]'].flatMap(
    (filter) => [`${filter}.type`, `${filter}.cors.allowOrigins[]`],
  ),
};

describeWithShared('what is written down of the schemas', () => {
  it.each(Object.entries<Written>(schemas.kinds).map(([kind, shape]) => ({ kind, shape })))(
    'of $kind is what the definitions say',
    ({ kind, shape }) => {
      const definitions = definitionsOf(kind);
      if (definitions.length === 0) return;
      const ours = new Map(asked(shape));
      const given = asked(writtenShape(definitions));
      const others = given.flatMap(([place, wanted]) => (ours.get(place) === wanted ? [] : [place]));
      expect(others).toEqual(laxerElsewhere[kind] ?? []);
    },
  );
});
