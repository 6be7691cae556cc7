import { describe, expect, it } from 'vitest';
import { gapDiagnostic } from '../../src/migrate/plan/gaps.js';
import { halfway } from '../../src/migrate/plan/halfway.js';
import { type MigrationPlan, makePlan } from '../../src/migrate/plan/plan.js';
import { phaseCommands, rollbackCommands } from '../../src/migrate/plan/plan-files.js';
import { wavesOf } from '../../src/migrate/plan/waves.js';
import type { Target } from '../../src/migrate/states/labels-of-state.js';
import type { Source } from '../../src/pipeline.js';
import { costOfPlan, planPage } from '../../src/report/migration/plan-page.js';
import { once } from '../../src/util/once.js';
import { boutique, circle, example, withAmbient, withSidecars } from './projects.js';

function planOf(
  sources: readonly Source[],
  target: Target,
  namespaces: readonly string[] = [],
  workloads: readonly string[] = [],
): MigrationPlan {
  const { value, diagnostics } = makePlan(sources, { target, namespaces, workloads, today: '2026-06-01' });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  if (value === undefined) throw new Error('there is no plan');
  return value;
}

const sourcesOf = {
  bookshop: example('bookshop'),
  laboratory: example('laboratory', { apps: ['ambient', 'sidecars'] }),
};
const bookshop = withSidecars(sourcesOf.bookshop);

/** Two clusters on the way already. What sidecars know of the mesh cannot be said of it once none is left. */
const hybridShop = example('hybrid-shop').filter(({ path }) => path !== 'intents/reachability.yaml');

