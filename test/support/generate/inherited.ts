import { dump } from 'js-yaml';
import type { Source } from '../../../src/pipeline.js';
import { fc } from '../fast-check.js';
import { smallProject } from '../generate.js';
import { clusterName, type SmallMesh } from './mesh.js';
import { caller, type SecuritySettings } from './settings.js';

/** A small project whose namespaces, and one of its services, take rules of the mesh over in some way. */
export const inheritedSources: fc.Arbitrary<readonly Source[]> = smallProject.chain(({ mesh, settings, ...texts }) =>
  fc
    .tuple(ofMesh(mesh), fc.array(inheritance, { minLength: 4, maxLength: 4 }), fc.option(ofService(mesh)))
    .map(([wide, inheritances, near]) => [
      { path: 'ambit.yaml', text: texts.meshText },
      {
        path: 'intents.yaml',
        text: [wide, ...settings.map((each, index) => inheriting(each, inheritances[index])), ...(near ? [near] : [])]
          .map((document) => dump(document, { noRefs: true, lineWidth: -1 }))
          .join('---\n'),
      },
      { path: `clusters/${clusterName}.yaml`, text: texts.manifestsText, cluster: clusterName },
    ]),
);

const inheritance = fc.constantFrom('Add', 'Replace', 'Stricter', 'Stricter');
const mandate = fc.constantFrom(undefined, undefined, true);

function inheriting({ spec, ...document }: SecuritySettings, value: string | undefined): object {
  return { ...document, spec: { ...spec, authorization: { ...spec.authorization, inheritance: value } } };
}

function rules(mesh: SmallMesh, requests: fc.Arbitrary<object>): fc.Arbitrary<readonly object[]> {
  const rule = fc.record({ from: fc.array(caller(mesh), { minLength: 1, maxLength: 2 }), requests, mandate });
  return fc.array(rule, { minLength: 1, maxLength: 3 }).map((found) =>
    found.map(({ from, requests, mandate }, index) => ({
      name: `wide-${index + 1}`,
      from,
      ...(Object.keys(requests).length > 0 && { to: [requests] }),
      ...(mandate && { mandate }),
    })),
  );
}

const requests = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        methods: fc.subarray(['GET', 'POST', 'DELETE'], { minLength: 1 }),
        paths: fc.subarray(['/', '/v1/items', '/v1/*', '/v1/items/*'], { minLength: 1 }),
      },
      { requiredKeys: [] },
    ),
  },
);

function ofMesh(mesh: SmallMesh): fc.Arbitrary<object> {
  return fc
    .record({
      default: fc.constantFrom('Deny', 'Deny', 'Deny', undefined),
      allow: rules(mesh, requests),
      denied: caller(mesh),
      denies: mandate,
    })
    .map(({ default: byDefault, allow, denied, denies }) =>
      settings('mesh', 'mesh', {
        ...(byDefault && { default: byDefault, allow }),
        deny: [{ name: 'wide-denial', from: [denied], ...(denies && { mandate: denies }) }],
      }),
    );
}

function ofService(mesh: SmallMesh): fc.Arbitrary<object> {
  const services = mesh.namespaces.flatMap(({ name, services }) =>
    services.map((service) => `${name}/${service.name}`),
  );
  return fc
    .record({ service: fc.constantFrom(...services), from: caller(mesh), inheritance })
    .map(({ service, from, inheritance }) =>
      settings('near', { service }, { default: 'Deny', inheritance, allow: [{ name: 'near', from: [from] }] }),
    );
}

function settings(name: string, scope: unknown, authorization: object): object {
  return {
    apiVersion: 'ambit.dev/v1alpha1',
    kind: 'SecuritySettings',
    metadata: { name },
    spec: { scope, authorization },
  };
}
