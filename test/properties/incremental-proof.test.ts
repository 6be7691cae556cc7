import { expect, it } from 'vitest';
import { readMesh } from '../../src/mesh/mesh.js';
import type { Demand } from '../../src/proof/intents/demands.js';
import { type Proof, prove } from '../../src/proof/prove.js';
import { type Cluster, keyInMesh, type Topology } from '../../src/topology/model.js';
import { newMemory } from '../../src/util/memory.js';
import { fc } from '../support/fast-check.js';
import { variedSources } from '../support/generate/varied.js';
import { meshWith } from '../support/mutants/judge.js';
import { type Subject, sourcesOf, subjectOf } from '../support/mutants/subject.js';
import { projectSources } from '../support/property-projects.js';

// AMBIT_RUNS and AMBIT_SEED choose a longer run, or another.
const numRuns = Number(process.env.AMBIT_RUNS ?? 20);
const seed = Number(process.env.AMBIT_SEED ?? 1);

const today = '2026-06-01';

it.each([
  ['rules of every sort', variedSources],
  ['routes', projectSources],
])('a proof beside which single things have changed is as if it were the first: %s', (_, projects) => {
  const changes = { same: 0, other: 0 };
  fc.assert(
    fc.property(projects, fc.array(edits, { minLength: 10, maxLength: 20 }), (sources, chosen) => {
      const subject = subjectOf('generated', sources, today);
      fc.pre(subject !== undefined);
      const { resolved } = subject;
      const memory = newMemory();
      const { topology: first } = meshWith(subject, subject.emitted);
      let topology = first;
      let last = '';
      for (const each of chosen) {
        const mesh = readMesh(topology, memory.recall).value;
        const isExisting = () => false;
        const found = told(prove(mesh, resolved, { isExisting, recall: memory.recall }));
        expect(found).toEqual(told(prove(readMesh(topology).value, resolved, { isExisting })));
        memory.endRun();
        changes[found === last ? 'same' : 'other'] += 1;
        last = found;
        topology = edited(topology, each, first);
      }
    }),
    { seed, numRuns },
  );
  // Edits that change nothing try nothing.
  expect(changes.other).toBeGreaterThan(numRuns);
});

it.each(['bookshop', 'bank', 'hybrid-shop'])(
  'a proof beside which one workload has left the mesh is as if it were the first: %s',
  (example) => {
    const subject = subjectOf(
      example,
      sourcesOf(new URL(`../../examples/${example}`, import.meta.url).pathname),
      today,
    );
    if (subject === undefined) throw new Error(`${example} compiles`);
    const { topology: first } = meshWith(subject, subject.emitted);
    const states = first.clusters.flatMap(({ name, workloads }) =>
      [...workloads.keys()].map((key) => left(first, name, key)),
    );
    const answers = provedInTurn(subject, [first, ...states]);
    // Others of whom nothing has changed are no longer called by whom they are to be called.
    expect(new Set(answers).size).toBeGreaterThan(2);
  },
);

it.each([
  ['by which NetworkPolicies let callers in', 'web', 'team'],
  ["by which istiod knows its cluster's network", 'istio-system', 'topology.istio.io/network'],
])('a proof beside which a namespace has lost a label is as if it were the first: one %s', (_, namespace, label) => {
  const subject = subjectOf(
    'callers whom their namespaces tell',
    [{ path: 'all.yaml', text: toldByNamespaces }],
    today,
  );
  if (subject === undefined) throw new Error('it compiles');
  const { topology: first } = meshWith(subject, subject.emitted);
  const answers = provedInTurn(subject, [first, unlabelled(first, namespace, label)]);
  // Both callers themselves are as they were.
  expect(new Set(answers).size).toBe(2);
});

