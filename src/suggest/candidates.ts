import type { Mesh } from '../mesh/mesh.js';
import { keyOf } from '../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../util/order.js';
import type { FlowRequest } from './flows.js';
import type { JudgedFlow } from './judge-flow.js';
import { pathPatterns } from './path-patterns.js';
import { later } from './times.js';

/** A rule that would let through what was observed from one caller in one namespace, and that nobody has reviewed. */
export interface Candidate {
  readonly namespace: string;
  readonly name: string;
  readonly from: Reference;
  readonly to: readonly CandidateTarget[];
  readonly calls: number;
  readonly lastSeen: string | undefined;
  /** Whether the mesh refuses some of it, as it will be. */
  readonly isRefused: boolean;
}

export interface Reference {
  readonly kind: 'service' | 'workload' | 'gateway';
  readonly name: string;
}

export interface CandidateTarget {
  readonly kind: 'service' | 'workload';
  readonly name: string;
  readonly port: string;
  /** Absent where not only requests were seen whose methods and paths are told. */
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** One rule for each caller and namespace, in a fixed order. */
export function candidatesFrom(mesh: Mesh, flows: readonly JudgedFlow[]): readonly Candidate[] {
  const groups = groupBy(flows, ({ from, to }) => JSON.stringify([namespaceOf(to.name), from]));
  const candidates = [...groups.values()].flatMap((group) => candidateOf(mesh, group));
  return sortBy(
    candidates,
    ({ namespace }) => namespace,
    ({ name }) => name,
  );
}

function candidateOf(mesh: Mesh, flows: readonly JudgedFlow[]): readonly Candidate[] {
  const [first] = flows;
  if (first === undefined) return [];
  const namespace = namespaceOf(first.to.name);
  const from = referenceOf(mesh, first.from);
  const targets = groupBy(flows, ({ to }) => JSON.stringify([to.kind, to.name, to.port]));
  return [
    {
      namespace,
      name: `${from.name.replace(`${namespace}/`, '').replace('/', '-')}-calls`,
      from,
      to: [...targets.values()].flatMap(targetsOf),
      calls: flows.reduce((sum, { passed }) => sum + passed, 0),
      lastSeen: flows.map(({ lastSeen }) => lastSeen).reduce(later, undefined),
      isRefused: flows.some(({ standing }) => standing === 'refused'),
    },
  ];
}

function namespaceOf(name: string): string {
  return name.split('/')[0] ?? '';
}

/** By the Service that leads to this workload alone, as people know it, else by the workload. */
function referenceOf({ topology }: Mesh, from: string): Reference {
  const [, gateway] = /^gateway:(.*)$/.exec(from) ?? [];
  if (gateway !== undefined) return { kind: 'gateway', name: gateway };
  const services = topology.clusters.flatMap((cluster) => [...cluster.services.values()]);
  const own = services.filter(({ workloads }) => workloads.length === 1 && workloads[0] === from).map(keyOf);
  const [service] = sortedUnique(own);
  return service === undefined ? { kind: 'workload', name: from } : { kind: 'service', name: service };
}

function targetsOf(flows: readonly JudgedFlow[]): readonly CandidateTarget[] {
  const [first] = flows;
  if (first === undefined) return [];
  const { kind, name, port } = first.to;
  const requests = flows.flatMap(({ request }) => request ?? []);
  if (requests.length < flows.length) return [{ kind, name, port }];
  const byMethod = groupBy(requests, ({ method }) => method);
  const asked = [...byMethod].map(([method, all]) => ({ method, paths: pathPatterns(pathsOf(all)) }));
  const byPaths = groupBy(asked, ({ paths }) => JSON.stringify(paths));
  const targets = [...byPaths.values()].map((alike) => ({
    kind,
    name,
    port,
    methods: sortedUnique(alike.map(({ method }) => method)),
    paths: alike[0]?.paths ?? [],
  }));
  return sortBy(targets, ({ methods }) => methods.join(' '));
}

function pathsOf(requests: readonly FlowRequest[]): readonly string[] {
  return requests.map(({ path }) => path);
}
