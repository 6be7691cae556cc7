import type { Destination, Request, Source } from '../../../src/mesh/request.js';
import { readObjects } from '../../../src/parse/read-objects.js';
import { readYaml } from '../../../src/parse/read-yaml.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { buildTopology, type ClusterObject } from '../../../src/topology/build-topology.js';
import type { Subject } from './subject.js';

/** The planes that a future workload can be on, and the labels that put it there, whatever its namespace says. */
const planes = {
  ambient: '{ is: future-ambient, istio.io/dataplane-mode: ambient, sidecar.istio.io/inject: "false" }',
  sidecar: '{ is: future-sidecar, istio.io/dataplane-mode: none, sidecar.istio.io/inject: "true" }',
} as const;

const nowhere = 'nowhere';

const known = new WeakMap<Subject, Subject>();

/**
 * A subject with a workload more, behind a Service of its name, on each plane of every namespace that settings close as a whole, and of one more where they
 * close the mesh. Names in the intents stay bound as they were: nobody knows of the workloads that are added.
 */
export function withFutureWorkloads(subject: Subject): Subject {
  const grown = known.get(subject) ?? grow(subject);
  known.set(subject, grown);
  return grown;
}

function grow({ name, resolved, given, emitted }: Subject): Subject {
  const { mesh, clusters } = resolved.topology;
  const future = clusters.flatMap(({ name: cluster, namespaces }) =>
    closedBy(resolved)
      .filter((namespace) => namespace === nowhere || namespaces.has(namespace))
      .flatMap((namespace) => objectsOf(cluster, namespace)),
  );
  const objects = [...given, ...future];
  return {
    name,
    resolved: { ...resolved, topology: buildTopology(mesh, objects).value },
    given: objects,
    emitted,
  };
}

function closedBy({ defaults, mtls }: Resolved): readonly string[] {
  const scopes = [...defaults, ...mtls].map(({ scope }) => scope);
  return [
    ...new Set(
      scopes.flatMap((scope) => {
        if (scope.kind === 'mesh') return nowhere;
        return scope.kind === 'namespace' ? scope.namespace : [];
      }),
    ),
  ];
}

function objectsOf(cluster: string, namespace: string): readonly ClusterObject[] {
  const pods = Object.entries(planes).map(
    ([plane, labels]) => `apiVersion: v1
kind: Pod
metadata: { name: future-${plane}, namespace: ${namespace}, labels: ${labels} }
spec: { serviceAccountName: future, containers: [{ name: main, image: main }] }
---
apiVersion: v1
kind: Service
metadata: { name: future-${plane}, namespace: ${namespace} }
spec: { selector: { is: future-${plane} }, ports: [{ port: 80 }] }
`,
  );
  const path = 'future-workloads.yaml';
  const documents = readYaml({ path, text: pods.join('---\n') }, 'manifest').value;
  return readObjects(documents).value.map((object) => ({ cluster, object }));
}

export function isFuture(destination: Destination): boolean {
  return 'workload' in destination && isAdded(destination.workload);
}

export function isFutureSource(source: Source): boolean {
  return source.kind === 'workload' && isAdded(source.workload);
}

function isAdded(workload: string): boolean {
  return /\/future-[a-z]+$/.test(workload);
}

/** A request to a future workload of the proof, as one to the one added in the same place. */
export function asShown(request: Request): Request {
  const { destination } = request;
  if (!('workload' in destination)) return request;
  const [, namespace, plane] = /^(.*)\/a new (ambient|sidecar) workload$/.exec(destination.workload) ?? [];
  if (namespace === undefined) return request;
  const workload = `${namespace.includes(' ') ? nowhere : namespace}/future-${plane}`;
  if (destination.kind === 'pod') return { ...request, destination: { ...destination, workload } };
  return { ...request, destination: { ...destination, workload, service: workload } };
}