it('a proof beside which a Service has come whose route leads elsewhere is as if it were the first', () => {
  const subject = subjectOf('a route of a Service', [{ path: 'all.yaml', text: ledElsewhere }], today);
  if (subject === undefined) throw new Error('it compiles');
  const { topology: last } = meshWith(subject, subject.emitted);
  const clusters = last.clusters.map(({ services, ...cluster }) => ({
    ...cluster,
    services: new Map([...services].filter(([key]) => key !== 'payments/old-ledger')),
  }));
  const answers = provedInTurn(subject, [{ ...last, clusters }, last]);
  // Nothing that stands near the ledger has changed.
  expect(new Set(answers).size).toBe(2);
});

/** What is found of each topology by one who remembers those before, and by one who does not. */
function provedInTurn({ resolved }: Subject, topologies: readonly Topology[]): readonly string[] {
  const memory = newMemory();
  const isExisting = () => false;
  return topologies.map((topology) => {
    const mesh = readMesh(topology, memory.recall).value;
    const found = told(prove(mesh, resolved, { isExisting, recall: memory.recall }));
    expect(found).toEqual(told(prove(readMesh(topology).value, resolved, { isExisting })));
    memory.endRun();
    return found;
  });
}

const toldByNamespaces = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: prod }
spec: { clusters: [{ name: east }] }
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: payments }
spec:
  scope: { namespace: payments }
  authorization:
    default: Deny
    allow:
      - name: charges
        from: [{ workload: shop/checkout }, { workload: web/front }]
        to: [{ service: ledger, port: http }]
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: inner } }
---
apiVersion: v1
kind: Namespace
metadata: { name: payments, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled, team: shop } }
---
apiVersion: v1
kind: Namespace
metadata: { name: web, labels: { istio-injection: enabled, team: shop } }
---
apiVersion: v1
kind: Service
metadata: { name: ledger, namespace: payments }
spec: { selector: { app: ledger }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ledger, namespace: payments }
spec: { template: { metadata: { labels: { app: ledger } }, spec: { serviceAccountName: ledger, containers: [{ name: app }] } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout, namespace: shop }
spec:
  template:
    metadata: { labels: { app: checkout, topology.istio.io/network: inner } }
    spec: { serviceAccountName: checkout, containers: [{ name: app }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: web }
spec: { template: { metadata: { labels: { app: front } }, spec: { serviceAccountName: front, containers: [{ name: app }] } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ledger, namespace: payments }
spec:
  podSelector: { matchLabels: { app: ledger } }
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: shop } } }] }]
`;

const ledElsewhere = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: prod }
spec: { clusters: [{ name: east }] }
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: payments }
spec:
  scope: { namespace: payments }
  authorization:
    default: Deny
    allow:
      - name: charges
        from: [{ workload: shop/checkout }]
        to: [{ service: ledger, port: http }]
---
apiVersion: v1
kind: Namespace
metadata: { name: payments, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { name: ledger, namespace: payments }
spec: { selector: { app: ledger }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ledger, namespace: payments }
spec: { template: { metadata: { labels: { app: ledger } }, spec: { serviceAccountName: ledger, containers: [{ name: app }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: old-ledger, namespace: payments }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: old-ledger, namespace: payments }
spec:
  hosts: [old-ledger.payments.svc.cluster.local]
  http: [{ route: [{ destination: { host: ledger.payments.svc.cluster.local } }] }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: checkout, namespace: shop }
spec: { template: { metadata: { labels: { app: checkout } }, spec: { serviceAccountName: checkout, containers: [{ name: app }] } } }
`;

/** A topology in which a namespace lacks a label, and nothing that stands there has changed. */
function unlabelled(topology: Topology, namespace: string, label: string): Topology {
  const clusters = topology.clusters.map(({ namespaces, ...cluster }) => ({
    ...cluster,
    namespaces: new Map(
      [...namespaces].map(([name, each]) => {
        const { [label]: _, ...labels } = each.labels;
        return [name, name === namespace ? { ...each, labels } : each];
      }),
    ),
  }));
  return { ...topology, clusters };
}

