import { describe, expect, it } from 'vitest';
import { notYetReady } from '../../src/migrate/plan/beside.js';
import type { Phase, State } from '../../src/migrate/plan/phase.js';
import type { Target } from '../../src/migrate/states/labels-of-state.js';
import { copyEnding } from '../../src/migrate/status/copies.js';
import { standings } from '../../src/migrate/status/standing.js';
import { type JudgedNamespace, type MigrationStatus, statusOf } from '../../src/migrate/status/status.js';
import type { Source } from '../../src/pipeline.js';
import { statusToText } from '../../src/report/migration/status-text.js';
import { once } from '../../src/util/once.js';
import { dumpsOf } from './dumps-of-plan.js';
import { planOf } from './planning.js';
import { boutique, example, withAmbient, withSidecars } from './projects.js';

/** A dump of a cluster in each state of a plan that is proved without a gap, and what is told of it. */

const today = '2026-06-01';

interface Told {
  readonly phase: number;
  readonly isLast: boolean;
  readonly state: State;
  readonly status: MigrationStatus;
}

function journey(given: readonly Source[], target: Target) {
  const sources = target === 'ambient' ? withSidecars(given) : withAmbient(given);
  const plan = planOf({ sources, reshape: (deployment) => deployment }, target);
  const dumped = dumpsOf(sources, today);
  const statusIn = (state: State, hasIntents = true) => {
    const given = dumped(state).filter(({ path }) => hasIntents || path !== 'intents.yaml');
    const { value, diagnostics } = statusOf(given, { target, today });
    if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    return value;
  };
  return { plan, statusIn };
}

const journeys = {
  'bookshop to ambient': once(() => journey(example('bookshop'), 'ambient')),
  'bookshop to sidecar': once(() => journey(example('bookshop'), 'sidecar')),
  'boutique to sidecar': once(() => journey(boutique, 'sidecar')),
};
const names = Object.keys(journeys) as Array<keyof typeof journeys>;

/** What is told to do, by the phase that does it. */
const doneIn: ReadonlyArray<readonly [RegExp, readonly string[]]> = [
  [/^apply its policies.*, those for waypoints before/, ['waypoint-policies', 'policies']],
  [/^apply its policies/, ['policies']],
  [/^bring up/, ['waypoints']],
  [/^let waypoints in at its pods/, ['policies', 'enrolment']],
  [/^waypoint .* does not serve/, ['enrolment']],
  [/^bind its Services/, ['enrolment']],
  [/^label it/, ['labels']],
  [/^restart/, ['restart']],
  [/^take `istio.io\/use-waypoint` off/, ['unbinding']],
  [/^take `istio.io\/dataplane-mode` off/, ['leaving']],
  [/^delete/, ['cleanup']],
];

const kindOf = ({ name }: Phase) => name.replace(/^\d+-/, '');
const phasesDoing = (what: string) => doneIn.find(([pattern]) => pattern.test(what))?.[1] ?? [];
const told = ({ status }: Told, namespace: string): JudgedNamespace => {
  const found = status.namespaces.find((each) => `${each.cluster}/${each.namespace}` === namespace);
  if (found === undefined) throw new Error(`nothing is told of ${namespace}`);
  return found;
};

