import { expect, it } from 'vitest';
import { compile, type Source } from '../../src/pipeline.js';
import { newMemory } from '../../src/util/memory.js';
import { fc } from '../support/fast-check.js';
import { ambient, namespace, pod, service, waypoint, workload } from '../topology/support/builders.js';

const intents: readonly Source[] = [
  {
    path: 'intents.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec:
  clusters: [{ name: east, istio: { version: "1.30" } }]
---
apiVersion: ambit.dev/v1alpha1
kind: CallerGroup
metadata: { name: callers }
spec:
  members: [{ workload: shop/web }, { namespace: bank }]
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ledger }
spec:
  scope: { service: bank/ledger }
  authorization:
    default: Deny
    allow:
      - { name: group, from: [{ group: callers }] }
      - { name: pattern, from: [{ namespaces: sho* }], to: [{ port: http }] }
      - { name: account, from: [{ serviceAccount: shop/web }] }
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: everywhere }
spec:
  scope: mesh
  authorization:
    deny:
      - { name: never, from: [{ service: shop/web }] }
---
apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: bank }
spec:
  scope: { namespace: bank }
  authorization:
    default: Deny
    allow:
      - { name: web, from: [{ service: shop/web }] }
`,
  },
];

const runsAs = (serviceAccountName: string) => ({ spec: { serviceAccountName } });
const ofBank = { namespace: 'bank' } as const;
const listing = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 's', namespace: 'bank', labels: { 'kubernetes.io/service-name': 'ledger' } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.0.0.1'] }],
  ports: [{ name: 'http', port: 8080 }],
};

/** What may be said of one thing, each in place of the others. */
const things: ReadonlyArray<readonly string[]> = [
  [namespace('shop', ambient), namespace('shop')],
  [namespace('bank', ambient), namespace('bank')],
  [service('web'), service('web', { spec: { selector: { app: 'other' } } })],
  [
    service('ledger', ofBank),
    service('ledger', { ...ofBank, spec: { selector: {} } }),
    service('ledger', { ...ofBank, spec: { ports: [{ name: 'http', port: 81, targetPort: 8081 }] } }),
  ],
  [
    workload('web', runsAs('web')),
    workload('web', runsAs('other')),
    workload('web', { ...runsAs('web'), kind: 'Job' }),
  ],
  [workload('other', runsAs('web')), workload('other')],
  [workload('ledger', ofBank), workload('ledger', { ...ofBank, labels: { app: 'ledger', version: 'v2' } })],
  [
    pod('far', { status: { podIP: '10.0.0.1' } }),
    pod('far', { status: { podIP: '10.0.0.1' }, annotations: { 'ambient.istio.io/redirection': 'enabled' } }),
    pod('far', { status: { podIP: '10.0.0.2' } }),
  ],
  [JSON.stringify(listing)],
  [waypoint('waypoint', ofBank)],
  [workload('web', { namespace: 'shoe' })],
];

function sourceOf(place: number, choice: number): readonly Source[] {
  const texts = things[place] ?? [];
  const text = texts[choice % (texts.length + 1)];
  return text === undefined ? [] : [{ path: `clusters/east/${place}.yaml`, text, cluster: 'east' }];
}

/** What is deployed, and then again with one thing after the other said otherwise, or not at all. */
const states = fc
  .array(fc.tuple(fc.nat({ max: things.length - 1 }), fc.nat({ max: 11 })), { minLength: 1, maxLength: 5 })
  .map((changes) => {
    const first = things.map((_, place) => sourceOf(place, 0));
    const all = [first];
    for (const [place, choice] of changes)
      all.push((all.at(-1) ?? first).map((each, index) => (index === place ? sourceOf(place, choice) : each)));
    return all.map((deployed) => [...intents, ...deployed.flat()]);
  });

it('names are bound as if they never were before', () => {
  const found = new Set<string>();
  let bound = 0;
  fc.assert(
    fc.property(states, (all) => {
      const memory = newMemory();
      for (const sources of all) {
        const { resolved, diagnostics } = compile(sources, { memory, verify: false });
        const anew = compile(sources, { verify: false });
        expect(diagnostics.map(({ code, message }) => [code, message])).toEqual(
          anew.diagnostics.map(({ code, message }) => [code, message]),
        );
        expect(resolved?.rules.map(said)).toEqual(anew.resolved?.rules.map(said));
        for (const { code } of diagnostics) found.add(code);
        bound += anew.resolved?.rules.length ?? 0;
        memory.endRun();
      }
    }),
    { seed: 1, numRuns: 30 },
  );
  expect(bound).toBeGreaterThan(0);
  expect([...found]).toEqual(expect.arrayContaining(['AMB2002']));
});

/** A bound rule with all that it was bound to, but for the texts. */
function said(rule: unknown): string {
  return JSON.stringify(rule, (key, value) => (key === 'document' || key === 'file' ? undefined : value));
}
