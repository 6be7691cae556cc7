import { expect, it } from 'vitest';
import { readDump } from '../../src/changes/dump.js';
import { dumpedKinds } from '../../src/changes/dumped-kinds.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { knownKinds } from '../../src/topology/known-kinds.js';

/** Kinds that a topology is read from and a cluster is not asked for: secrets, and what says nothing of requests. */
const notAskedFor = [
  '/Endpoints',
  '/Secret',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
];

it('asks for every kind that has a say', () => {
  const asked = dumpedKinds.map(({ kind, resource }) => `${resource.split('.').slice(1).join('.')}/${kind}`);
  expect([...asked, ...notAskedFor].sort()).toEqual([...knownKinds].sort());
});

const everywhere = [['v1', 'Namespace', 'kube-system']] as const;
const shop = [
  ['v1', 'Namespace', 'shop'],
  ['v1', 'Service', 'web', 'shop'],
  ['apps/v1', 'Deployment', 'web', 'shop'],
] as const;
const payments = [
  ['v1', 'Namespace', 'payments'],
  ['v1', 'Service', 'ledger', 'payments'],
  ['v1', 'Secret', 'certificate', 'payments'],
  ['argoproj.io/v1alpha1', 'Rollout', 'ledger', 'payments'],
  ['security.istio.io/v1', 'AuthorizationPolicy', 'ledger', 'payments'],
] as const;

it.each([
  [
    'all that is asked for',
    [...everywhere, ...shop, payments[0], payments[1], payments[4]],
    [],
    ['certificate', 'ledger'],
    [],
  ],
  [
    'a kind that may be gone',
    [...everywhere, ...shop, payments[0], payments[1]],
    [],
    ['certificate', 'ledger'],
    ['AuthorizationPolicy'],
  ],
  [
    'a namespace that is there',
    [...everywhere, ...shop, payments[0]],
    ['namespace payments'],
    payments.map(([, , name]) => name),
    [],
  ],
  ['a namespace that is gone', [...everywhere, ...shop], [], [], []],
  ['a namespace, in a list of some', shop, ['namespace payments'], payments.map(([, , name]) => name), []],
  [
    'labels of namespaces',
    [...shop.slice(1), payments[1], payments[4]],
    ['kind Namespace'],
    ['shop', 'payments', 'certificate', 'ledger'],
    [],
  ],
  [
    'a kind that every cluster has',
    [...everywhere, shop[0], shop[1], payments[0], payments[1], payments[4]],
    ['kind Deployment'],
    ['web', 'certificate', 'ledger'],
    [],
  ],
])('tells what a dump was made without: %s', (_, dump, unseen, taken, lacking) => {
  const told = objectsOf([...shop, ...payments]);
  const found = objectsOf(dump);
  const read = readDump({ mesh: undefined as never, objects: told }, found);
  expect(read.unseen.map(({ of, name }) => `${of} ${name}`)).toEqual(unseen);
  expect(
    read.objects
      .slice(found.length)
      .map(({ object }) => object.name)
      .sort(),
  ).toEqual([...taken].sort());
  expect(read.lacking.map(({ kind }) => kind)).toEqual(lacking);
});

type Named = readonly [apiVersion: string, kind: string, name: string, namespace?: string];

function objectsOf(all: readonly Named[]) {
  const texts = all.map(
    ([apiVersion, kind, name, namespace]) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}${namespace ? `, namespace: ${namespace}` : ''} }\n`,
  );
  return parseSources([{ path: 'objects.yaml', text: texts.join('---\n') }]).value.objects;
}