describe.each(names)('the way of %s', (name) => {
  const walk = once(() => {
    const { plan, statusIn } = journeys[name]();
    const states = plan.phases.flatMap(({ states: own }, phase) =>
      own.map((state, index): Told => ({ phase, isLast: index === own.length - 1, state, status: statusIn(state) })),
    );
    /** The phases about a namespace that are still to come: in the midst of one, it as well. */
    const toCome = ({ phase, isLast }: Told, namespace: string) =>
      plan.phases
        .slice(isLast ? phase + 1 : phase)
        .filter(({ namespaces }) => namespaces.includes(namespace))
        .map(kindOf);
    const namespaces = [...new Set(plan.phases.flatMap((phase) => phase.namespaces))];
    return { plan, states, toCome, namespaces };
  });

  it('leads each namespace from one standing to the next, and ends where nothing is to come', () => {
    const { states, namespaces, toCome } = walk();
    for (const namespace of namespaces) {
      const ranks = states
        .filter(({ isLast }) => isLast)
        .map((each) => standings.indexOf(told(each, namespace).standing));
      expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
      for (const each of states) {
        expect(told(each, namespace).standing === 'done').toBe(toCome(each, namespace).length === 0);
      }
    }
  });

  it('tells as missing what the next phases bring', () => {
    const { states, namespaces, toCome } = walk();
    for (const each of states) {
      for (const namespace of namespaces) {
        const { standing, missing } = told(each, namespace);
        const coming = toCome(each, namespace);
        expect(missing.length > 0, `${each.state.title}: ${namespace}`).toBe(!['not begun', 'done'].includes(standing));
        for (const what of missing) {
          expect(
            coming.filter((kind) => phasesDoing(what).includes(kind)),
            `${each.state.title}: ${what}`,
          ).not.toEqual([]);
        }
      }
    }
  });

  it('tells of each step before it is taken', () => {
    const { plan, states } = walk();
    const steps = [
      ...['copies', 'waypoint-policies', 'waypoints', 'policies', 'enrolment', 'labels', 'restart'],
      ...['unbinding', 'leaving', 'cleanup'],
    ];
    const taken = states.filter(({ isLast, phase }) => {
      const next = plan.phases[phase + 1];
      return isLast && next !== undefined && steps.includes(kindOf(next));
    });
    expect(taken.length).toBeGreaterThan(3);
    for (const each of taken) {
      const next = plan.phases[each.phase + 1];
      for (const namespace of next?.namespaces ?? []) {
        const { standing, missing } = told(each, namespace);
        if (standing !== 'not begun') expect(missing.flatMap(phasesDoing)).toContain(next && kindOf(next));
      }
    }
  });

  it('finds nothing now, and nothing unsafe but restarts that come too early or too late', () => {
    const { states, namespaces, toCome } = walk();
    for (const each of states) {
      const text = statusToText(each.status);
      expect(each.status.findings, text).toEqual([]);
      expect(text).not.toMatch(/not safe to (go|take)/);
      for (const namespace of namespaces) {
        const { on, back, moved, workloads } = told(each, namespace);
        const coming = toCome(each, namespace);
        if (!coming.some((kind) => kind === 'policies' || kind === 'enrolment')) expect(on ?? []).toEqual([]);
        if (coming.includes('unbinding') || moved < workloads) expect(back ?? []).toEqual([]);
      }
    }
  });
});

it.each(['bookshop to ambient', 'bookshop to sidecar'] as const)(
  'on the way of %s old routes stand beside new ones, and either is right until the old ones are deleted',
  (name) => {
    const { plan, statusIn } = journeys[name]();
    const index = plan.phases.findIndex((phase) => kindOf(phase) === 'routes');
    const [before, state] = [plan.phases[index - 1]?.states.at(-1), plan.phases[index]?.states.at(-1)];
    const old = before?.applied.filter(({ path }) => !state?.applied.some((file) => file.path === path)) ?? [];
    expect(old.length).toBeGreaterThan(1);
    const status = state && statusIn({ ...state, applied: [...state.applied, ...old] });
    const [bookshop] = status?.namespaces ?? [];
    expect(status?.findings).toEqual([]);
    expect(bookshop?.on).toEqual([]);
    const kind = name.endsWith('ambient') ? 'VirtualService' : 'HTTPRoute';
    expect(bookshop?.missing.join()).toContain(`, ${kind} \`catalog\`, ${kind} \`reviews\``);
  },
);

