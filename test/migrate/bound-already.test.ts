import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/migrate/plan/plan.js';
import { phaseCommands, rollbackCommands } from '../../src/migrate/plan/plan-files.js';
import type { Source } from '../../src/pipeline.js';
import { told } from './planning.js';
import { boutique, withAmbient } from './projects.js';

/** The store calls the carts, whose Service or namespace asks for a waypoint by a label that is no part of what is written. */
const pair = boutique.filter(({ path }) =>
  ['mesh.yaml', 'store.yaml', 'carts.yaml', 'intents/carts.yaml'].includes(path),
);

const labelled = {
  Service: (text: string) =>
    text.replace('{ name: carts, namespace: carts }\nspec:\n  selector: { app', (found) =>
      found.replace('carts }', 'carts, labels: { istio.io/use-waypoint: waypoint } }'),
    ),
  namespace: (text: string) =>
    text.replace(
      'labels: { istio.io/dataplane-mode: ambient } }',
      'labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }',
    ),
};

function asking(sources: readonly Source[], who: keyof typeof labelled): readonly Source[] {
  const changed = sources.map((each) =>
    each.path === 'carts.yaml' ? { ...each, text: labelled[who](each.text) } : each,
  );
  expect(changed).not.toEqual(sources);
  return changed;
}

function planBack(sources: readonly Source[], workloads: readonly string[] = []) {
  const { value, diagnostics } = makePlan(sources, {
    target: 'sidecar',
    namespaces: [],
    workloads,
    today: '2026-06-01',
  });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  if (value === undefined) throw new Error('there is no plan');
  return value;
}

const noLabel = { metadata: { labels: { 'istio.io/use-waypoint': null } } };

describe('on the way back to sidecars a label that asks for a waypoint', () => {
  it.each(['Service', 'namespace'] as const)('goes with the waypoint, where the %s has it already', (who) => {
    const plan = planBack(asking(withAmbient(pair), who));
    expect(told(plan)).toEqual([]);
    const [unbinding] = plan.phases.filter(({ name }) => name.endsWith('-unbinding'));
    expect(unbinding?.patches.map(({ file, patch }) => [file, patch])).toEqual([
      [who === 'Service' ? 'service.carts.carts' : 'namespace.carts', noLabel],
    ]);
    expect(unbinding?.rollback.commands).toEqual([
      {
        cluster: 'east',
        kubectl: `label ${who === 'Service' ? 'service carts --namespace carts' : 'namespace carts'} --overwrite istio.io/use-waypoint=waypoint`,
      },
    ]);
    const bindings = plan.after.topology?.clusters.flatMap(({ services }) =>
      [...services.values()].map((each) => each.binding.kind),
    );
    expect(new Set(bindings)).toEqual(new Set(['unlabelled']));
    const order = plan.phases.map(({ name }) => name.slice(3));
    expect(order.indexOf('unbinding')).toBeGreaterThan(order.indexOf('restart'));
    expect(order.indexOf('unbinding')).toBeLessThan(order.indexOf('cleanup'));
  });

  it('goes also where all pods have sidecars, as do the labels of ambient beside it', () => {
    const torn = asking(withAmbient(pair), 'Service').map((each) => ({
      ...each,
      text: each.text.replace(
        'istio.io/dataplane-mode: ambient',
        'istio.io/dataplane-mode: ambient, istio-injection: enabled',
      ),
    }));
    const plan = planBack(torn);
    expect(plan.phases.map(({ name, patches }) => [name.slice(3), patches.map(({ file }) => file)])).toEqual([
      ['unbinding', ['service.carts.carts']],
      ['leaving', ['namespace.carts', 'namespace.store']],
    ]);
  });

  it('goes with the only workload behind it, where single ones move, and namespaces stay as they are', () => {
    const { phases } = planBack(asking(withAmbient(pair), 'Service'), ['carts/carts']);
    expect(phases.map(({ name, patches }) => [name.slice(3), patches.map(({ file }) => file)])).toContainEqual([
      'unbinding',
      ['service.carts.carts'],
    ]);
    expect(phases.flatMap(({ patches }) => patches).filter(({ target }) => target.kind === 'namespace')).toEqual([]);
  });
});

/** The waypoint that the Service of the carts asks for, as somebody wrote it. */
const byHand = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: carts }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;

describe('on the way back to sidecars a waypoint that somebody wrote by hand', () => {
  const withWaypoint = [...asking(withAmbient(pair), 'Service'), { path: 'waypoint.yaml', text: byHand }];

  it('may be deleted once no call comes through it', () => {
    const plan = planBack(withWaypoint);
    expect(told(plan)).toEqual([]);
    const cleanup = plan.phases.find(({ name }) => name.endsWith('-cleanup'));
    expect(cleanup?.namespaces).toEqual(['east/carts']);
    expect(cleanup && phaseCommands(cleanup, plan.clusters).at(-1)).toBe(
      '# Gateway carts/waypoint, which Ambit did not write, may go, since nothing asks for it any more: take it out of your ' +
        'manifests, and `kubectl delete gateway waypoint --namespace carts`',
    );
    expect(cleanup && rollbackCommands(cleanup, plan.clusters).at(-1)).toBe(
      '# apply Gateway carts/waypoint again if you have deleted it',
    );
  });

  it('stays while others ask for it', () => {
    const other = `apiVersion: v1
kind: Service
metadata: { name: elsewhere, namespace: carts, labels: { istio.io/use-waypoint: waypoint } }
spec: { ports: [{ name: http, port: 80 }] }
`;
    const { phases, clusters } = planBack([...withWaypoint, { path: 'elsewhere.yaml', text: other }]);
    expect(phases.flatMap((phase) => phaseCommands(phase, clusters)).join('\n')).not.toContain('carts/waypoint');
  });
});
