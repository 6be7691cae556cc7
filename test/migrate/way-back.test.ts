import { describe, expect, it } from 'vitest';
import { gapDiagnostic, gapsOf, gapsOnTheWayBack, type JudgedState } from '../../src/migrate/plan/gaps.js';
import type { Phase, State } from '../../src/migrate/plan/phase.js';
import { makePlan } from '../../src/migrate/plan/plan.js';
import { rollbackCommands } from '../../src/migrate/plan/plan-files.js';
import { findingsIn, type Subject } from '../../src/migrate/plan/prove-state.js';
import { runningOn, withLabels } from '../../src/migrate/states/labels-of-state.js';
import { type Deployment, deploymentAt, type Moment } from '../../src/migrate/states/moment.js';
import { verify } from '../../src/pipeline.js';
import { keyInMesh, type Topology } from '../../src/topology/model.js';
import { newMemory } from '../../src/util/memory.js';
import { once } from '../../src/util/once.js';
import { behindTheirOwn, boutique, deniedByHeaderAlone, example, withAmbient, withSidecars } from './projects.js';

const today = '2026-06-01';

const journeys = (
  [
    ['the bookshop to ambient', withSidecars(example('bookshop')), 'ambient'],
    ['the bookshop to sidecars', example('bookshop'), 'sidecar'],
    ['the boutique to ambient', boutique, 'ambient'],
    ['the boutique to sidecars', withAmbient(boutique), 'sidecar'],
    ['a shop that denies by a header to ambient', deniedByHeaderAlone, 'ambient'],
    ['a shop that denies by a header to sidecars', withAmbient(deniedByHeaderAlone), 'sidecar'],
    ['a shop with a waypoint of its own to ambient', behindTheirOwn, 'ambient'],
    ['a shop with a waypoint of its own to sidecars', withAmbient(behindTheirOwn), 'sidecar'],
  ] as const
).map(([name, sources, target]) => ({
  name,
  planned: once(() => {
    const { value: plan } = makePlan(sources, { target, namespaces: [], today });
    const { topology, resolved } = plan?.before ?? {};
    if (plan === undefined || !topology || !resolved) throw new Error('there is a plan');
    const subject: Subject = { sources, topology, resolved, today, memory: newMemory(), reshape: (each) => each };
    return { plan, subject };
  }),
}));

/** What is applied once a phase has been taken back, by the commands that a person types and the files that they name. */
function takenBack({ name, rollback }: Phase, applied: State['applied'], clusters: readonly string[]) {
  const pathOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);
  const texts = new Map(applied.map(({ path, text }) => [pathOf(path), text]));
  for (const command of rollbackCommands({ name, rollback } as Phase, clusters)) {
    const removal =
      /^kubectl delete (?<kind>\S+) (?<object>\S+) --namespace (?<namespace>\S+)$/.exec(command) ??
      /^kubectl label (?<kind>service) (?<object>\S+) --namespace (?<namespace>\S+) istio.io\/use-waypoint-/.exec(
        command,
      );
    const { kind, object, namespace } = removal?.groups ?? {};
    if (kind !== undefined) expect(texts.delete(`${kind}.${namespace}.${object}.yaml`)).toBe(true);
    if (command.startsWith('kubectl apply')) for (const { path, text } of rollback.files) texts.set(pathOf(path), text);
  }
  return Object.fromEntries([...texts].sort().map(([path, text]) => [path, withoutAge(text)]));
}

function withoutAge(text: string): string {
  return text.replace(/\n {2}creationTimestamp: .*/, '');
}