it.each(['bookshop to ambient', 'bookshop to sidecar'] as const)(
  'what %s leaves until its cleanup is told, whatever of it is left',
  (name) => {
    const { plan, statusIn } = journeys[name]();
    const [before, end] = plan.phases.slice(-2).map(({ states }) => states.at(-1));
    if (before === undefined || end === undefined) throw new Error('the plan has a cleanup');
    const objectsIn = (texts: string) => [...texts.matchAll(/(\w+) `([^`]+)`/g)].map(([, kind, of]) => `${kind} ${of}`);
    const toldIn = (state: State) =>
      objectsIn(
        statusIn(state)
          .namespaces.flatMap(({ missing }) => missing)
          .join(),
      );
    const isLeft = ({ path }: { readonly path: string }) => !end.applied.some((each) => each.path === path);
    const left = before.applied.filter(isLeft).flatMap(({ text }) => {
      const [kind, of] = [/^kind: (.*)$/m.exec(text)?.[1], /^ {2}name: (.*)$/m.exec(text)?.[1]];
      return text.includes('# a patch: ') ? [] : [`${kind} ${of}`];
    });
    expect(left.length).toBeGreaterThan(3);
    expect(toldIn(before).toSorted()).toEqual(left.toSorted());
    const stopped = { ...end, applied: [...end.applied, ...before.applied.filter(isLeft).slice(-1)] };
    expect(toldIn(stopped)).toHaveLength(1);
    expect(statusIn(stopped).namespaces[0]?.standing).toBe('moved, and old objects are left');
  },
);

describe('a plan that is not kept to', () => {
  const stateOf = (name: keyof typeof journeys, phase: string) => {
    const { plan, statusIn } = journeys[name]();
    const state = plan.phases.find((each) => kindOf(each) === phase)?.states.at(-1);
    if (state === undefined) throw new Error(`no state of ${phase}`);
    return { state, statusIn };
  };
  const witnesses = ({ findings }: MigrationStatus) => findings.map(({ witness }) => witness).join('\n');
  const closed = 'GET /books from bookshop/storefront to bookshop/catalog:80 is denied';

  it('restarts pods while nothing stands for ambient', () => {
    const { state, statusIn } = stateOf('bookshop to ambient', 'waypoints');
    const text = statusToText(statusIn(state));
    expect(text).toContain('not safe to restart its pods on ambient as things are');
    expect(text).toContain(closed);
  });

  it('labels namespaces before the waypoint is ready', () => {
    const { state, statusIn } = stateOf('bookshop to ambient', 'labels');
    const text = statusToText(statusIn({ ...state, applied: state.applied.map(notYetReady) }));
    expect(text).toMatch(/not safe to go on: \d+ finding/);
    expect(text).toContain(closed);
  });

  it('has its guards before the waypoint is ready', () => {
    const { state, statusIn } = stateOf('bookshop to ambient', 'cleanup');
    const status = statusIn({ ...state, applied: state.applied.map(notYetReady) });
    expect(witnesses(status)).toContain(closed);
  });

  it('leaves callers for last', () => {
    const { state, statusIn } = stateOf('bookshop to ambient', 'labels');
    const moved = new Set([...state.moment.moving].filter((each) => !each.endsWith('/storefront')));
    const status = statusIn({ ...state, moment: { ...state.moment, moved } });
    expect(witnesses(status)).toContain(closed);
    expect(statusToText(status)).toContain('safe to go on');
  });

  it('deletes copies while callers still come through the waypoint', () => {
    const { state, statusIn } = stateOf('boutique to sidecar', 'restart');
    const applied = state.applied.filter(({ path }) => !path.includes(copyEnding));
    expect(witnesses(statusIn({ ...state, applied }))).toContain(
      'from store/store to carts/carts:80 is allowed: AuthorizationPolicy carts/carts-guard',
    );
  });

  it('deletes the copy of a denial before the guard stands', () => {
    const denial = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: carts }
spec:
  scope: { namespace: carts }
  mtls: { mode: Strict }
  authorization:
    default: Allow
    deny: [{ name: not-these, from: [{ service: store/store }], to: [{ service: carts, methods: [DELETE] }] }]
`;
    const mesh = boutique.filter(({ path }) => ['mesh.yaml', 'store.yaml', 'carts.yaml'].includes(path));
    const { plan, statusIn } = journey([...mesh, { path: 'intents/carts.yaml', text: denial }], 'ambient');
    const textAt = (phase: string) => {
      const state = plan.phases.findLast((each) => kindOf(each) === phase)?.states.at(-1);
      return state && statusToText(statusIn(state));
    };
    const restarted = textAt('restart');
    expect(restarted).toMatch(/to do: apply the last policies of ambient.*\n {2}to do: delete/);
    expect(restarted).toContain('not safe to take away what is left: 1 finding');
    expect(restarted).toContain('DELETE / from store/store to pod of carts/carts:8080 is allowed');
    expect(textAt('guards')).toContain('safe to go on');
    expect(textAt('guards')).not.toContain('apply the last');
  });
});

describe('without intents', () => {
  it('no rule of a copy is missed at ztunnel while a waypoint that serves decides, and one is where it does not serve', () => {
    const { plan, statusIn } = journeys['bookshop to ambient']();
    const state = plan.phases.find((each) => kindOf(each) === 'labels')?.states.at(-1);
    const missedIn = (applied: State['applied']) =>
      state &&
      statusIn({ ...state, applied }, false).namespaces.flatMap(({ on = [] }) =>
        on
          .filter(({ code }) => code === 'AMB5304')
          .map(({ message, witness }) => `${message.split('`')[1]} ${/from .* is refused/.exec(witness ?? '')?.[0]}`),
      );
    const applied = state?.applied ?? [];
    expect(missedIn(applied)).toEqual([]);
    expect(missedIn(applied.map(notYetReady))).toContain(
      `bookshop/catalog-allow${copyEnding} from bookshop/storefront to bookshop/catalog:80 is refused`,
    );
  });

  it('going on and back is safe while the waypoint decides, and it is told what only intents can say', () => {
    const { plan, statusIn } = journeys['bookshop to sidecar']();
    const state = plan.phases.find((each) => kindOf(each) === 'restart')?.states.at(-1);
    const text = state === undefined ? '' : statusToText(statusIn(state, false));
    expect(text).toMatch(/ {2}safe to go on\n {2}safe to go back\n/);
    expect(text).toContain('without intents nobody says who may call pods past their waypoints');
    expect(state && statusToText(statusIn(state))).not.toContain('without intents');
  });
});
