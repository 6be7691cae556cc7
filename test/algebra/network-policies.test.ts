import { describe, expect, it } from 'vitest';
import { callerPool } from '../../src/algebra/caller-pool.js';
import { type CallerClass, callersOf } from '../../src/algebra/callers.js';
import type { Lane } from '../../src/algebra/lane.js';
import { mentionsOfPlan } from '../../src/algebra/mentions.js';
import { plannerOf, withTlsNamespaces } from '../../src/algebra/planner.js';
import { planWay } from '../../src/compare/compare-way.js';
import { jointCallers } from '../../src/compare/joint-callers.js';
import { decide } from '../../src/mesh/decide.js';
import type { Mesh } from '../../src/mesh/mesh.js';
import { meshOf, policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';
import { destinationOf, get } from '../mesh/support/requests.js';
import { fc } from '../support/fast-check.js';
import { disagreements } from './support/agreement.js';

interface Tiers {
  readonly twin: string;
  readonly other: string;
}

/** `twin` shares a ServiceAccount with `client`, and differs from it in its labels. */
function baseWith({ twin, other }: Tiers): string {
  return (
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    workload('amb', 'twin', `, tier: ${twin}`).replace('serviceAccountName: twin', 'serviceAccountName: client') +
    workload('amb', 'other', `, tier: ${other}`) +
    `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: amb }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`
  );
}

const base = baseWith({ twin: 'front', other: 'front' });

const lanes = [
  'amb/server:80',
  'pod amb/server:8080',
  'side/server:80',
  'plain/server:80',
  'gateway amb/public:80',
].map((to): Lane => ({ destination: destinationOf(to), payload: 'http' }));

const peers = fc.constantFrom(
  '{ podSelector: {} }',
  '{ podSelector: { matchLabels: { app: client } } }',
  '{ podSelector: { matchExpressions: [{ key: tier, operator: Exists }] } }',
  '{ namespaceSelector: {}, podSelector: { matchLabels: { tier: back } } }',
  '{ namespaceSelector: {}, podSelector: { matchLabels: { app: client } } }',
  '{ namespaceSelector: { matchLabels: { istio-injection: enabled } } }',
  '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: plain } }, podSelector: { matchLabels: { app: client } } }',
  '{ namespaceSelector: { matchExpressions: [{ key: istio-injection, operator: DoesNotExist }] } }',
  '{ ipBlock: { cidr: 10.0.0.0/8 } }',
);
const selectors = fc.constantFrom(
  '{}',
  '{ matchLabels: { app: server } }',
  '{ matchLabels: { app: client } }',
  '{ matchLabels: { gateway.networking.k8s.io/gateway-name: waypoint } }',
  '{ matchLabels: { gateway.networking.k8s.io/gateway-name: public } }',
);
const rules = fc
  .tuple(
    fc.array(peers, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', ', ports: [{ port: 15008 }]', ', ports: [{ port: 8080 }]'),
  )
  .map(([from, ports]) => ({ from: from.join(', '), ports }));
const networkPolicies = fc
  .array(fc.tuple(fc.constantFrom('amb', 'side', 'plain'), selectors, rules, fc.constantFrom('ingress', 'egress')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) =>
    all
      .map(([namespace, selector, { from, ports }, direction], index) => {
        const [type, field] = direction === 'ingress' ? ['Ingress', 'from'] : ['Egress', 'to'];
        return `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: n${index}, namespace: ${namespace} }
spec: { podSelector: ${selector}, policyTypes: [${type}], ${direction}: [{ ${field}: [${from}]${ports} }] }
`;
      })
      .join(''),
  );
const tier = fc.constantFrom('front', 'back');
const tiers = fc.record({ twin: tier, other: tier });
const authorization = fc.constantFrom(
  '',
  policy(
    'amb',
    'p',
    `{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }] }] }`,
  ),
  policy('side', 'p', `{ rules: [{ from: [{ source: { namespaces: [amb] } }] }] }`),
  policy('side', 'p', `{ action: DENY, rules: [{ from: [{ source: { principals: ['*/sa/cl*'] } }] }] }`),
);

describe('callers whom NetworkPolicies tell apart', () => {
  it('get what each of them gets by itself', () => {
    fc.assert(
      fc.property(networkPolicies, authorization, (network, policies) => {
        const mesh = meshOf(base + network + policies);
        for (const lane of lanes) expect(disagreements(mesh, lane)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('are not taken together where their own policies say the same words of pods beside them', () => {
    const more = `---
apiVersion: v1
kind: Namespace
metadata: { name: more, labels: { istio.io/dataplane-mode: ambient } }
${workload('more', 'client')}`;
    const beside = ['amb', 'more'].map(
      (namespace) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: beside, namespace: ${namespace} }
spec: { podSelector: { matchLabels: { app: client } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: {} }] }] }
`,
    );
    const mesh = meshOf([base, more, ...beside].join(''));
    const lane: Lane = { destination: destinationOf('amb/server:80'), payload: 'http' };
    expect(disagreements(mesh, lane)).toEqual([]);
    const among = callersOf(mesh).classes.filter(
      ({ source }) => source.kind === 'workload' && /client$/.test(source.workload),
    );
    expect(among.map((each) => outcome([mesh], lane, each))).toContain('ambient east denied');
    expect(among.map((each) => outcome([mesh], lane, each))).toContain('ambient east allowed');
  });

  it('are stood for by somebody who gets the same', () => {
    fc.assert(
      fc.property(networkPolicies, authorization, (network, policies) => {
        const mesh = meshOf(base + network + policies);
        const pool = callerPool(mesh);
        const planner = plannerOf(mesh, pool, 'east');
        for (const lane of lanes) {
          const scouted = planner.scout(lane);
          const chosen = pool.callers('east', withTlsNamespaces(mesh, lane, mentionsOfPlan(scouted)));
          const known = new Set(chosen.classes.map((each) => outcome([mesh], lane, each)));
          const found = callersOf(mesh).classes.map((each) => outcome([mesh], lane, each));
          expect(found.filter((each) => !known.has(each))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('are stood for by somebody of whom the same becomes where something changes', () => {
    fc.assert(
      fc.property(networkPolicies, networkPolicies, tiers, authorization, (earlier, later, was, policies) => {
        const before = meshOf(baseWith(was) + earlier + policies);
        const after = meshOf(base + later + policies);
        const callers = jointCallers(before, after);
        const states = {
          before: { mesh: before, pool: callers.poolBefore },
          after: { mesh: after, pool: callers.pool },
          callersFor: callers.callersFor,
        };
        for (const lane of lanes) {
          const way = { lane, before: [lane], isNew: false, isRouted: false };
          const { classes } = planWay(states, way).callers.after;
          const known = new Set(classes.map((each) => outcome([before, after], lane, each)));
          const found = callersOf(after).classes.map((each) => outcome([before, after], lane, each));
          expect(found.filter((each) => !known.has(each))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

/** What becomes of a request in each mesh, by what its caller speaks. */
function outcome(meshes: readonly Mesh[], { destination }: Lane, { source, caller }: CallerClass): string {
  const { speaks, cluster } = caller;
  const verdicts = meshes.map((mesh) => decide(mesh, { source, destination, payload: get() }).verdict.kind);
  return [speaks, cluster, ...verdicts].join(' ');
}
