import { describe, expect, it } from 'vitest';
import { gapDiagnostic } from '../../src/migrate/plan/gaps.js';
import { type MigrationPlan, makePlan } from '../../src/migrate/plan/plan.js';
import { restartGroups } from '../../src/migrate/plan/restart-groups.js';
import { compile, type Source } from '../../src/pipeline.js';
import { keyInMesh } from '../../src/topology/model.js';

const today = '2026-06-01';

/** Namespaces with sidecars whose workloads call each other, two of them in a circle, so that their restart is not without gaps. */
async function meshOf(services: number): Promise<readonly Source[]> {
  const [{ generateProject }, { sizeOf }] = await Promise.all([
    import(new URL('../../bench/generate.mjs', import.meta.url).href),
    import(new URL('../../bench/sizes.mjs', import.meta.url).href),
  ]);
  const size = { clusters: 2, namespaces: 6, services, pods: services, modes: { sidecar: 1 }, seed: 4 };
  const files: ReadonlyMap<string, string> = generateProject({ ...sizeOf('small'), ...size });
  return [...files]
    .filter(([path]) => path !== 'ambit.yaml')
    .map(([path, text]) => {
      const [, cluster] = /^clusters\/([^/]+)\//.exec(path) ?? [];
      return cluster === undefined ? { path, text } : { path, text, cluster };
    })
    .concat({ path: 'mesh.yaml', text: meshText(files.get('ambit.yaml') ?? '') });
}

function meshText(project: string): string {
  return project.split(/^---$/m).find((document) => /^kind: Mesh$/m.test(document)) ?? '';
}

/** Beside something that is nobody's business, callers are no longer taken to be alike. */
const beside: Source = {
  path: 'clusters/east/elsewhere.yaml',
  cluster: 'east',
  text: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: elsewhere, namespace: ingress-east }
spec:
  hosts: [elsewhere.example.com]
  exportTo: ["."]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`,
};

function planOf(sources: readonly Source[]): MigrationPlan {
  const { value, diagnostics } = makePlan(sources, { target: 'ambient', namespaces: [], today });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  if (value === undefined) throw new Error('there is no plan');
  return value;
}

const byAddress: Source = {
  path: 'intents/by-address.yaml',
  text: `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: by-address }
spec:
  scope: mesh
  authorization:
    deny: [{ name: never-from-outside, from: [{ ipBlocks: [203.0.113.0/24] }] }]
`,
};

/** Each gap, without the state of the restart that shows it first. */
function gapsIn({ gaps }: MigrationPlan): readonly string[] {
  return gaps
    .map((gap) => {
      const { code, message } = gapDiagnostic(gap);
      return `${code} ${message} ${gap.since?.phase} ${gap.until ?? ''}`;
    })
    .sort();
}

describe('restarts that are proved in few states', () => {
  it('find the gaps that every pair of workloads would show', async () => {
    const given = await meshOf(14);
    const [few, pairs] = [planOf(given), planOf([...given, beside])];
    expect(gapsIn(few)).toHaveLength(2);
    expect(gapsIn(few)).toEqual(gapsIn(pairs));
    expect(few.states).toBeLessThan(pairs.states);
  });

  it('let every workload meet whom its rules name, and one of the rest of its cluster', async () => {
    const result = compile(await meshOf(60), { today });
    const workloads = (result.topology?.clusters ?? []).flatMap((cluster) => [...cluster.workloads.values()]);
    const groups = restartGroups([result])(workloads);
    expect(groups.length).toBeLessThan(10);
    const groupOf = new Map(groups.flatMap((group, index) => group.map((each) => [keyInMesh(each), index])));
    for (const { destination, obligations } of result.ir?.destinations ?? []) {
      for (const called of destination.workloads.map(keyInMesh)) {
        const named = obligations
          .flatMap(({ callers }) => callers.flatMap((caller) => (caller.kind === 'identities' ? caller.members : [])))
          .map(({ cluster, name }) => `${cluster}/${name}`)
          .filter((each) => each !== called && groupOf.has(each));
        for (const caller of named)
          expect(groupOf.get(caller), `${caller} calls ${called}`).not.toBe(groupOf.get(called));
        for (const cluster of ['east', 'west']) {
          const rest = [...groupOf.keys()].filter((each) => each.startsWith(`${cluster}/`) && !named.includes(each));
          expect(rest.some((each) => groupOf.get(each) !== groupOf.get(called))).toBe(true);
        }
      }
    }
  });

  it.each([
    ['a ServiceEntry', beside],
    ['a rule by addresses', byAddress],
  ])('let every two workloads meet beside %s', async (_, source) => {
    const result = compile([...(await meshOf(14)), source], { today });
    const workloads = (result.topology?.clusters ?? []).flatMap((cluster) => [...cluster.workloads.values()]);
    expect(result.ir).toBeDefined();
    expect(restartGroups([result])(workloads)).toHaveLength(workloads.length);
  });
});
