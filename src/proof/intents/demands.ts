import type { TokenIssuer } from '../../parse/tokens/token-issuer.js';
import type { DestinationPort, ResolvedRule, Target } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { arrivalPortsOf, type Cluster, infrastructure, keyInMesh, type Workload } from '../../topology/model.js';
import { workloadsByNamespace } from '../../topology/workloads-by-namespace.js';
import { computeAnew, type Recall } from '../../util/memory.js';
import { oncePerObject } from '../../util/once.js';
import type { Grant } from './grant.js';
import { decidingDefaults, type Layer, type Standing, standingAt } from './layers.js';
import { type HeldSettings, type SettingsIndex, settingsIndex } from './settings.js';

/** What the intents say of one workload, from every document at once. */
export interface Demand extends HeldSettings {
  readonly workload: Workload;
  /** Those of all layers. */
  readonly allow: readonly Grant[];
  /** What is allowed, scope by scope; one layer where no scope asks for more than the wider ones. */
  readonly layers: readonly Layer[];
  readonly deny: readonly Grant[];
  /** What external authorizers are asked about; of everything that these mean, the mesh decides as if they did not exist. */
  readonly asked: readonly Grant[];
  /** What is marked for access logs. */
  readonly audited: readonly Grant[];
  /** Who may come without mutual TLS. */
  readonly plaintext: readonly Grant[];
  /** Whose tokens its rules ask about: they have to be validated before it. */
  readonly issuers: readonly TokenIssuer[];
  /** Nobody has deployed it yet: what policies of others admit to it is left to them. */
  readonly isFuture: boolean;
}

/** By `cluster/namespace/name` of the workload. Workloads under no settings have no demand, and are not judged. */
type Demands = ReadonlyMap<string, Demand>;

export function demandsOf(resolved: Resolved, recall: Recall = computeAnew): Demands {
  const all = demandsByNamespace(resolved, recall).flatMap(({ demands }) => demands);
  return new Map(all.map((demand) => [keyInMesh(demand.workload), demand]));
}

/** What the intents say of the workloads of one namespace in one cluster. */
interface DemandsIn {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly demands: readonly Demand[];
}

/** The same, namespace by namespace: what is said of one is known while nothing else is said there. */
export function demandsByNamespace(resolved: Resolved, recall: Recall): readonly DemandsIn[] {
  const settings = settingsIndex(resolved);
  const saidIn = grantsByNamespace(resolved);
  return resolved.topology.clusters.flatMap((cluster) =>
    [...workloadsByNamespace(cluster.workloads)].map(([namespace, workloads]) => {
      const grants = saidIn(cluster.name, namespace);
      const inputs = [...workloads, ...settings.within(namespace), ...grants.roles, ...grants.rules, ...grants.targets];
      const demands = recall('demands in', `${cluster.name}/${namespace}`, inputs, () => {
        const said = byWorkload(grants);
        return workloads
          .filter(serves)
          .map((workload) => knownDemand(settings, workload, said.get(keyInMesh(workload)) ?? nothing, recall))
          .filter(isSpokenOf);
      });
      return { cluster, namespace, demands };
    }),
  );
}

function knownDemand(
  settings: SettingsIndex,
  workload: Workload,
  { inputs, plaintext, audited, ...named }: Said,
  recall: Recall,
): Demand {
  return recall('demand of', keyInMesh(workload), [workload, ...settings.around(workload), ...inputs], () => ({
    ...demandOf(settings, workload, named),
    ...{ plaintext, audited },
  }));
}

type NamedGrants = Pick<Demand, 'allow' | 'deny' | 'asked'>;

/** What rules say of one workload, by what they do with whoever they mean. */
interface Said extends Record<Role, readonly Grant[]> {
  /** All of it in a row. */
  readonly inputs: readonly unknown[];
}

type Role = keyof NamedGrants | 'plaintext' | 'audited';

const nothing: Said = { inputs: [], allow: [], deny: [], asked: [], plaintext: [], audited: [] };

function demandOf(
  settings: SettingsIndex,
  workload: Workload,
  named: NamedGrants,
): Omit<Demand, 'plaintext' | 'audited'> {
  const standing = standingAt(settings, workload);
  const [allow, deny] = [named.allow.filter(standing.isInForce), named.deny.filter(standing.isInForce)];
  return {
    workload,
    ...heldBy(settings, standing, workload, allow),
    deny,
    asked: named.asked.filter(standing.isInForce),
    issuers: issuersOf([...allow, ...deny]),
    isFuture: false,
  };
}

/** What the intents say of workloads of a namespace that no manifest shows: no rule can name one, and defaults hold. */
export function futureDemands(
  resolved: Resolved,
  recall: Recall,
): (cluster: string, namespace: string, workloads: readonly Workload[]) => readonly Demand[] {
  const settings = settingsIndex(resolved);
  const demandOfFuture = (workload: Workload) =>
    recall('demand of', keyInMesh(workload), [workload, ...settings.around(workload)], () => ({
      ...demandOf(settings, workload, nothing),
      ...{ plaintext: [], audited: [] },
      isFuture: true,
    }));
  return (cluster, namespace, workloads) =>
    recall('demands to come in', `${cluster}/${namespace}`, [...workloads, ...settings.within(namespace)], () =>
      workloads.map(demandOfFuture),
    );
}

