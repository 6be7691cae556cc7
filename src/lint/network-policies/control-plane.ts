import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Mesh, MeshCluster } from '../../mesh/mesh.js';
import { admitsPods, letsNamesBeLookedUp } from '../../mesh/network-policies/admits.js';
import { podsOfWorkload, type Receiver, stoppedBetween } from '../../mesh/network-policies/connection.js';
import type { NetworkPolicy } from '../../mesh/network-policies/policy.js';
import type { ManifestObject } from '../../parse/document.js';
import { spanIn } from '../../parse/document.js';
import { lawsOf } from '../routes/shown.js';
import { oncePerPolicies, type Pods, podsWith, podsWithEnvoy } from './senders.js';

/** The port of istiod for configuration and certificates. */
const discoveryPort = 15012;

/** Proxies that NetworkPolicies cut off from istiod: they get neither configuration nor certificates, and their pods no traffic. */
export function proxiesCutOff({ mesh }: { readonly mesh: Mesh }): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) => {
    if (at.cluster.networkPolicies.length === 0) return [];
    const istiod = podsOfIstiod(at);
    const proxies = podsWithEnvoy(at);
    return [...notLetOut(at, istiod, proxies), ...notLetIn(at, istiod, proxies), ...withoutNames(at, istiod, proxies)];
  });
}

/** As given, or as Istio installs it. */
function podsOfIstiod({ cluster, rootNamespace }: MeshCluster): Receiver {
  const given = [...cluster.workloads.values()].find(
    ({ namespace, labels }) => namespace === rootNamespace && labels.app === 'istiod',
  );
  if (given !== undefined) return { ...podsOfWorkload(given), title: 'istiod' };
  return { namespace: rootNamespace, labels: { app: 'istiod', istio: 'pilot' }, onNode: false, title: 'istiod' };
}

function isLetOut(at: MeshCluster, istiod: Receiver, { sender }: Pods): boolean {
  return admitsPods(sender.policies, at, istiod, discoveryPort) !== 'no';
}

function notLetOut(at: MeshCluster, istiod: Receiver, proxies: readonly Pods[]): readonly Diagnostic[] {
  const cutOff = proxies.filter((each) => !isLetOut(at, istiod, each));
  return tell('proxy-cut-off-from-istiod', cutOff, ({ receiver }) => [
    `a connection of a pod of ${receiver.title} to istiod on port ${discoveryPort} is stopped`,
    'a proxy without istiod gets no configuration and no certificates, and its pod does not become ready',
  ]);
}

/** A name that is not looked up is istiod's as well. */
function withoutNames(at: MeshCluster, istiod: Receiver, proxies: readonly Pods[]): readonly Diagnostic[] {
  const silent = proxies.filter((each) => {
    const { policies } = each.sender;
    return policies.length > 0 && isLetOut(at, istiod, each) && !letsNamesBeLookedUp(policies);
  });
  return tell('proxy-without-name-lookups', silent, ({ receiver }) => [
    `a question of a pod of ${receiver.title} for the address of istiod is stopped on port 53`,
    'a proxy finds istiod by its name, which it looks up like any other',
  ]);
}

/** ztunnel asks istiod on behalf of ambient pods, from pods of its own. */
function notLetIn(at: MeshCluster, istiod: Receiver, proxies: readonly Pods[]): readonly Diagnostic[] {
  const ambient = [...at.cluster.workloads.values()].some(({ mode }) => mode.plane === 'ambient');
  const namespace = at.rootNamespace;
  const ztunnel = { namespace, labels: { app: 'ztunnel' }, onNode: false, title: 'ztunnel' };
  const all = [...proxies, ...(ambient ? [podsWith(at, ztunnel)] : [])];
  const refused = all.flatMap((each) => {
    const stop = stoppedBetween(at, { ...each.sender, policies: [] }, istiod, discoveryPort);
    return stop?.kind === 'no-path' ? [{ ...each, objects: stop.policies, policies: namesOf(stop.policies) }] : [];
  });
  return oncePerPolicies(refused).map(({ first: { receiver, objects }, others }) =>
    found('istiod-closed', objects, `${receiver.title}${others}`, [
      `a connection of a pod of ${receiver.title} to istiod on port ${discoveryPort} is refused`,
      'without istiod a proxy gets no configuration and no certificates',
    ]),
  );
}

type Told = readonly [witness: string, law: string];

function tell(
  name: 'proxy-cut-off-from-istiod' | 'proxy-without-name-lookups',
  cutOff: readonly Pods[],
  told: (pods: Pods) => Told,
): readonly Diagnostic[] {
  const governed = cutOff.map((pods) => ({ pods, policies: pods.sender.policies.map((each) => each.name).join() }));
  return oncePerPolicies(governed).map(({ first: { pods }, others }) =>
    found(name, objectsOf(pods.sender.policies), `${pods.receiver.title}${others}`, told(pods)),
  );
}

function found(
  name: 'proxy-cut-off-from-istiod' | 'proxy-without-name-lookups' | 'istiod-closed',
  objects: readonly ManifestObject[],
  subject: string,
  [witness, law]: Told,
): Diagnostic {
  const [first] = objects;
  const parameters = { policies: namesOf(objects), subject };
  const at = first === undefined ? null : spanIn(first, ['metadata', 'name']);
  return diagnostic(name, parameters, at, { witness, ...lawsOf(law) });
}

function objectsOf(policies: readonly NetworkPolicy[]): readonly ManifestObject[] {
  return policies.map(({ object }) => object);
}

export function namesOf(objects: readonly ManifestObject[]): string {
  return objects.map(({ namespace = 'default', name }) => `\`${namespace}/${name}\``).join(', ');
}
