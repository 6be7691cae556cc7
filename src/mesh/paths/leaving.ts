import { hbonePort } from '../../topology/labels.js';
import { type Gateway, keyOf, type Waypoint } from '../../topology/model.js';
import { asArray, asObject, asText } from '../json.js';
import type { Mesh, MeshCluster } from '../mesh.js';
import { admitsAddress, admitsPods, type Pods } from '../network-policies/admits.js';
import { podsOfWaypoint } from '../network-policies/connection.js';
import { egressPoliciesOf, type NetworkPolicy } from '../network-policies/policy.js';
import { allOf, anyOf, type Truth } from '../truth.js';
import type { Caller } from './caller.js';
import { noPath, notModelled, type Stop } from './hops.js';
import type { OutsideHost } from './host-names.js';

/** Who leaves the mesh, and by which waypoint. */
interface Leaving {
  readonly caller: Caller;
  readonly behind: { readonly waypoint: Waypoint } | undefined;
}

/** What NetworkPolicies stop on the way out of the mesh: what a proxy sends is sent by its pod (F-46). */
export function stoppedOnTheWayOut(mesh: Mesh, { caller, behind }: Leaving, named: OutsideHost): Stop | undefined {
  const at = mesh.clusters.get(caller.cluster ?? '');
  if (at === undefined) return undefined;
  const own = caller.networkPolicies ?? [];
  if (behind === undefined) return stopOf(own, admitsHost(own, named), `\`${named.host}\``);
  const pods = podsOfWaypoint(behind.waypoint);
  const there = stopOf(own, admitsPods(own, at, pods, hbonePort), `waypoint \`${keyOf(behind.waypoint)}\``);
  return there ?? leavingWaypoint(at, pods, named);
}

function leavingWaypoint(at: MeshCluster, { namespace, labels = {} }: Pods, named: OutsideHost): Stop | undefined {
  const policies = egressPoliciesOf(at, namespace, labels);
  return stopOf(policies, admitsHost(policies, named), `\`${named.host}\``);
}

/** What stops a caller on its way to the pods of a gateway. */
export function stoppedBefore(
  mesh: Mesh,
  caller: Caller,
  gateway: Gateway,
  port: number | undefined,
): Stop | undefined {
  const at = mesh.clusters.get(caller.cluster ?? '');
  const own = caller.networkPolicies ?? [];
  const pods = { namespace: gateway.namespace, labels: gateway.podLabels };
  return at && stopOf(own, admitsPods(own, at, pods, port), `gateway \`${keyOf(gateway)}\``);
}

/** What stops a connection to an address that nothing in the mesh knows, whatever the address is. */
export function stoppedAtAddress({ networkPolicies = [] }: Caller, port: number): Stop | undefined {
  return stopOf(networkPolicies, admitsAddress(networkPolicies, undefined, port), 'that address');
}

function stopOf(policies: readonly NetworkPolicy[], admitted: Truth, what: string): Stop | undefined {
  if (admitted === 'yes') return undefined;
  const names = policies.map(({ name }) => `\`${name}\``).join(', ');
  const subject = `NetworkPolicy ${names}`;
  return admitted === 'no'
    ? noPath(`${subject} lets nothing out to ${what}`)
    : notModelled(`whether ${subject} lets anything out to ${what}`);
}

/** Every address that may be chosen. */
function admitsHost(policies: readonly NetworkPolicy[], { outside, port }: OutsideHost): Truth {
  const target = typeof port.targetPort === 'number' ? port.targetPort : port.number;
  const truths = addressesOf(outside.object.value.spec).map((address) => admitsAddress(policies, address, target));
  const [whole, some] = [allOf(truths), anyOf(truths)];
  return whole === some ? whole : 'unknown';
}

/** Where a host is; `undefined` among them for what DNS, or the client, says. */
function addressesOf(spec: Parameters<typeof asObject>[0]): readonly (string | undefined)[] {
  const { resolution, endpoints, addresses } = asObject(spec) ?? {};
  if (resolution === 'STATIC') {
    const given = asArray(endpoints).map((endpoint) => asText(asObject(endpoint)?.address));
    return given.length > 0 ? given : [undefined];
  }
  const literal = asArray(addresses).map(asText);
  const isPassed = resolution === undefined || resolution === 'NONE';
  return isPassed && literal.length > 0 && literal.every((each) => each?.includes('/') === false)
    ? literal
    : [undefined];
}
