import { stringify } from 'yaml';
import { asArray, asObject } from '../../src/mesh/json.js';
import type { State } from '../../src/migrate/plan/phase.js';
import { sourceOf } from '../../src/migrate/states/labels-of-state.js';
import { deploymentAt, type Moment } from '../../src/migrate/states/moment.js';
import type { JsonObject } from '../../src/parse/document.js';
import { compile, type Source } from '../../src/pipeline.js';
import { annotation } from '../../src/topology/labels.js';
import { type Cluster, keyInMesh, keyOf } from '../../src/topology/model.js';
import { applied, objectsOf } from '../conformance/cases/apply.js';
import { objectsIn, printed } from '../support/cluster/dump.js';
import type { Plane } from '../support/cluster/running.js';
import type { Served } from '../support/cluster/served.js';

/** What is said of a mesh of one cluster (`mesh.yaml`, `intents.yaml`), and what `kubectl get` prints of it in a state of a plan (`dump.yaml`). */
export function dumpsOf(sources: readonly Source[], today: string) {
  const { topology, objects } = compile(sources, { today, verify: false });
  const [cluster] = topology?.clusters ?? [];
  if (topology === undefined || cluster === undefined) throw new Error('the project does not compile');
  const own = sources.flatMap(({ text }) => objectsOf(text)).filter(isAmbits);
  const written = (path: string, objects: readonly JsonObject[]): Source => ({
    path,
    text: objects.map((each) => stringify(each)).join('---\n'),
  });
  const mesh = written('mesh.yaml', own.filter(isMesh).map(listening));
  const intents = written(
    'intents.yaml',
    own.filter((each) => !isMesh(each)),
  );
  return ({ moment, applied: files }: State): readonly Source[] => {
    const given = deploymentAt({ mesh: topology.mesh, objects }, topology, moment).objects;
    const standing = applied(
      given.map(({ object }) => unmarked(object.value)),
      files.flatMap(({ text }) => objectsOf(text)),
    );
    const running = objectsIn({
      applied: standing as readonly JsonObject[] as readonly Served[],
      istio: { version: cluster.settings.istio.version, ambient: true },
      planeOf: planesAt(cluster, moment),
    });
    return [mesh, intents, { path: 'dump.yaml', text: printed(running) }];
  };
}

function isAmbits({ apiVersion, kind }: JsonObject): boolean {
  return String(apiVersion).startsWith('ambit.dev/') && kind !== 'Project';
}

function isMesh({ kind }: JsonObject): boolean {
  return kind === 'Mesh';
}

/** A plan begins once every sidecar listens on HBONE. */
function listening(object: JsonObject): JsonObject {
  const spec = asObject(object.spec) ?? {};
  const clusters = asArray(spec.clusters).map((each) => {
    const { istio, name } = asObject(each) ?? {};
    return { name: name ?? null, istio: { ...asObject(istio), sidecarsListenHbone: true } };
  });
  return { ...object, spec: { ...spec, clusters } };
}

/** What Istio writes on pods is not on what makes them. */
function unmarked(object: JsonObject): JsonObject {
  const spec = asObject(object.spec);
  const template = asObject(spec?.template);
  const metadata = asObject(template?.metadata);
  if (metadata === undefined) return object;
  const {
    [annotation.sidecarStatus]: _,
    [annotation.redirection]: __,
    ...annotations
  } = asObject(metadata.annotations) ?? {};
  return { ...object, spec: { ...spec, template: { ...template, metadata: { ...metadata, annotations } } } };
}

function planesAt({ workloads }: Cluster, { target, moving, moved }: Moment): (workload: string) => Plane {
  const planes = new Map(
    [...workloads.values()].map((workload): [string, Plane] => {
      const key = keyInMesh(workload);
      if (moving.has(key)) return [keyOf(workload), moved.has(key) ? target : sourceOf(target)];
      const { plane } = workload.mode;
      return [keyOf(workload), plane === 'sidecar' || plane === 'ambient' ? plane : 'none'];
    }),
  );
  return (workload) => planes.get(workload) ?? 'none';
}