describe.each(journeys)('$name', ({ planned }) => {
  it('each phase is taken back to what was applied before it', () => {
    const { plan } = planned();
    let before = plan.before.files;
    for (const phase of plan.phases) {
      const after = phase.states.at(-1)?.applied ?? before;
      // The states of routes are proved without those that the new ones stand beside.
      const standing = phase.name.endsWith('-routes') ? [...before, ...phase.files] : after;
      expect([phase.name, takenBack(phase, standing, plan.clusters)]).toEqual([
        phase.name,
        takenBack({ ...phase, rollback: { files: [], commands: [], states: [] } }, before, plan.clusters),
      ]);
      before = phase.name.endsWith('-routes') ? standing : after;
    }
  });

  it('pods that are brought back are in states of the way there, whatever their namespaces say meanwhile', () => {
    const { plan, subject } = planned();
    const restarts = plan.phases.filter(({ name }) => name.endsWith('-restart'));
    expect(restarts.length).toBeGreaterThan(1);
    for (const { name, states, rollback } of restarts) {
      const before = plan.phases[plan.phases.findIndex((each) => each.name === name) - 1]?.states ?? [];
      const [torn = '', again] = rollback.commands
        .flatMap((each) => ('kubectl' in each ? [each.kubectl] : []))
        .filter((each) => each.startsWith('label namespace'));
      expect(again).toBeDefined();
      for (const { moment, applied } of [...before.slice(-1), ...states]) {
        const forth = verifiedAt(subject, applied, (given) => deploymentAt(given, subject.topology, moment));
        const back = verifiedAt(subject, applied, (given) =>
          bringingBack(deploymentAt(given, subject.topology, moment), subject.topology, moment, torn),
        );
        expect(inPlaces(back.topology)).toEqual(inPlaces(forth.topology));
        expect(back.diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
      }
    }
  });
});

function verifiedAt(
  { sources, memory }: Subject,
  applied: State['applied'],
  reshape: (deployment: Deployment) => Deployment,
) {
  const { topology, diagnostics } = verify(sources, { today, memory, reshape, applied });
  return { topology, diagnostics: diagnostics.filter(({ severity }) => severity === 'error') };
}

/** The deployment while a restart is taken back: the namespaces are labelled as the command has it, and pods run as they did. */
function bringingBack(
  { mesh, objects }: Deployment,
  { clusters }: Topology,
  moment: Moment,
  command: string,
): Deployment {
  const words = command.split(' ').slice(4);
  const wanted = Object.fromEntries(
    words.map((word) => (word.endsWith('-') ? [word.slice(0, -1), undefined] : word.split('='))),
  );
  const [, , namespace = ''] = command.split(' ');
  const moved = new Set(
    clusters.flatMap(({ workloads }) =>
      [...workloads.values()].filter((each) => moment.moved.has(keyInMesh(each))).map(({ object }) => nameOf(object)),
    ),
  );
  return {
    mesh,
    objects: objects.map((each) => {
      const { object } = each;
      if (object.kind === 'Namespace' && object.name === namespace)
        return { ...each, object: withLabels(object, [], wanted) };
      return moved.has(nameOf(object)) ? { ...each, object: runningOn(object, moment.target) } : each;
    }),
  };
}

function nameOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}): string {
  return [kind, namespace, name].join(' ');
}

/** Where everybody is, of all that a topology says. */
function inPlaces(topology: Topology | undefined) {
  return topology?.clusters.flatMap(({ workloads, services }) => [
    ...[...workloads.values()].map((each) => [keyInMesh(each), each.mode.plane, each.mode.hbone, each.serviceAccount]),
    ...[...services.values()].map(({ namespace, name, binding }) => [namespace, name, binding]),
  ]);
}

it('what only taking a phase back brings about is told of the way back', () => {
  const { plan, subject } = journeys[2]?.planned() ?? {};
  if (plan === undefined || subject === undefined) throw new Error('there is a plan');
  const phase = plan.phases.find(({ name }) => name.endsWith('-policies'));
  const [state] = phase?.states ?? [];
  if (phase === undefined || state === undefined) throw new Error('there are policies');
  const judge = (applied: State['applied']): JudgedState => {
    const judged = { ...state, title: 'the copies are gone too early', applied };
    return { phase, state: judged, findings: findingsIn(subject, judged) };
  };
  const whole = judge(state.applied);
  // A guard without the copy beside it closes the Service to sidecars.
  const torn = judge(state.applied.filter(({ path }) => !path.includes('-until-moved')));
  expect(gapsOf([whole], [])).toEqual([]);
  const told = gapsOnTheWayBack([torn, torn], [whole], []).map(gapDiagnostic);
  expect(told.map(({ code, message }) => `${code} ${message}`.split('`')[1])).toEqual([
    'carts/carts',
    'goods/goods',
    'orders/orders',
  ]);
  expect(told[0]?.message).toMatch(
    /^while 04-waypoint-policies is taken back: `carts\/carts` refuses what the intents allow/,
  );
  expect(new Set(told.map(({ code }) => code))).toEqual(new Set(['AMB7132']));
  expect(told[0]?.notes[0]?.message).toBe('while the copies are gone too early');
  expect(gapsOnTheWayBack([torn], [torn], [])).toEqual([]);
});
