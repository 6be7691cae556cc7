import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { isManaged, type ManifestObject } from '../../../parse/document.js';
import { type Gateway, keyOf, type Labels, selects, type Workload } from '../../../topology/model.js';

/** What an existing AuthorizationPolicy says, as far as placement has to know it. */
export function actionOf({ value }: ManifestObject): string {
  const { action } = record(value.spec);
  return typeof action === 'string' ? action : 'ALLOW';
}

/** Whether a policy is foreign and decides: a dry run is watched only, and is no ALLOW that exists (istio-security §7). */
export function isForeignPolicy(object: ManifestObject): boolean {
  return object.kind === 'AuthorizationPolicy' && !isManaged(object) && !isDryRun(object);
}

/** As Go reads a boolean, which is how istiod does. */
function isDryRun({ value }: ManifestObject): boolean {
  const { annotations } = record(value.metadata);
  const written = record(annotations)['istio.io/dry-run'];
  return typeof written === 'string' && /^(?:1|t|T|true|TRUE|True)$/.test(written);
}

/** A foreign policy that closes what it reaches, but for whom its rules let in. */
export function isForeignAllow(object: ManifestObject): boolean {
  return isForeignPolicy(object) && actionOf(object) === 'ALLOW';
}

/** A foreign policy that lets somebody in. */
export function admits(object: ManifestObject): boolean {
  return isForeignAllow(object) && rulesOf(object).length > 0;
}

/** The ports that its rules name, as the enforcement point numbers them; `undefined` where one of them means every port. */
export function portsOfPolicy(object: ManifestObject): readonly number[] | undefined {
  const operations = rulesOf(object).flatMap(({ to }) => (Array.isArray(to) ? to : [{}]));
  const lists = operations.map((item) => record(record(item).operation).ports);
  return lists.every(Array.isArray) ? lists.flat().flatMap(portNumber) : undefined;
}

function portNumber(written: unknown): readonly number[] {
  return typeof written === 'string' || typeof written === 'number' ? [Number(written)] : [];
}

/** One of those whom it lets in, in words. */
export function exampleOf(object: ManifestObject): string {
  const [rule = {}] = rulesOf(object);
  const [item] = Array.isArray(rule.from) ? rule.from : [];
  const source = record(record(item).source);
  const [found] = Object.entries(callersBy).flatMap(([field, words]) =>
    [source[field]].flat().flatMap((value) => (typeof value === 'string' ? [`${words} \`${value}\``] : [])),
  );
  return found ?? (item === undefined ? 'anyone' : 'whoever its rules name');
}

const callersBy = {
  namespaces: 'any workload of namespace',
  serviceAccounts: 'whoever runs as',
  principals: 'whoever runs as',
  ipBlocks: 'anybody with an address of',
  remoteIpBlocks: 'anybody with an address of',
} as const;

export function policyKey({ namespace, name }: ManifestObject): string {
  return keyOf({ namespace: namespace ?? 'default', name });
}

/** Whether a policy is enforced for a destination, at its pods or at its waypoint. */
export function attaches(
  object: ManifestObject,
  { destination, waypoint }: DestinationPolicy,
  rootNamespace: string,
): boolean {
  const targets = targetsOf(object);
  const namespace = object.namespace ?? 'default';
  if (targets === undefined)
    return destination.workloads.some((workload) => reachesPods(object, workload, rootNamespace));
  return (
    waypoint !== undefined &&
    targets.some(({ kind, name }) => targetsDestination(kind, name, namespace, destination, waypoint))
  );
}

/** The same for a gateway: by targetRefs for a Gateway object, by selector for the pods of any (istio-security §3.1). */
export function reachesGateway(
  object: ManifestObject,
  { kind, namespace, name, podLabels }: Gateway,
  rootNamespace: string,
): boolean {
  const targets = targetsOf(object);
  if (targets === undefined) return reachesPods(object, { namespace, labels: podLabels }, rootNamespace);
  const isMeant = targets.some((target) => target.kind === 'Gateway' && target.name === name);
  return kind === 'gateway-api' && (object.namespace ?? 'default') === namespace && isMeant;
}

/** Whether a policy without targetRefs holds at the proxy of a workload (istio-security §3.1). */
export function reachesPods(
  object: ManifestObject,
  pods: Pick<Workload, 'namespace' | 'labels'>,
  rootNamespace: string,
): boolean {
  if (holdsAtWaypoints(object)) return false;
  const namespace = object.namespace ?? 'default';
  const labels = record(record(record(object.value.spec).selector).matchLabels) as Labels;
  return (namespace === pods.namespace || namespace === rootNamespace) && selects(labels, pods.labels);
}

/** A policy with targetRefs is enforced where they lead, and at no pod. */
export function holdsAtWaypoints(object: ManifestObject): boolean {
  return targetsOf(object) !== undefined;
}

/** What a policy names under `targetRefs`; `undefined` where it attaches by selector. */
function targetsOf(object: ManifestObject): ReadonlyArray<Readonly<Record<string, unknown>>> | undefined {
  const { targetRefs, targetRef } = record(object.value.spec);
  if (Array.isArray(targetRefs)) return targetRefs.map(record);
  return (targetRef ?? undefined) === undefined ? undefined : [record(targetRef)];
}

function targetsDestination(
  kind: unknown,
  name: unknown,
  namespace: string,
  destination: DestinationPolicy['destination'],
  waypoint: NonNullable<DestinationPolicy['waypoint']>,
): boolean {
  if (kind === 'Service') return namespace === destination.namespace && name === destination.name;
  if (kind === 'Gateway') return namespace === waypoint.namespace && name === waypoint.name;
  return kind === 'GatewayClass' && name === 'istio-waypoint';
}

function rulesOf(object: ManifestObject): ReadonlyArray<Readonly<Record<string, unknown>>> {
  const { rules } = record(object.value.spec);
  return Array.isArray(rules) ? rules.map(record) : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
