import { describe, expect, it } from 'vitest';
import { spanIn } from '../../src/parse/document.js';
import { readObjects } from '../../src/parse/read-objects.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { spanText, underlined } from '../support/marked-text.js';

function read(text: string) {
  const { value, diagnostics } = readObjects(readYaml({ path: 'a.yaml', text }, 'manifest').value);
  return { objects: value, found: underlined(diagnostics), diagnostics };
}

const head = 'apiVersion: v1\nkind: Service\n';

describe('a document is an object', () => {
  it('with the names that identify it', () => {
    const { objects } = read(`${head}metadata:\n  name: a\n  namespace: b\nspec: {x: 1}\n`);
    expect(objects).toMatchObject([
      { apiVersion: 'v1', kind: 'Service', name: 'a', namespace: 'b', path: [], value: { spec: { x: 1 } } },
    ]);
  });

  it('without a namespace where none, or nothing, is written', () => {
    const { objects } = read(`${head}metadata: {name: a}\n---\n${head}metadata: {name: b, namespace: }\n`);
    expect(objects.map(({ namespace }) => namespace)).toEqual([undefined, undefined]);
  });

  it('whose generated name is known by its prefix', () => {
    expect(read(`${head}metadata: {generateName: a-}\n`).objects).toMatchObject([{ name: 'a-' }]);
  });
});

describe('a list is its items', () => {
  it('each in its place', () => {
    const item = (name: string) => `- apiVersion: v1\n  kind: Service\n  metadata: {name: ${name}}\n`;
    const { objects } = read(`apiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`);
    expect(objects.map(({ name, path }) => [name, path])).toEqual([
      ['a', ['items', 0]],
      ['b', ['items', 1]],
    ]);
    expect(objects.map((object) => spanText(spanIn(object, ['metadata', 'name'])))).toEqual(['a', 'b']);
  });

  it('which a typed list need not type again', () => {
    const { objects } = read('apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: a}}]\n');
    expect(objects).toMatchObject([{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }]);
    expect(objects[0]?.value).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment' });
  });

  it.each(['items: []', 'items: ', 'metadata: {}'])('and may be empty: %s', (items) => {
    expect(read(`apiVersion: v1\nkind: List\n${items}\n`)).toMatchObject({ objects: [], found: [] });
  });

  it('of lists', () => {
    const inner = '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: a}}]}';
    expect(read(`apiVersion: v1\nkind: List\nitems: [${inner}]\n`).objects).toMatchObject([
      { name: 'a', path: ['items', 0, 'items', 0] },
    ]);
  });

  it('unless it has no items: then `List` is only how a kind is called', () => {
    const { objects } = read('apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {}\n');
    expect(objects).toMatchObject([{ kind: 'AllowList', name: 'a' }]);
  });
});

describe('what cannot be an object is reported', () => {
  it.each([
    ['kind: Service\nmetadata: {name: a}\n', [['missing-object-field', 'metadata']]],
    ['apiVersion: v1\nmetadata: {name: a}\n', [['missing-object-field', 'metadata']]],
    [head, [['missing-object-field', 'kind']]],
    [`${head}metadata: {namespace: a}\n`, [['missing-object-field', 'metadata']]],
    [
      'a: 1\n',
      [
        ['missing-object-field', 'a: 1'],
        ['missing-object-field', 'a: 1'],
        ['missing-object-field', 'a: 1'],
      ],
    ],
    [`${head}metadata: {name: 12}\n`, [['wrong-object-field', '12']]],
    [`${head}metadata: {name: a, namespace: on}\n`, [['wrong-object-field', 'on']]],
    [`${head}metadata: [a]\n`, [['wrong-object-field', '[a]']]],
    ['apiVersion: v1\nkind: [Service]\nmetadata: {name: a}\n', [['wrong-object-field', '[Service]']]],
    ['apiVersion: v1\nkind: List\nitems: {a: 1}\n', [['wrong-object-field', '{a: 1}']]],
    ['apiVersion: v1\nkind: List\nitems: [12]\n', [['wrong-object-field', '12']]],
  ])('%j', (text, found) => {
    expect(read(text)).toMatchObject({ objects: [], found });
  });

  it('and does not hide its neighbours', () => {
    const { objects, found } = read(`${head}---\n${head}metadata: {name: a}\n`);
    expect(objects).toHaveLength(1);
    expect(found).toHaveLength(1);
  });
});
