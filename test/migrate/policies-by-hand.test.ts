import { describe, expect, it } from 'vitest';
import { decide } from '../../src/mesh/decide.js';
import { type Mesh, readMesh } from '../../src/mesh/mesh.js';
import type { Request } from '../../src/mesh/request.js';
import { gapDiagnostic, isOfTheMove } from '../../src/migrate/plan/gaps.js';
import type { State } from '../../src/migrate/plan/phase.js';
import { type MigrationPlan, makePlan } from '../../src/migrate/plan/plan.js';
import { findingsIn, startingFrom } from '../../src/migrate/plan/prove-state.js';
import { type Target, targets } from '../../src/migrate/states/labels-of-state.js';
import { deploymentAt, steady } from '../../src/migrate/states/moment.js';
import { type Deployment, type Source, verify } from '../../src/pipeline.js';
import { newMemory } from '../../src/util/memory.js';
import { boutique, withAmbient } from './projects.js';

const today = '2026-06-01';
const given: readonly Source[] = boutique.filter(({ path }) => !path.startsWith('intents/'));

/** Who may call the carts, and how. */
function intents(...allow: readonly string[]): Source {
  const text = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: carts }
spec:
  scope: { namespace: carts }
  mtls: { mode: Strict }
  authorization:
    default: Deny
    allow:
${allow.map((rule) => `      - ${rule}\n`).join('')}`;
  return { path: 'intents/carts.yaml', text };
}

/** Waypoints come of these, for ztunnel knows no methods. */
const byRequests = intents(
  '{ name: some, from: [{ service: store/store }, { service: goods/goods }, { service: orders/orders }], to: [{ service: carts, methods: [GET, POST] }] }',
  '{ name: one, from: [{ service: payments/payments }], to: [{ service: carts, methods: [DELETE] }] }',
);
const byCallers = intents(
  '{ name: some, from: [{ service: store/store }, { service: goods/goods }], to: [{ service: carts }] }',
);

function byHand(rules: string): Source {
  const text = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: by-hand, namespace: carts }
spec: { action: DENY, rules: [${rules}] }
`;
  return { path: 'by-hand.yaml', text };
}

function sourcesOf(target: Target, ...more: readonly Source[]): readonly Source[] {
  const all = [...given, ...more];
  return target === 'ambient' ? all : withAmbient(all);
}

function planOf(sources: readonly Source[], target: Target): MigrationPlan {
  const { value, diagnostics } = makePlan(sources, { target, namespaces: [], today });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  if (value === undefined) throw new Error('there is no plan');
  return value;
}

function toldOf(target: Target, ...more: readonly Source[]): readonly string[] {
  const { gaps } = planOf(sourcesOf(target, ...more), target);
  return gaps
    .filter(isOfTheMove)
    .map(gapDiagnostic)
    .map(({ code, message }) => `${code} ${message}`);
}

const policies = {
  everything: byHand('{}'),
  'some callers': byHand('{ from: [{ source: { namespaces: [store, goods] } }] }'),
  'all callers but one': byHand('{ from: [{ source: { notNamespaces: [store] } }] }'),
  'one caller and some requests': byHand(
    '{ from: [{ source: { namespaces: [goods] } }] }, { to: [{ operation: { methods: [DELETE] } }] }',
  ),
};

describe('what a policy by hand refuses before anything moves is told of no state', () => {
  it.each(targets)('on the way to %s, however many callers have moved', (target) => {
    expect(toldOf(target, byRequests, policies.everything)).toEqual([]);
    expect(toldOf(target, byCallers, policies.everything)).toEqual([]);
  });

  it.each(targets)('on the way to %s, where it refuses some callers', (target) => {
    expect(toldOf(target, byCallers, policies['some callers'])).toEqual([]);
  });
});

