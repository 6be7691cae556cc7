import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { gapDiagnostic, isOfTheMove } from '../../src/migrate/plan/gaps.js';
import { type MigrationPlan, makePlan, type PlanOptions } from '../../src/migrate/plan/plan.js';
import { planOf, told } from './planning.js';
import { handWritten, importedFrom, scienceNamed, scienceStrict } from './projects.js';

const asItIs = importedFrom(handWritten.science);

function planned(scope: Partial<Pick<PlanOptions, 'namespaces' | 'workloads'>>) {
  const { sources, reshape } = asItIs.project;
  return makePlan(sources, { target: 'ambient', namespaces: [], today: '2026-06-01', reshape, ...scope });
}

function gapsOfTheMove(plan: MigrationPlan | undefined) {
  return plan?.gaps.filter(isOfTheMove).map(gapDiagnostic);
}

describe('a platform like Kubeflow, whose services take tokens from whoever comes, in plaintext too', () => {
  it('is not moved as it is: whoever comes in plaintext goes past the waypoint, and ztunnel reads no token', () => {
    const { value, diagnostics } = planned({});
    expect(value).toBeUndefined();
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'AMB3009 callers outside the mesh reach service `science/models` around its waypoint',
    ]);
    expect(errors[0]?.witness).toMatch(/^anyone in plaintext → science\/models:http, straight to the pod: /);
    expect(errors[0]?.help).toContain('mtls: { mode: Strict }');
  });

  it.each(['science', 'pipelines'])(
    'nor is %s alone: who stays on sidecars calls it by rules about requests',
    (name) => {
      const errors = planned({ namespaces: [name] }).diagnostics.filter(({ code }) => code === 'AMB3007');
      expect(errors.map(({ witness }) => witness).join()).toMatch(/straight to the pod: ztunnel admits/);
    },
  );

  it('moves those workloads that no rule about requests is for, as it is', () => {
    const workloads = ['archive', 'runner', 'scheduler', 'store', 'viewer'].map((name) => `pipelines/${name}`);
    const { value, diagnostics } = planned({ workloads: ['science/dashboard', ...workloads] });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(value?.blockers).toEqual([]);
    expect(gapsOfTheMove(value)).toEqual([]);
    expect(value?.waves.flatMap(({ restarts }) => restarts.flatMap((restart) => restart.workloads))).toHaveLength(6);
    // What was left by hand refuses as before.
    expect(value?.gaps.map(gapDiagnostic).map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(
        /^AMB7132 before anything moves, and no step ends it: existing policy `science\/no-anonymous-/,
      ),
    ]);
  });

  it('leaves the policy by hand in the way of the pods that it reads requests at', () => {
    expect(planned({ workloads: ['science/profiles'] }).value?.blockers.map(({ code }) => code)).toEqual(['AMB7106']);
  });
});

describe('the same once mutual TLS is required', () => {
  const { imported, project } = importedFrom(scienceStrict);
  const plan = planOf(project, 'ambient');

  it('is said by intents in full', () => {
    expect(totalOf(imported.fates)).toMatchObject({ said: 13, left: 0 });
  });

  it('is kept from moving without a gap by calls that go in a circle, which the plan names', () => {
    const gaps = gapsOfTheMove(plan) ?? [];
    expect(gaps.map(({ code, message }) => `${code} ${message}`)).toEqual(
      ['pipelines/api', 'science/models', 'science/notebooks'].map((called) =>
        expect.stringMatching(new RegExp(`^AMB7132 within 08-restart: \`${called}\` refuses`)),
      ),
    );
    for (const { notes, help } of gaps) {
      const messages = notes.map(({ message }) => message).filter((text) => text.startsWith('no order'));
      expect(messages).toEqual([
        'no order leaves these calls as they are: `pipelines/api` → `science/models` → `pipelines/api`',
        'no order leaves these calls as they are: `science/notebooks` → `science/models` → `science/notebooks`',
      ]);
      expect(help).toContain('let one of these calls need a rule about its caller alone');
    }
  });

  it('moves without one once its rules name who makes these calls', () => {
    const { project: named } = importedFrom(scienceNamed);
    expect(told(planOf(named, 'ambient'))).toEqual([]);
    expect(told(planOf(named, 'sidecar'))).toEqual([]);
  });
});
