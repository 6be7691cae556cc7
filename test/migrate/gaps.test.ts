import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-code.js';
import { runCli } from '../../src/cli/run-cli.js';
import { gapDiagnostic, gapsOf } from '../../src/migrate/plan/gaps.js';
import type { State } from '../../src/migrate/plan/phase.js';
import { type MigrationPlan, makePlan } from '../../src/migrate/plan/plan.js';
import { findingsIn } from '../../src/migrate/plan/prove-state.js';
import type { Deployment, OutputFile, Source } from '../../src/pipeline.js';
import { newMemory } from '../../src/util/memory.js';
import { memoryHost } from '../support/memory-host.js';
import { boutique, circle } from './projects.js';

const today = '2026-06-01';

function planOf(sources: readonly Source[]): MigrationPlan {
  const { value, diagnostics } = makePlan(sources, { target: 'ambient', namespaces: [], today });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  if (value === undefined) throw new Error('there is no plan');
  return value;
}

function toldBy(sources: readonly Source[]): readonly string[] {
  return planOf(sources)
    .gaps.map(gapDiagnostic)
    .map(({ code, message }) => `${code} ${message}`);
}

/** The store calls the carts, and nobody calls the store. */
const pair = boutique.filter(({ path }) =>
  ['mesh.yaml', 'store.yaml', 'carts.yaml', 'intents/carts.yaml'].includes(path),
);

function filterIn(namespace: string, selector = ''): Source {
  const text = `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: by-hand, namespace: ${namespace} }
spec:
  ${selector}
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: SIDECAR_INBOUND }
      patch: { operation: INSERT_BEFORE, value: { name: lua } }
`;
  return { path: 'filter.yaml', text };
}

describe('a plan tells what no order helps against', () => {
  it('AMB7132: two that call each other, and whose rules are about requests', () => {
    const told = toldBy(circle(false)).map((text) => text.slice(0, 49));
    expect(told.toSorted()).toEqual([
      'AMB7132 within 07-restart: `carts/carts` refuses ',
      'AMB7132 within 07-restart: `store/store` refuses ',
    ]);
  });

  it('AMB7133: affinity, which a waypoint keeps to only by a route of the Gateway API', () => {
    const affinity = `apiVersion: ambit.dev/v1alpha1
kind: TrafficSettings
metadata: { name: carts }
spec: { scope: { service: carts/carts }, affinity: { header: x-user } }
`;
    expect(toldBy([...pair, { path: 'intents/affinity.yaml', text: affinity }])).toContainEqual(
      expect.stringMatching(/^AMB7133 from \d\d-restart until \d\d-routes: .*`affinity` is none, not header x-user$/),
    );
  });

  it('AMB7134: an EnvoyFilter, until the sidecars that it changes are gone', () => {
    expect(toldBy([...pair, filterIn('carts', 'workloadSelector: { labels: { app: carts } }')])).toEqual([
      'AMB7134 until 09-restart, as before anything moves: not proved for `carts/carts`: what EnvoyFilter carts/by-hand changes',
    ]);
  });
});

describe('what is told of several', () => {
  it('AMB7134: ends for each with a step of its own, and is no news for those who are left', () => {
    expect(toldBy([...boutique, filterIn('istio-system')])).toEqual([
      'AMB7134 until 09-restart, as before anything moves: not proved for `carts/carts` and 2 more: what EnvoyFilter istio-system/by-hand changes',
      'AMB7134 until 17-restart, as before anything moves: not proved for `payments/payments`: what EnvoyFilter istio-system/by-hand changes',
    ]);
  });
});

/** The carts deny one method to the store, and let all else through. */
const denial: readonly Source[] = [
  ...pair.filter(({ path }) => path !== 'intents/carts.yaml'),
  {
    path: 'intents/carts.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: carts }
spec:
  scope: { namespace: carts }
  mtls: { mode: Strict }
  authorization:
    default: Allow
    deny: [{ name: no-deletes, from: [{ service: store/store }], to: [{ service: carts, methods: [DELETE] }] }]
`,
  },
];

/** What is told of a state that somebody brought about without the plan. */
function toldOf(sources: readonly Source[], change: (end: State) => State): readonly string[] {
  const plan = planOf(sources);
  const { topology, resolved } = plan.before;
  const phase = plan.phases.at(-1);
  const end = phase?.states.at(-1);
  if (phase === undefined || end === undefined || !topology || !resolved) throw new Error('the plan is empty');
  const reshape = (deployment: Deployment) => deployment;
  const subject = { sources, memory: newMemory(), topology, resolved, today, reshape };
  expect(findingsIn(subject, end)).toEqual([]);
  const state = change(end);
  const gaps = gapsOf([{ phase, state, findings: findingsIn(subject, state) }], []);
  return gaps.map(gapDiagnostic).map(({ code, witness }) => `${code} ${witness}`);
}

function without(files: readonly OutputFile[], ...texts: readonly string[]): readonly OutputFile[] {
  expect(texts.filter((text) => !files.some(({ path }) => path.includes(text)))).toEqual([]);
  return files.filter(({ path }) => !texts.some((text) => path.includes(text)));
}

describe('a migration by hand is caught with the request that shows it', () => {
  it('AMB7131: policies with targetRefs, and Services that no waypoint is asked for', () => {
    const told = toldOf(denial, (end) => ({ ...end, applied: without(end.applied, '/30-enrolment/', 'guard') }));
    expect(told).toEqual([expect.stringMatching(/^AMB7131 DELETE \/ from store\/store to carts\/carts:80 is allowed/)]);
  });

  it('AMB7131 and AMB7132: a guard at the pods, and no waypoint, whose name is free for anybody', () => {
    const told = toldOf(pair, (end) => ({ ...end, applied: without(end.applied, '/10-infrastructure/') }));
    expect(told).toEqual([
      expect.stringMatching(
        /^AMB7131 X \/ from a new ambient workload as carts\/waypoint to carts\/carts:80 is allowed/,
      ),
      expect.stringMatching(/^AMB7132 GET \/ from store\/store to carts\/carts:80 is denied/),
    ]);
  });

  it('AMB7132: callers last', () => {
    const told = toldOf(pair, (end) => ({ ...end, moment: { ...end.moment, moved: new Set(['east/carts/carts']) } }));
    expect(told).toEqual([expect.stringMatching(/^AMB7132 \w+ \/ from store\/store to carts\/carts:80 is denied/)]);
  });
});

it('nothing is written where a policy by hand, of which no intent speaks, would be held otherwise', async () => {
  const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: by-hand, namespace: store }
spec:
  selector: { matchLabels: { app: store } }
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`;
  const sources = [...pair, { path: 'by-hand.yaml', text: policy }];
  expect(planOf(pair).blockers).toEqual([]);
  expect(planOf(sources).blockers.map(({ code }) => code)).toEqual(['AMB7106']);
  const files = Object.fromEntries(sources.map(({ path, text }) => [`/work/${path}`, text]));
  const host = memoryHost({ files });
  const paths = sources.flatMap(({ path }) => ['-f', path]);
  expect(await runCli(['migrate', 'plan', ...paths, '--output-dir', 'plan'], host)).toBe(exitCodes.refused);
  expect(host.stderr()).toContain('nothing is written');
  expect(() => host.files.list('/work/plan')).toThrow();
});
