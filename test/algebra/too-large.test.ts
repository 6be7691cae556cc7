import { describe, expect, it } from 'vitest';
import { boxSet, emptySet, type RequestSet, shapeOf, union } from '../../src/algebra/request-set.js';
import { lintMesh } from '../../src/lint/lint-mesh.js';
import { compile } from '../../src/pipeline.js';
import { proofToText } from '../../src/report/proof.js';
import { matrixOf } from '../../src/trace/matrix/matrix.js';
import { meshOf, policy, requestAuthentication, threeNamespaces } from '../mesh/support/mesh.js';

const server = 'selector: { matchLabels: { app: server } }';
const groups = Array.from({ length: 1100 }, (_, index) => `group-${index}`);
const tokens = requestAuthentication(
  'side',
  'tokens',
  `{ ${server}, jwtRules: [{ issuer: issuer, jwksUri: 'https://issuer/keys' }] }`,
);
const members = policy(
  'side',
  'members',
  `{ ${server}, rules: [{ when: [{ key: 'request.auth.claims[groups]', values: [${groups.join(', ')}] }] }] }`,
);
const twice = policy('amb', 'twice', `{ ${server}, rules: [{ from: [{ source: { namespaces: [amb] } }] }, {}] }`);
const manifests = threeNamespaces + tokens + members + twice;
const why = '`side/members` tells more requests apart than Ambit compares';

const settings = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: side }
spec:
  scope: { namespace: side }
  authorization:
    default: Deny
    accept: [{ path: existingPolicies, until: 2027-01-31, reason: they know of tokens }]
    allow: [{ name: clients, from: [{ workload: side/client }], to: [{ service: side/server, port: http, methods: [GET] }] }]
`;
const guardrail = `apiVersion: ambit.dev/v1alpha1
kind: Guardrail
metadata: { name: g }
spec: { never: [{ name: outsiders, from: [{ namespace: plain }], to: [{ service: side/server, port: http }] }] }
`;

function compiled(...documents: readonly string[]) {
  const sources = [
    {
      path: 'mesh.yaml',
      text: 'apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: m }\nspec: { clusters: [{ name: east }] }\n',
    },
    ...documents.map((text, index) => ({ path: `intents-${index}.yaml`, text })),
    { path: 'manifests.yaml', text: manifests, cluster: 'east' },
  ];
  return compile(sources, { today: '2026-01-01', provenance: 'none', accessTests: true });
}

describe('a policy that is too large', () => {
  it('is named by the lint, which goes on with everything else', () => {
    const { diagnostics: found } = lintMesh(meshOf(manifests).topology);
    expect(found.map(({ name }) => name)).toEqual(['too-large-to-decide', 'rule-redundant']);
    expect(found[0]?.message).toBe(`not decided for the pods of \`side/server\`: ${why}`);
    expect(found[0]?.span?.file.path).toBeDefined();
  });

  it('is no proof, for the intents or for a guardrail', () => {
    const { diagnostics, proof } = compiled(settings, guardrail);
    const said = diagnostics.map(({ name, message }) => `${name}: ${message}`);
    expect(said).toContain(`too-large-to-decide: not decided for \`side/server\`: ${why}`);
    expect(said).toContain(`guardrail-not-proved: guardrail \`g/outsiders\` cannot be proved: not decided: ${why}`);
    expect(proof && proofToText(proof)).toMatch(/^not decided: 1 policy too large/);
  });

  it('leaves the cells of a matrix open', () => {
    const { value: matrix } = matrixOf(meshOf(manifests), { to: 'side/server:http', cluster: undefined });
    const cells = matrix?.tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells)) ?? [];
    expect(new Set(cells.map(({ kind, because }) => `${kind}: ${because}`))).toEqual(
      new Set([`not-modelled: not decided: ${why}`]),
    );
  });
});

it('stops at the same step whenever the same is compared, and at none before', () => {
  const count = 40;
  const anyOfAll = (most: number): RequestSet => {
    const shape = shapeOf(Array(count).fill(2), { most, exceeded: () => new Error('too large') });
    const sets = Array.from({ length: count }, (_, level) => boxSet(shape, new Map([[level, 2n]])));
    return union(emptySet(shape), ...sets);
  };
  const { size } = anyOfAll(Number.POSITIVE_INFINITY).shape.diagrams;
  expect(() => anyOfAll(size())).not.toThrow();
  expect(() => anyOfAll(size() - 1)).toThrow('too large');
});