/** A topology in which one workload has no part in the mesh, nor a certificate; all else is the very same. */
function left(topology: Topology, cluster: string, key: string): Topology {
  const clusters = topology.clusters.map((each): Cluster => {
    const workload = each.workloads.get(key);
    if (each.name !== cluster || workload === undefined) return each;
    const outside = { ...workload, mode: { ...workload.mode, plane: 'none' as const } };
    return {
      ...each,
      workloads: new Map([...each.workloads].map(([name, one]) => [name, name === key ? outside : one])),
    };
  });
  return { ...topology, clusters };
}

const kinds = ['namespaces', 'services', 'workloads', 'waypoints', 'gateways', 'serviceEntries'] as const;
const lists = ['policies', 'networkPolicies', 'routes', 'sidecars', 'extensions'] as const;

type Kind = (typeof kinds)[number] | (typeof lists)[number];

interface Edit {
  readonly cluster: number;
  readonly kind: Kind | 'nothing ever happened';
  readonly place: number;
  readonly isRemoval: boolean;
}

const edits: fc.Arbitrary<Edit> = fc.record({
  cluster: fc.nat(),
  kind: fc.constantFrom(...kinds, ...kinds, ...kinds, ...lists, 'nothing ever happened'),
  place: fc.nat(),
  isRemoval: fc.oneof(...[true, false, false, false, false].map((each) => fc.constant(each))),
});

/** All that says who something is, or by which it is found. */
const names: ReadonlySet<string> = new Set([
  'cluster',
  'namespace',
  'name',
  'host',
  'hosts',
  'object',
  'services',
  'workloads',
]);

/** A topology in which one thing is gone, or has a field as another of its kind has it; all else is the very same. */
function edited(topology: Topology, { cluster: which, kind, place, isRemoval }: Edit, first: Topology): Topology {
  if (kind === 'nothing ever happened') return first;
  const clusters = topology.clusters.map((cluster, index): Cluster => {
    if (index !== which % topology.clusters.length) return cluster;
    if (isList(kind)) return { ...cluster, [kind]: without(cluster[kind], place) };
    return {
      ...cluster,
      [kind]: isRemoval ? removed(cluster[kind], place) : mixed(cluster[kind], place),
    };
  });
  return { ...topology, clusters };
}

function isList(kind: Kind): kind is (typeof lists)[number] {
  return lists.some((list) => list === kind);
}

function removed(all: ReadonlyMap<string, object>, place: number): ReadonlyMap<string, object> {
  return new Map(without([...all], place));
}

function without<T>(all: readonly T[], place: number): readonly T[] {
  return all.filter((_, index) => index !== place % all.length);
}

function mixed(all: ReadonlyMap<string, object>, place: number): ReadonlyMap<string, object> {
  const values = [...all.values()];
  const said = (value: object, name: string) => JSON.stringify(Reflect.get(value, name));
  const possible = [...all].flatMap(([key, value]) =>
    Object.keys(value).flatMap((name) => {
      const others = values.filter((other) => !names.has(name) && said(other, name) !== said(value, name));
      const distinct = new Map(others.map((other) => [said(other, name), other]));
      return [...distinct.values()].map((other) => ({ key, value: { ...value, [name]: Reflect.get(other, name) } }));
    }),
  );
  const chosen = possible[place % possible.length];
  return chosen === undefined
    ? all
    : new Map([...all].map(([key, value]) => [key, key === chosen.key ? chosen.value : value]));
}

/** Everything that was found, in words. */
function told({ workloads, lanes, ...found }: Proof): string {
  return JSON.stringify({ workloads, lanes, found }, (key, value) => {
    if (key === 'demand') return nameOf(value);
    if (key === 'demands') return value.map(nameOf);
    return ['file', 'document', 'object', 'policy', 'trace', 'rule', 'cause', 'mesh'].includes(key)
      ? (Object(value).name ?? Object(value).id)
      : value;
  });
}

function nameOf({ workload }: Demand): string {
  return keyInMesh(workload);
}
