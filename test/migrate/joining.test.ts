import { expect, it } from 'vitest';
import { findingsIn } from '../../src/migrate/plan/prove-state.js';
import { labelling, type Moment, start } from '../../src/migrate/states/moment.js';
import { compile, type Source } from '../../src/pipeline.js';
import { newMemory } from '../../src/util/memory.js';

/** The cart asks for its sidecar by itself, so that the stock beside it is outside the mesh. */
const sources: readonly Source[] = [
  {
    path: 'mesh.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: shop }
spec:
  clusters: [{ name: east, istio: { version: "1.30", sidecarsListenHbone: true } }]
`,
  },
  {
    path: 'intents.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: everywhere }
spec: { scope: mesh, mtls: { mode: Strict }, authorization: { default: Deny } }
`,
  },
  {
    path: 'shop.yaml',
    cluster: 'east',
    text: [
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n',
      pods('cart', 'true'),
      pods('stock', 'false'),
    ].join('---\n'),
  },
];

function pods(name: string, inject: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, sidecar.istio.io/inject: "${inject}" } }
    spec: { containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }] }] }
`;
}

it('a workload that a label on its namespace takes into the mesh is held to what is said of the mesh', () => {
  const { topology, resolved } = compile(sources);
  if (!topology || !resolved) throw new Error('the names of the intents are bound');
  const subject = { sources, topology, resolved, memory: newMemory(), today: undefined, reshape: <T>(each: T) => each };
  const openAt = (moment: Moment) =>
    findingsIn(subject, { title: 'nothing is applied', moment, applied: [] })
      .map(({ parameters }) => parameters.workload)
      .filter((name) => name === 'shop/cart' || name === 'shop/stock');
  const before = start('ambient', 'namespaces', new Set(['east/shop/cart']));
  expect(openAt(before)).toEqual(['shop/cart']);
  expect(openAt(labelling(before, ['east/shop']))).toEqual(['shop/cart', 'shop/stock']);
});
