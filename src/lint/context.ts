import { type Written, writtenOf } from '../algebra/answers.js';
import { type Callers, callersOf } from '../algebra/callers.js';
import type { Constants } from '../algebra/constants.js';
import { comparersOf, policiesOf } from '../algebra/lane.js';
import { type Space, spaces } from '../algebra/space.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { CompiledPolicy } from '../mesh/policies/compiled.js';
import type { AuthorizationPolicy } from '../mesh/policies/policy.js';
import type { PolicyForms } from '../mesh/policies/policy-forms.js';
import type { Labels, Service } from '../topology/model.js';
import { once } from '../util/once.js';
import { groupBy } from '../util/order.js';
import { type EnforcementSite, enforcementSitesOf } from './enforcement-sites.js';
import { type GatewaySite, gatewaySitesOf } from './gateway-sites.js';
import { type IsAsked, type PodSite, podSitesOf, type Site } from './sites.js';

/** What a finding may look at: the mesh as it is, and every way into it with what stands there. */
export interface LintContext {
  readonly mesh: Mesh;
  readonly callers: Callers;
  readonly spaceOf: (constants: Constants) => Space;
  readonly sites: readonly PodSite[];
  readonly gatewaySites: readonly GatewaySite[];
  /** The pods' sites that a policy of a namespace can be about: those of the namespace, or all for the root namespace (§3.1). */
  sitesUnder(at: MeshCluster, namespace: string): readonly PodSite[];
  /** By the Service whose port they are behind. */
  readonly sitesBehind: ReadonlyMap<Service, readonly PodSite[]>;
  readonly policies: readonly PolicyInMesh[];
  /** What is known of an AuthorizationPolicy in force. */
  subjectOf(policy: CompiledPolicy['policy']): PolicyInMesh | undefined;
  /** The labels of the pods that a selector of a namespace can select. */
  podLabelsIn(at: MeshCluster, namespace: string): readonly Labels[];
  /** Every enforcement point that requests come to, found when it is first asked for. */
  enforcementSites(): readonly EnforcementSite[];
}

/** An authorization policy in force, and the sites where an enforcement point holds it. */
export interface PolicyInMesh {
  readonly at: MeshCluster;
  readonly policy: AuthorizationPolicy;
  readonly forms: PolicyForms;
  readonly sites: readonly Site[];
}

/** Looks for one thing that policies do and their author can hardly have meant. */
export type Finding = (context: LintContext) => readonly Diagnostic[];

/** Policies that are too large to be judged are left out, with every site that holds one of them. */
export function contextOf(mesh: Mesh, leftOut: readonly Written[] = [], isAsked?: IsAsked): LintContext {
  const callers = callersOf(mesh);
  const isJudged = ({ plan }: Site) => !comparersOf(plan).some((comparer) => leftOut.includes(writtenOf(comparer)));
  const [allSites, allGatewaySites] = [podSitesOf(mesh, callers, isAsked), gatewaySitesOf(mesh, callers)];
  const sites = allSites.filter(isJudged);
  const gatewaySites = allGatewaySites.filter(isJudged);
  const byNamespace = groupBy(sites, ({ at, workload }) => `${at.cluster.name}/${workload.namespace}`);
  const behind = sites.flatMap((site) => (site.behind === undefined ? [] : [{ site, service: site.behind.service }]));
  const byService = groupBy(behind, ({ service }) => service);
  const spaceOf = spaces(mesh, callers);
  const labels = [...mesh.clusters.values()].flatMap(podsOf);
  const labelsByNamespace = groupBy(labels, ({ at, namespace }) => `${at.cluster.name}/${namespace}`);
  const policies = policiesInMesh(mesh, [...allSites, ...allGatewaySites], isJudged);
  const subjects = new Map<CompiledPolicy['policy'], PolicyInMesh>(
    policies.map((subject) => [subject.policy, subject]),
  );
  return {
    mesh,
    callers,
    spaceOf,
    sites,
    gatewaySites,
    sitesUnder: (at, namespace) => {
      if (namespace === at.rootNamespace) return sites.filter((site) => site.at === at);
      return byNamespace.get(`${at.cluster.name}/${namespace}`) ?? [];
    },
    sitesBehind: new Map([...byService].map(([service, group]) => [service, group.map(({ site }) => site)])),
    policies,
    subjectOf: (policy) => subjects.get(policy),
    podLabelsIn: (at, namespace) => {
      const pods =
        namespace === at.rootNamespace
          ? labels.filter((pod) => pod.at === at)
          : (labelsByNamespace.get(`${at.cluster.name}/${namespace}`) ?? []);
      return pods.map((pod) => pod.labels);
    },
    enforcementSites: once(() => enforcementSitesOf(mesh, [...sites, ...gatewaySites], spaceOf)),
  };
}

interface Pod {
  readonly at: MeshCluster;
  readonly namespace: string;
  readonly labels: Labels;
}

function podsOf(at: MeshCluster): readonly Pod[] {
  const { workloads, gateways } = at.cluster;
  return [
    ...[...workloads.values()].map(({ namespace, labels }) => ({ at, namespace, labels })),
    ...[...gateways.values()].map(({ namespace, podLabels }) => ({ at, namespace, labels: podLabels })),
  ];
}

/** A policy that is tried without effect has nothing to be judged by, nor has one of which no site is judged. */
function policiesInMesh(
  { clusters }: Mesh,
  sites: readonly Site[],
  isJudged: (site: Site) => boolean,
): readonly PolicyInMesh[] {
  const held = new Map<CompiledPolicy['policy'], Set<Site>>();
  for (const site of sites) {
    for (const { policy } of policiesOf(site.plan)) held.set(policy, (held.get(policy) ?? new Set()).add(site));
  }
  return [...clusters.values()].flatMap((at) =>
    [...at.authorization.values()].flat().flatMap((forms) => {
      const { policy } = forms.http;
      if (forms.dryRun || policy.kind !== 'AuthorizationPolicy') return [];
      const all = [...(held.get(policy) ?? [])];
      const judged = all.filter(isJudged);
      return all.length > 0 && judged.length === 0 ? [] : [{ at, policy, forms, sites: judged }];
    }),
  );
}

/** `namespace/name`: how messages name a policy. */
export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The first answer that there is. */
export function firstOf<T, R>(items: readonly T[], answer: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = answer(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
