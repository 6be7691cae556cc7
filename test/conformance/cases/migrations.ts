import { existsSync } from 'node:fs';
import { asArray, asObject } from '../../../src/mesh/json.js';
import type { State } from '../../../src/migrate/plan/phase.js';
import { makePlan } from '../../../src/migrate/plan/plan.js';
import { type Target, targets } from '../../../src/migrate/states/labels-of-state.js';
import { deploymentAt, type Moment } from '../../../src/migrate/states/moment.js';
import type { JsonObject } from '../../../src/parse/document.js';
import { compile, type Deployment, type Reshape, type Source } from '../../../src/pipeline.js';
import { annotation, label } from '../../../src/topology/labels.js';
import { bookinfo, onlineBoutique } from '../../migrate/meshes-of-others.js';
import { midstsOf } from '../../migrate/old-beside-new.js';
import {
  askedAndOpen,
  behindTheirOwn,
  boutique,
  deniedByHeader,
  deniedByHeaderAlone,
  example,
  handWritten,
  importedFrom,
  laboratory,
  openBut,
  scienceNamed,
  scienceStrict,
  withAmbient,
  withSidecars,
} from '../../migrate/projects.js';
import { sharedDirectory } from '../../support/shared.js';
import { applied, objectsOf } from './apply.js';
import { meshDocument } from './project.js';
import type { Standing } from './standing.js';

const today = '2026-06-01';

interface Project {
  readonly sources: readonly Source[];
  readonly reshape: Reshape;
}

/** What a mesh is called, and how it is before anything moves, where somebody asks. */
const meshes: ReadonlyArray<readonly [string, () => Project]> = [
  ['bookshop', () => written(example('bookshop'))],
  ['boutique', () => written(boutique)],
  ['boutique-but-for-deletes', () => written(openBut({ carts: 'to: [{ service: carts, methods: [DELETE] }]' }))],
  ['boutique-with-an-authorizer', () => written(askedAndOpen)],
  ['laboratory', () => written(laboratory)],
  ['shop-behind-its-own-waypoint', () => written(behindTheirOwn)],
  ['shop-that-denies-by-a-header', () => written(deniedByHeader)],
  ['shop-closed-but-for-a-header', () => written(deniedByHeaderAlone)],
  ['bookshop-by-hand', () => importedFrom(handWritten.bookshop).project],
  ['toys-by-hand', () => importedFrom(handWritten.toys).project],
  ['science-by-hand', () => importedFrom(scienceStrict).project],
  ['science-by-hand-named', () => importedFrom(scienceNamed).project],
  ['laboratory-by-hand', () => importedFrom(handWritten.laboratory).project],
];

/** Likewise those that others wrote, of which the policies are by hand. */
const meshesOfOthers: typeof meshes = [
  ['bookinfo', () => importedFrom(bookinfo('virtual-service-reviews-90-10.yaml')).project],
  ['bookinfo-for-one-user', () => importedFrom(bookinfo('virtual-service-reviews-jason-v2-v3.yaml')).project],
  ['bookinfo-with-a-fault', () => importedFrom(bookinfo('virtual-service-ratings-test-delay.yaml')).project],
  ['online-boutique', () => importedFrom(onlineBoutique()).project],
];

function written(sources: readonly Source[]): Project {
  return { sources, reshape: (deployment: Deployment) => deployment };
}

/**
 * Every state that the plans of some meshes lead through, to ambient and back: their pods as they run in it, and what is applied.
 * So are those through which a phase is taken back. Of each restart there is one more, with old and new pods of all workloads
 * that it is about.
 * Those whose policies somebody wrote by hand are imported first.
 */
export function* migrations(): Generator<Standing> {
  for (const [name, project] of [...meshes, ...whereTheyLie(meshesOfOthers)]) {
    const { sources, reshape } = project();
    for (const target of targets) {
      const moving = target === 'ambient' ? withSidecars(sources) : withAmbient(sources);
      yield* statesOf(`${name}-to-${target}`, { sources: moving, reshape }, { target, workloads: [] });
    }
  }
  const { sources, reshape } = importedFrom(handWritten.toys).project;
  for (const [target, workload] of alone) {
    const moving = target === 'ambient' ? sources : withAmbient(sources);
    yield* statesOf(`toys-alone-to-${target}`, { sources: moving, reshape }, { target, workloads: [workload] });
  }
}

/** A run without the reference data beside the checkout says so. */
function whereTheyLie(projects: typeof meshes): typeof meshes {
  if (existsSync(sharedDirectory)) return projects;
  console.info(`Not asked: ${projects.map(([name]) => name).join(', ')}, for which ${sharedDirectory} is missing`);
  return [];
}

/** Workloads that move without their namespaces: whom nobody calls by a rule about requests, and who calls nobody. */
const alone = [
  ['ambient', 'toys/front'],
  ['sidecar', 'toys/shelf'],
] as const;

interface Move {
  readonly target: Target;
  readonly workloads: readonly string[];
}

function statesOf(name: string, { sources, reshape }: Project, { target, workloads }: Move): Standing[] {
  const { topology, objects } = compile(sources, { today, reshape, verify: false });
  const plan = makePlan(sources, { target, namespaces: [], workloads, today, reshape }).value;
  if (topology === undefined || plan === undefined) throw new Error(`${name}: there is no plan`);
  const deployed = { mesh: topology.mesh, objects };
  const at = (moment: Moment) => deploymentAt(deployed, topology, moment);
  const standingIn = (deployment: Deployment, files: State['applied'], called: string): Standing[] =>
    topology.clusters.map((cluster) => {
      const own = deployment.objects.filter((each) => each.cluster === cluster.name);
      const emitted = files.filter(({ path }) => path.startsWith(`${cluster.name}/`));
      return {
        name: `migrations/${name}/${called}`,
        cluster: cluster.name,
        mesh: meshDocument({
          ...meshSpecOf(sources),
          clusters: [{ name: cluster.name, istio: { ...extensionsOf(sources), sidecarsListenHbone: true } }],
        }),
        objects: applied(
          own.map(({ object }) => asRunning(object.value)),
          emitted.flatMap(({ text }) => objectsOf(text)),
        ),
      };
    });
  const states = plan.phases.flatMap((phase) => {
    const numbered = (called: string) => (state: State, index: number) =>
      standingIn(at(state.moment), state.applied, `${phase.name}-${called}${index + 1}`);
    return [...phase.states.flatMap(numbered('')), ...phase.rollback.states.flatMap(numbered('back-'))];
  });
  const midsts = midstsOf(plan.phases).flatMap(({ phase, applied: files, deployment }) =>
    standingIn(deployment(deployed, topology), files, `${phase.name}-both`),
  );
  return [...states, ...midsts];
}

/** The external authorizers of the first cluster: the Istio that is asked has a release of its own. */
function extensionsOf(sources: readonly Source[]): JsonObject {
  const [cluster] = asArray(meshSpecOf(sources).clusters);
  const extensionProviders = asObject(asObject(cluster)?.istio)?.extensionProviders;
  return extensionProviders === undefined ? {} : { extensionProviders };
}

/** What the Mesh document says beside its clusters. A plan begins once every sidecar listens on HBONE. */
function meshSpecOf(sources: readonly Source[]): JsonObject {
  const meshes = sources.flatMap(({ text }) => objectsOf(text)).filter(({ kind }) => kind === 'Mesh');
  return asObject(meshes[0]?.spec) ?? {};
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
