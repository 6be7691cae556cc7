import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gapDiagnostic, isOfTheMove } from '../../src/migrate/plan/gaps.js';
import { makePlan } from '../../src/migrate/plan/plan.js';
import { type Target, targets } from '../../src/migrate/states/labels-of-state.js';
import type { Source } from '../../src/pipeline.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: real }
spec:
  clusters: [{ name: main, istio: { version: "1.30", sidecarsListenHbone: true } }]
`;

function namespace(target: Target): string {
  const labels = target === 'ambient' ? 'istio-injection: enabled' : 'istio.io/dataplane-mode: ambient';
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { ${labels} } }\n`;
}

function rules(...allow: readonly string[]): string {
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: real }
spec:
  scope: { namespace: default }
  mtls: { mode: Strict }
  authorization:
    default: Deny
    allow:
${allow.map((rule) => `      - ${rule}\n`).join('')}`;
}

const meshes = [
  {
    name: 'Bookinfo',
    files: ['bookinfo/bookinfo.yaml'],
    intents: rules(
      '{ name: details, from: [{ service: productpage }], to: [{ service: details, methods: [GET] }] }',
      '{ name: reviews, from: [{ service: productpage }], to: [{ service: reviews, methods: [GET] }] }',
      '{ name: ratings, from: [{ service: reviews }], to: [{ service: ratings, methods: [GET], paths: [/ratings/*] }] }',
    ),
  },
  {
    name: 'Online Boutique',
    files: ['online-boutique/kubernetes-manifests.yaml'],
    intents: rules(
      '{ name: carts, from: [{ service: frontend }, { service: checkoutservice }], to: [{ service: cartservice, methods: [POST] }] }',
      '{ name: goods, from: [{ service: frontend }], to: [{ service: productcatalogservice, methods: [POST] }] }',
      '{ name: orders, from: [{ service: frontend }], to: [{ service: checkoutservice }] }',
      '{ name: payments, from: [{ service: checkoutservice }], to: [{ service: paymentservice, methods: [POST] }] }',
    ),
  },
] as const;

/** What somebody has left standing beside the intents. */
const denyAll = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-all, namespace: default }
spec: { action: DENY, rules: [{}] }
`;

type RealMesh = (typeof meshes)[number];

function sourcesOf({ files, intents }: RealMesh, target: Target): readonly Source[] {
  return [
    { path: 'mesh.yaml', text: mesh },
    { path: 'namespace.yaml', text: namespace(target) },
    { path: 'intents.yaml', text: intents },
    ...files.map((path) => ({ path, text: readFileSync(join(sharedDirectory, 'realworld', path), 'utf8') })),
  ];
}

describeWithShared('meshes that others wrote', () => {
  const moves = meshes.flatMap((each) => targets.map((target) => ({ ...each, target })));

  it.each(moves)('$name moves to $target, each state proved', (each) => {
    const { target } = each;
    const { value, diagnostics } = makePlan(sourcesOf(each, target), { target, namespaces: [], today: '2026-06-01' });
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(value?.states).toBeGreaterThan(8);
    expect(value?.gaps.map(gapDiagnostic).map(({ message }) => message)).toEqual([]);
  });

  it.each(moves)('$name moves to $target, and what is denied all the same is told of no state', (each) => {
    const { target } = each;
    const sources = [...sourcesOf(each, target), { path: 'deny-all.yaml', text: denyAll }];
    const { value } = makePlan(sources, { target, namespaces: [], today: '2026-06-01' });
    expect(value?.gaps.length).toBeGreaterThan(2);
    expect(value?.gaps.filter(isOfTheMove)).toEqual([]);
  });
});
