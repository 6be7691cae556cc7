import { asObject } from '../../../src/mesh/json.js';
import type { State } from '../../../src/migrate/plan/phase.js';
import { makePlan } from '../../../src/migrate/plan/plan.js';
import { type Target, targets } from '../../../src/migrate/states/labels-of-state.js';
import { deploymentAt } from '../../../src/migrate/states/moment.js';
import type { JsonObject } from '../../../src/parse/document.js';
import { compile, type Source } from '../../../src/pipeline.js';
import { annotation, label } from '../../../src/topology/labels.js';
import { boutique, example, withAmbient, withSidecars } from '../../migrate/projects.js';
import { applied, objectsOf } from './apply.js';
import { meshDocument } from './project.js';
import type { Standing } from './standing.js';

const today = '2026-06-01';

const meshes: ReadonlyArray<readonly [string, readonly Source[]]> = [
  ['bookshop', example('bookshop')],
  ['boutique', boutique],
];

/** Every state that the plans of two meshes lead through, to ambient and back: their pods as they run in it, and what is applied. */
export function migrations(): Standing[] {
  return meshes.flatMap(([name, sources]) =>
    targets.flatMap((target) => {
      return statesOf(
        `${name}-to-${target}`,
        target === 'ambient' ? withSidecars(sources) : withAmbient(sources),
        target,
      );
    }),
  );
}

function statesOf(name: string, sources: readonly Source[], target: Target): Standing[] {
  const { topology, objects } = compile(sources, { today, verify: false });
  const plan = makePlan(sources, { target, namespaces: [], today }).value;
  if (topology === undefined || plan === undefined) throw new Error(`${name}: there is no plan`);
  const standingIn = ({ moment, applied: files }: State, called: string): Standing[] => {
    const deployment = deploymentAt({ mesh: topology.mesh, objects }, topology, moment);
    return topology.clusters.map((cluster) => {
      const own = deployment.objects.filter((each) => each.cluster === cluster.name);
      const emitted = files.filter(({ path }) => path.startsWith(`${cluster.name}/`));
      return {
        name: `migrations/${name}/${called}`,
        cluster: cluster.name,
        // A plan begins once every sidecar listens on HBONE.
        mesh: meshDocument({ clusters: [{ name: cluster.name, istio: { sidecarsListenHbone: true } }] }),
        objects: applied(
          own.map(({ object }) => asRunning(object.value)),
          emitted.flatMap(({ text }) => objectsOf(text)),
        ),
      };
    });
  };
  return plan.phases.flatMap((phase) =>
    phase.states.flatMap((state, index) => standingIn(state, `${phase.name}-${index + 1}`)),
  );
}

/**
 * A pod that was started before its namespace said otherwise is given as it runs: one with a sidecar asks the injector for it by its
 * own label, and one that was captured is past admission. Pods that start in this state are as their namespace says.
 */
function asRunning(object: JsonObject): JsonObject {
  const template = asObject(asObject(object.spec)?.template);
  const { labels, annotations } = asObject(template?.metadata) ?? {};
  const marks = asObject(annotations) ?? {};
  if (template?.spec !== undefined && marks[annotation.redirection] !== undefined) {
    const { name, namespace } = asObject(object.metadata) ?? {};
    const metadata = {
      name: name ?? null,
      namespace: namespace ?? 'default',
      labels: labels ?? {},
      annotations: marks,
    };
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec, status: { phase: 'Running' } };
  }
  if (marks[annotation.sidecarStatus] === undefined) return object;
  const { [annotation.sidecarStatus]: _, ...others } = marks;
  const metadata = {
    ...asObject(template?.metadata),
    labels: { ...asObject(labels), [label.inject]: 'true' },
    annotations: others,
  };
  return { ...object, spec: { ...asObject(object.spec), template: { ...template, metadata } } };
}
