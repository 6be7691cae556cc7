import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  authorizationShape,
  peerAuthenticationShape,
  requestAuthenticationShape,
} from '../../src/mesh/policies/read/policy-shapes.js';
import type { IstioSettings } from '../../src/parse/mesh.js';
import known from '../../src/topology/known-fields.json' with { type: 'json' };
import type { Shape } from '../../src/topology/schemas/shape.js';
import { type Fields, fieldsOfDefinitions } from '../support/crd-fields.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';
import { finding, topologyOf } from './support/topology.js';

function found(text: string, istio: Partial<IstioSettings> = {}): readonly string[] {
  return topologyOf(text, istio)
    .diagnostics.filter(({ code }) => code === 'AMB2538')
    .map((diagnostic) => `${finding(diagnostic)}: ${diagnostic.help}`);
}

const route = (fields: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a, namespace: shop }\nspec: { hosts: [a], ${fields} }\n`;

it.each([
  ['http: [{ rout: [] }]', ['AMB2538 rout: did you mean `route`?']],
  ['http: [{ match: [{ headers: { x: { exct: y } } }] }]', ['AMB2538 exct: did you mean `exact`?']],
  ['htp: []', ['AMB2538 htp: did you mean `http`?']],
  [
    'http: [{ redirect: { prefixRewrite: / } }]',
    ['AMB2538 prefixRewrite: it is there from Istio 1.31 on; the cluster has 1.29'],
  ],
  [
    'tcp: [{ route: [{ destination: { host: a }, zzzzzz: 1 }] }]',
    ['AMB2538 zzzzzz: its fields are `destination`, `weight`'],
  ],
  ['exportTo: ["."]', []],
  ['http: null', []],
])('%s', (fields, expected) => expect(found(route(fields))).toEqual(expected));

it('takes a field of a later release where the cluster runs it', () => {
  expect(found(route('http: [{ redirect: { prefixRewrite: / } }]'), { version: '1.31' })).toEqual([]);
});

it('looks at the head of every kind, and at nothing of kinds that it does not know', () => {
  const head = (kind: string, more: string) =>
    `${kind}\nmetadata: { name: a, namespace: shop, label: { a: b } }\n${more}\n`;
  expect(found(head('apiVersion: v1\nkind: Service', 'specs: {}'))).toEqual([
    'AMB2538 label: did you mean `labels`?',
    'AMB2538 specs: did you mean `spec`?',
  ]);
  expect(found(head('apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy', 'spex: { action: DENY }'))).toEqual([
    'AMB2538 label: did you mean `labels`?',
    'AMB2538 spex: did you mean `spec`?',
  ]);
  expect(found(head('apiVersion: example.com/v1\nkind: Service', 'specs: {}'))).toEqual([]);
});

type Kinds = Readonly<Record<string, Fields>>;

/** The kinds of a release; what came later is left out. */
function kindsIn(release: string): Kinds {
  const kinds = Object.entries(known as Kinds).flatMap(([written, fields]) => {
    const [kind = '', since = ''] = written.split('@');
    return since > release ? [] : [[kind, fields] as const];
  });
  return Object.fromEntries(kinds);
}

/** The fields of a release as paths; what came later is left out. */
function pathsOf(fields: Fields | null, release: string, path = ''): readonly string[] {
  return Object.entries(fields ?? {}).flatMap(([written, below]) => {
    const [name = '', since = ''] = written.split('@');
    return since > release ? [] : [`${path}.${name}`, ...pathsOf(below, release, `${path}.${name}`)];
  });
}

function definitionsIn(folder: string): Kinds {
  const directory = join(sharedDirectory, 'crds', folder);
  return fieldsOfDefinitions(
    readdirSync(directory)
      .map((name) => readFileSync(join(directory, name), 'utf8'))
      .join('\n---\n'),
  );
}

describeWithShared('what is known of the fields', () => {
  it.each(['1.29', '1.31'])('is what the definitions of Istio %s say', (release) => {
    const given = definitionsIn(`istio-${release}`);
    const ours = Object.entries(kindsIn(release)).filter(([kind]) => !kind.startsWith('gateway.networking.k8s.io/'));
    const listed = (kinds: ReadonlyArray<readonly [string, Fields]>) =>
      Object.fromEntries(kinds.map(([kind, fields]) => [kind, pathsOf(fields, release)]));
    expect(listed(ours)).toEqual(listed(Object.entries(given)));
  });

  it.each(['1.4', '1.6'])('holds all that the definitions of the Gateway API %s say', (release) => {
    for (const [kind, fields] of Object.entries(definitionsIn(`gateway-api-${release}`))) {
      const ours = new Set(pathsOf((known as Kinds)[kind] ?? null, ''));
      expect([kind, pathsOf(fields, '').filter((path) => !ours.has(path))]).toEqual([kind, []]);
    }
  });
});

/** The fields of a shape, as paths. */
function fieldsOfShape(shape: Shape, path = ''): readonly string[] {
  if (shape.kind === 'list') return fieldsOfShape(shape.of, path);
  if (shape.kind === 'map') return fieldsOfShape(shape.of, `${path}.*`);
  if (shape.kind !== 'object') return [];
  return Object.entries(shape.fields).flatMap(([name, field]) => [
    `${path}.${name}`,
    ...fieldsOfShape(field, `${path}.${name}`),
  ]);
}

it.each([
  ['AuthorizationPolicy', '1.29', authorizationShape('1.29')],
  ['AuthorizationPolicy', '1.31', authorizationShape('1.31')],
  ['PeerAuthentication', '1.31', peerAuthenticationShape],
  ['RequestAuthentication', '1.31', requestAuthenticationShape],
] as const)('%s is read with the fields that it has in %s', (kind, release, shape) => {
  const { spec } = (known as Kinds)[`security.istio.io/${kind}`] ?? {};
  const withoutStar = (paths: readonly string[]) => new Set(paths.filter((path) => !path.endsWith('.*')));
  expect(withoutStar(fieldsOfShape(shape))).toEqual(withoutStar(pathsOf(spec ?? null, release)));
});