/** A gateway whose pods nothing but the label of their namespace has injected, and whom it calls there. */
const edge = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: shop }
spec:
  selector: { matchLabels: { istio: edge } }
  template:
    metadata: { labels: { istio: edge }, annotations: { inject.istio.io/templates: gateway } }
    spec: { serviceAccountName: edge, containers: [{ name: istio-proxy, image: auto }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge, namespace: shop }
spec:
  selector: { istio: edge }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example] }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { serviceAccountName: web, containers: [{ name: app, image: web }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
`;

const rulesOfEdge = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: shop }
spec:
  scope: { namespace: shop }
  authorization:
    default: Deny
    allow: [{ name: visitors, from: [{ gateway: edge }], to: [{ service: web, port: http }] }]
`;

/** Planned once, and looked at by several tests. */
const ofBookshop = once(() => planOf(bookshop, 'ambient'));

const told = ({ blockers, gaps }: MigrationPlan) => [...blockers, ...gaps.map(gapDiagnostic)];

describe.each([
  ['the bookshop', bookshop, 'ambient'],
  ['the bookshop', sourcesOf.bookshop, 'sidecar'],
  ['the boutique', boutique, 'ambient'],
  ['the boutique', withAmbient(boutique), 'sidecar'],
  ['the laboratory', sourcesOf.laboratory, 'ambient'],
  ['the laboratory', sourcesOf.laboratory, 'sidecar'],
  ['the shop that is half way', hybridShop, 'ambient'],
] as const)('%s', (_, sources, target) => {
  it(`moves to ${target} without a request that is decided otherwise than the intents say`, () => {
    const plan = sources === bookshop ? ofBookshop() : planOf(sources, target);
    expect(told(plan).map(({ code, message, witness }) => `${code} ${message} ${witness}`)).toEqual([]);
    expect(plan.states).toBeGreaterThan(plan.phases.length);
    const planes = plan.after.topology?.clusters.flatMap(({ workloads }) =>
      [...workloads.values()].map(({ mode }) => mode.plane),
    );
    expect(planes).not.toContain(target === 'ambient' ? 'sidecar' : 'ambient');
    const typed = plan.phases.flatMap((phase) => [
      ...phaseCommands(phase, plan.clusters),
      ...rollbackCommands(phase, plan.clusters),
    ]);
    const named = typed.filter((command) => command.startsWith('kubectl --context '));
    expect(named).toEqual(plan.clusters.length > 1 ? typed : []);
    const isOf = (cluster: string) => (command: string) => command.includes(`/${cluster}/`);
    for (const cluster of plan.clusters) {
      expect(named.filter(isOf(cluster)).filter((command) => !command.includes(`--context ${cluster} `))).toEqual([]);
    }
    // What remains is what a compilation writes for the mesh as it is then.
    expect(
      plan.phases
        .at(-1)
        ?.states.at(-1)
        ?.applied.map(({ path }) => path)
        .sort(),
    ).toEqual(plan.after.files.map(({ path }) => path).sort());
  });
});

// `vitest run test/migrate/plan.test.ts -u` writes it anew.
it('is shown in docs/migrating-example.md for the bookshop', async () => {
  const plan = ofBookshop();
  const page = planPage(plan, { gaps: told(plan), cost: costOfPlan(plan, { nodes: 3, requests: 1000 }), before: [] });
  await expect(page).toMatchFileSnapshot('../../docs/migrating-example.md');
});

it('deletes a waypoint after what lets it in at the pods, and before what it decides by', () => {
  const cleanup = planOf(sourcesOf.bookshop, 'sidecar').phases.at(-1);
  const deleted = cleanup === undefined ? [] : phaseCommands(cleanup, ['main']).map((text) => text.split(' ')[3]);
  const order = ['catalog-guard', 'waypoint', 'catalog-allow-until-moved', 'waypoint-default-deny'];
  expect(deleted.filter((name) => name !== undefined && order.includes(name))).toEqual(order);
});

it('moves single workloads, whose pods ask for themselves, and leaves their namespaces as they are', () => {
  const plan = planOf(boutique, 'ambient', [], ['store/store']);
  expect(told(plan)).toEqual([]);
  expect(plan.phases.map(({ patches }) => patches.map(({ file, patch }) => [file, patch]))).toEqual([
    [
      [
        'deployment.store.store',
        {
          spec: {
            template: {
              metadata: { labels: { 'istio.io/dataplane-mode': 'ambient', 'sidecar.istio.io/inject': 'false' } },
            },
          },
        },
      ],
    ],
  ]);
  const planes = (result: typeof plan.after) =>
    result.topology?.clusters.flatMap(({ workloads }) =>
      [...workloads.values()].filter(({ mode }) => mode.plane === 'ambient').map(({ name }) => name),
    );
  expect([planes(plan.before), planes(plan.after)]).toEqual([[], ['store']]);
  const back = planOf(withAmbient(boutique), 'sidecar', [], ['payments/payments']);
  expect(told(back)).toEqual([]);
  expect(planes(back.after)).toEqual(['carts', 'goods', 'orders', 'store']);
});

it('says of what is found of the mesh at the end that it is not so yet', () => {
  const { value, diagnostics } = makePlan(example('hybrid-shop'), {
    target: 'ambient',
    namespaces: [],
    today: '2026-06-01',
  });
  expect(value).toBeUndefined();
  expect(diagnostics.map(({ code, notes }) => [code, notes[0]?.message])).toEqual([
    ['AMB2112', 'that is so once `orders/invoices` and 3 more have moved'],
  ]);
});

it('says the same of a warning, but not of one that is there already', () => {
  const besides = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: elsewhere, namespace: carts }
spec: { hosts: ["*.example.com"], ports: [{ number: 80, name: http, protocol: HTTP }] }
---
apiVersion: v1
kind: Service
metadata: { name: nobody, namespace: carts }
spec: { selector: { app: nobody }, ports: [{ name: http, port: 80 }] }
`;
  const options = { target: 'ambient', namespaces: ['carts'], today: '2026-06-01' } as const;
  const { value, diagnostics } = makePlan([...boutique, { path: 'besides.yaml', text: besides }], options);
  expect(value).toBeUndefined();
  const told = diagnostics.filter(({ severity }) => severity !== 'info');
  expect(told.map(({ code, severity, notes }) => [code, severity, notes[0]?.message])).toEqual([
    ['AMB2532', 'warning', 'that is so once `carts/carts` has moved'],
    ['AMB2520', 'warning', 'what nobody serves cannot be protected, and is not a caller either'],
    ['AMB3007', 'error', 'that is so once `carts/carts` has moved'],
  ]);
});

it('says of a gateway which the move undoes what undoes it, and not that nobody knows it then', () => {
  const { value, diagnostics } = makePlan(
    [
      { path: 'edge.yaml', text: edge },
      { path: 'intents/edge.yaml', text: rulesOfEdge },
    ],
    { target: 'ambient', namespaces: [], today: '2026-06-01' },
  );
  expect(value).toBeUndefined();
  const errors = diagnostics.filter(({ severity }) => severity !== 'info');
  expect(errors.map(({ code, message, help }) => [code, message, help])).toEqual([
    [
      'AMB7146',
      'only labels of its namespace inject gateway `shop/edge`: ambient takes them off, and it is no gateway then',
      'label its pods `sidecar.istio.io/inject: "true"` before the namespace moves',
    ],
  ]);
});

it('patches templates that ask for the plane that their pods leave, and the patch back restores what they said', () => {
  const ask = 'sidecar.istio.io/inject: "true"';
  const sources = boutique.map(({ path, text }) => ({
    path,
    text: path === 'goods.yaml' ? text.replace('labels: { app: goods } }', `labels: { app: goods, ${ask} } }`) : text,
  }));
  const restarts = planOf(sources, 'ambient').phases.filter(({ name }) => name.endsWith('restart'));
  const typed = restarts.flatMap((phase) => phaseCommands(phase, ['east']));
  const back = restarts.flatMap((phase) => rollbackCommands(phase, ['east']));
  expect(restarts.flatMap(({ patches }) => patches.map(({ patch }) => patch))).toEqual([
    { spec: { template: { metadata: { labels: { 'sidecar.istio.io/inject': null } } } } },
  ]);
  expect(typed).toContainEqual(expect.stringMatching(/^kubectl patch deployment goods --namespace goods --type merge/));
  expect(typed).not.toContain('kubectl rollout restart deployment/goods --namespace goods');
  expect(typed).toContain('kubectl rollout status deployment/goods --namespace goods');
  expect(back).toContain(
    `kubectl patch deployment goods --namespace goods --type merge --patch '{"spec":{"template":{"metadata":{"labels":{"sidecar.istio.io/inject":"true"}}}}}'`,
  );
});

describe('the order', () => {
  it('moves callers to ambient before those whom they call, and back after them', () => {
    const calls = new Map([
      ['east/store/store', new Set(['east/carts/carts', 'east/goods/goods', 'east/orders/orders'])],
      ['east/orders/orders', new Set(['east/payments/payments'])],
    ]);
    const all = ['carts', 'goods', 'orders', 'payments', 'store'].map((name) => `east/${name}/${name}`);
    const order = (target: Target) => wavesOf(new Set(all), calls, target).map(({ namespaces }) => namespaces);
    expect(order('ambient')).toEqual([['east/store'], ['east/carts', 'east/goods', 'east/orders'], ['east/payments']]);
    expect(order('sidecar')).toEqual([['east/carts', 'east/goods', 'east/payments'], ['east/orders'], ['east/store']]);
  });

  it('names the calls that no order can keep, with a request, until the phase that ends it', () => {
    const plan = planOf(circle(false), 'ambient');
    expect(plan.waves.map(({ namespaces }) => namespaces)).toEqual([['east/carts', 'east/store']]);
    const gaps = told(plan);
    expect([...new Set(gaps.map(({ code }) => code))]).toEqual(['AMB7132']);
    expect(gaps.map(({ witness }) => witness)).toContainEqual(
      expect.stringContaining('from store/store to carts/carts:80 is denied'),
    );
    expect(gaps.every(({ message }) => /^within 07-restart: `(carts\/carts|store\/store)` refuses/.test(message))).toBe(
      true,
    );
  });

  it('leaves a workload whose callers stay behind where it is, and says which call it is', () => {
    const { value, diagnostics } = makePlan(boutique, {
      target: 'ambient',
      namespaces: ['payments'],
      today: '2026-06-01',
    });
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ message }) => message).join('\n')).toContain('orders/orders');
  });

  it.each([2, 3, 6, 7, 20, 21, 70])('restarts %i together so that every two meet in all four states', (count) => {
    const all = Array.from({ length: count }, (_, index) => `workload-${index}`);
    const moments = halfway(all.map((each) => [each])).map((moved) => new Set(moved));
    for (const one of all) {
      for (const other of all.filter((each) => each !== one)) {
        expect(moments.some((moved) => moved.has(one) && !moved.has(other))).toBe(true);
      }
    }
  });

  it('needs few moments for many restarts, and none for one', () => {
    expect(
      [1, 2, 3, 6, 7, 20, 21, 1000].map((count) => halfway(Array.from({ length: count }, () => [''])).length),
    ).toEqual([0, 2, 3, 4, 5, 6, 7, 13]);
  });
});