describe('what it refuses beside that from some state on is told', () => {
  it('more callers, where a waypoint comes between', () => {
    expect(toldOf('ambient', byRequests, policies['all callers but one'])).toEqual([
      'AMB7132 from 07-enrolment on, and no later step ends it: existing policy `carts/by-hand` refuses what the intents allow: GET or POST from store/store to carts/carts:80',
    ]);
  });

  it('more requests, where sidecars read them', () => {
    expect(toldOf('sidecar', byCallers, policies['one caller and some requests']).at(-1)).toBe(
      'AMB7132 from 04-restart on, and no later step ends it: existing policy `carts/by-hand` refuses what the intents allow: DELETE from store/store to carts/carts:80',
    );
  });

  it('all of it, where it refused nothing of what intents allow', () => {
    const denied = byHand('{ to: [{ operation: { methods: [DELETE] } }] }');
    expect(toldOf('sidecar', byCallers, denied).at(-1)).toMatch(/^AMB7132 from 04-restart on, .* allow: DELETE from/);
  });
});

it('is told to end where it does', () => {
  const denied = byHand('{ from: [{ source: { namespaces: [store] } }] }');
  expect(toldOf('ambient', byRequests, denied)).toEqual([
    'AMB7132 until 07-enrolment, as before anything moves: existing policy `carts/by-hand` refuses what the intents allow: GET or POST from store/store to carts/carts:80',
  ]);
});

/** Every request of a few that the intents allow, of which a policy by hand may refuse each. */
const requests: readonly Request[] = ['store', 'goods', 'orders', 'payments'].flatMap((name) =>
  ['GET', 'POST', 'DELETE', 'X'].map((method) => ({
    source: { kind: 'workload', cluster: 'east', workload: `${name}/${name}` },
    destination: { kind: 'service', cluster: 'east', service: 'carts/carts', workload: 'carts/carts', port: 80 },
    payload: { kind: 'http', method, path: '/', host: 'carts.carts', headers: {} },
  })),
);

describe('in each state, by single requests', () => {
  const cases = Object.entries({ byRequests, byCallers }).flatMap(([intents, rules]) =>
    Object.entries(policies).flatMap(([denied, policy]) =>
      targets.map((target) => ({ intents, rules, denied, policy, target })),
    ),
  );

  it.each(cases)('what is refused anew is found, and nothing else: $denied, $intents, to $target', (each) => {
    const sources = sourcesOf(each.target, each.rules, each.policy);
    const plan = planOf(sources, each.target);
    const { topology, resolved } = plan.before;
    const states = plan.phases.flatMap(({ states, rollback }) => [...states, ...rollback.states]);
    const start = states.find(({ title }) => title === 'nothing has moved');
    if (topology === undefined || resolved === undefined || start === undefined) throw new Error('there is no start');
    const reshape = steady((deployment: Deployment) => deployment);
    const project = { sources, memory: newMemory(), topology, resolved, today, reshape };
    const { atStart, subject } = startingFrom(project, start);
    const meshOf = ({ moment, applied }: State): Mesh => {
      const shaped = (deployment: Deployment) => deploymentAt(reshape(deployment), topology, moment);
      const judged = verify(sources, { today, reshape: shaped, applied, resolved });
      if (judged.topology === undefined) throw new Error('a state is a mesh');
      return readMesh(judged.topology).value;
    };
    const refusedIn = (mesh: Mesh) =>
      new Set(requests.filter((request) => /carts\/by-hand denies/.test(decide(mesh, request).because)));
    const allowed = new Set(requests.filter((request) => isAllowed(each.rules, request)));
    const before = refusedIn(meshOf(start));
    expect(atStart.length > 0).toBe([...before].some((request) => allowed.has(request)));
    for (const state of states.filter((state) => state !== start)) {
      const anew = [...refusedIn(meshOf(state))].filter((request) => allowed.has(request) && !before.has(request));
      const told = findingsIn(subject, state).filter(({ wasSo, code }) => wasSo !== true && code === 'AMB5004');
      expect([state.title, told.length > 0]).toEqual([state.title, anew.length > 0]);
    }
  });
});

function isAllowed(rules: Source, { source, payload }: Request): boolean {
  if (source.kind !== 'workload' || payload.kind !== 'http') return false;
  const { workload } = source;
  const isOfSome = ['store/store', 'goods/goods'].includes(workload);
  if (rules === byCallers) return isOfSome;
  if (workload === 'payments/payments') return payload.method === 'DELETE';
  return (isOfSome || workload === 'orders/orders') && ['GET', 'POST'].includes(payload.method);
}