function heldBy(
  settings: SettingsIndex,
  standing: Standing,
  workload: Workload,
  allow: readonly Grant[],
): HeldSettings & Pick<Demand, 'allow' | 'layers'> {
  const layers = standing.layersOf(allow);
  return { ...settings.of(workload), defaults: decidingDefaults(layers), allow, layers };
}

function issuersOf(grants: readonly Grant[]): readonly TokenIssuer[] {
  return [...new Set(grants.flatMap(({ rule }) => rule.issuers))];
}

/** Something that can be called: in the mesh anything, outside of it what has a port or a Service. */
function serves({ mode, ports, services }: Workload): boolean {
  if (infrastructure.has(mode.plane)) return false;
  return mode.plane !== 'none' || ports.length > 0 || services.length > 0;
}

/** A workload outside the mesh may be left there by an acceptance: then nothing is claimed of it. */
function isSpokenOf(demand: Demand): boolean {
  const { workload, defaults, mtls, allow, deny, asked, audited } = demand;
  if (workload.mode.plane === 'none' && isLeftOutside(demand)) return false;
  return allow.length + deny.length + asked.length + audited.length + defaults.length + mtls.length > 0;
}

/** By a rule for it or, where there is none, by every setting that keeps somebody out. */
function isLeftOutside({ defaults, mtls, allow, deny, asked }: Demand): boolean {
  const leaves = ({ accept }: Pick<ResolvedRule, 'accept'>) => accept.some(({ what }) => what === 'unmeshedWorkloads');
  const rules = [...allow, ...deny, ...asked];
  if (rules.length > 0) return rules.some(({ rule }) => leaves(rule));
  const closing = [
    ...defaults.filter(({ value }) => value === 'Deny'),
    ...mtls.filter(({ value }) => value === 'Strict'),
  ];
  return closing.length > 0 && closing.every(leaves);
}

/** Targets of rules with what becomes of them, one row for all of each. */
export interface Grants {
  readonly roles: Role[];
  readonly rules: ResolvedRule[];
  readonly targets: Target[];
}

/** Those with workloads in a namespace of a cluster. */
export const grantsByNamespace = oncePerObject((resolved: Resolved): GrantsIn => {
  const index = new Map<string, Map<string, Grants>>();
  const grantsIn = ({ cluster, namespace }: Workload): Grants => {
    const inCluster = index.get(cluster) ?? new Map<string, Grants>();
    const grants = inCluster.get(namespace) ?? { roles: [], rules: [], targets: [] };
    index.set(cluster, inCluster.set(namespace, grants));
    return grants;
  };
  const add = (role: Role, rule: ResolvedRule) => {
    for (const target of rule.targets)
      for (const workload of target.destination.workloads) {
        const grants = grantsIn(workload);
        if (grants.targets.at(-1) === target && grants.rules.at(-1) === rule && grants.roles.at(-1) === role) continue;
        grants.roles.push(role);
        grants.rules.push(rule);
        grants.targets.push(target);
      }
  };
  for (const rule of resolved.rules) {
    if (rule.effect === 'Allow') add('allow', rule);
    if (rule.effect === 'Deny' && rule.authorizer === undefined) add('deny', rule);
    if (rule.authorizer !== undefined) add('asked', rule);
  }
  for (const rule of resolved.plaintext) add('plaintext', rule);
  for (const rule of resolved.audits) add('audited', rule);
  return (cluster, namespace) => index.get(cluster)?.get(namespace) ?? noGrants;
});

type GrantsIn = (cluster: string, namespace: string) => Grants;

const noGrants: Grants = { roles: [], rules: [], targets: [] };

function byWorkload({ roles, rules, targets }: Grants): ReadonlyMap<string, Said> {
  const index = new Map<string, { readonly [role in Role]: Grant[] } & { readonly inputs: unknown[] }>();
  for (const [position, role] of roles.entries()) {
    const [rule, target] = [rules[position], targets[position]];
    if (rule === undefined || target === undefined) continue;
    const grant = { rule, target };
    for (const workload of target.destination.workloads) {
      const key = keyInMesh(workload);
      const said = index.get(key) ?? { inputs: [], allow: [], deny: [], asked: [], plaintext: [], audited: [] };
      index.set(key, said);
      said[role].push(grant);
      said.inputs.push(role, rule, target);
    }
  }
  return index;
}

/** Whether a rule speaks of a port of the pods of one workload: without ports it speaks of all, declared or not. */
export function speaksOfPort({ target }: Grant, workload: Workload, podPort: number): boolean {
  const { destination, ports, exceptPorts } = target;
  const isOne = (port: DestinationPort) => podPortsOf(port, destination.service, workload).includes(podPort);
  return ports === undefined ? !exceptPorts.some(isOne) : ports.some(isOne);
}

/** Where callers of a Service's port arrive at a workload: a named one leads not to the same port of all of them. */
export function podPortsOf(
  { service: number, pod }: DestinationPort,
  service: Target['destination']['service'],
  workload: Workload,
): readonly number[] {
  if (number === undefined) return pod;
  const port = service?.ports.find((each) => each.number === number);
  return port === undefined ? [] : arrivalPortsOf(service, port, workload);
}
