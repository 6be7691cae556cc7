import type { ConditionKey } from '../parse/ast.js';
import type { IstioSettings, IstioVersion } from '../parse/mesh.js';
import type { Plane } from '../topology/model.js';
import { assert } from '../util/assert.js';
import { hasSince } from './releases.js';

/** Where a policy is decided. */
export type PointKind = 'ztunnel' | 'sidecar' | 'waypoint';

/** What a rule may look at. */
export type Attribute =
  | 'identity'
  | 'serviceAccounts'
  | 'addresses'
  | 'addressesByHbone'
  | 'port'
  | 'authorizer'
  | ConditionKey;

/** What one enforcement point can do about one attribute. */
interface Capability {
  readonly point: PointKind;
  readonly attribute: Attribute;
  readonly enforced: boolean;
  /** First version with this behaviour; absent: every version that Ambit knows. */
  readonly since?: IstioVersion;
  /** The law it was read from. */
  readonly fact: string;
  /** For a reader of a refusal: what the point does see. */
  readonly because: string;
}

const insideTunnel = 'out of the tunnel comes an internal address of Envoy';
const ownNames = 'at a sidecar callers of the mesh come in its mutual TLS, in which proxies write names of their own';
const seesNoNames = 'ztunnel looks into no TLS handshake of an application';
const seesConnections = 'ztunnel sees who connects to which port, not the requests inside';

/** Later rows of one point and attribute, with a `since`, replace earlier ones from that version on. */
const capabilities: readonly Capability[] = [
  {
    point: 'ztunnel',
    attribute: 'identity',
    enforced: true,
    fact: 'istio-security §2.1',
    because: 'the identity of the HBONE connection',
  },
  {
    point: 'ztunnel',
    attribute: 'serviceAccounts',
    enforced: true,
    fact: 'istio-security §1.3',
    because: 'any trust domain',
  },
  {
    point: 'ztunnel',
    attribute: 'addresses',
    enforced: true,
    fact: 'istio-security §2.1',
    because: 'the peer of the TCP connection',
  },
  {
    point: 'ztunnel',
    attribute: 'addressesByHbone',
    enforced: true,
    fact: 'istio-security §2.4',
    because: 'the peer of the HBONE connection',
  },
  { point: 'ztunnel', attribute: 'port', enforced: true, fact: 'istio-security §4.4', because: "the pod's port" },
  { point: 'ztunnel', attribute: 'methods', enforced: false, fact: 'istio-security §2.2', because: seesConnections },
  { point: 'ztunnel', attribute: 'paths', enforced: false, fact: 'istio-security §2.2', because: seesConnections },
  { point: 'ztunnel', attribute: 'hosts', enforced: false, fact: 'istio-security §2.2', because: seesConnections },
  {
    point: 'ztunnel',
    attribute: 'serverNames',
    enforced: false,
    fact: 'istio-security §2.3',
    because: seesNoNames,
  },
  { point: 'ztunnel', attribute: 'headers', enforced: false, fact: 'istio-security §2.2', because: seesConnections },
  { point: 'ztunnel', attribute: 'token', enforced: false, fact: 'istio-security §6.2', because: seesConnections },
  {
    point: 'ztunnel',
    attribute: 'authorizer',
    enforced: false,
    fact: 'istio-security §2.2',
    because: seesConnections,
  },
  {
    point: 'sidecar',
    attribute: 'identity',
    enforced: true,
    fact: 'istio-security §2.1',
    because: 'the identity of the mTLS or HBONE connection',
  },
  {
    point: 'sidecar',
    attribute: 'serviceAccounts',
    enforced: true,
    fact: 'istio-security §1.3',
    because: 'any trust domain',
  },
  {
    point: 'sidecar',
    attribute: 'addresses',
    enforced: true,
    fact: 'istio-security §2.1',
    because: 'the peer of the connection',
  },
  {
    point: 'sidecar',
    attribute: 'addressesByHbone',
    enforced: false,
    fact: 'istio-security §1.3',
    because: insideTunnel,
  },
  { point: 'sidecar', attribute: 'port', enforced: true, fact: 'istio-security §4.4', because: "the pod's port" },
  {
    point: 'sidecar',
    attribute: 'methods',
    enforced: true,
    fact: 'istio-security §2.1',
    because: 'requests on HTTP ports',
  },
  {
    point: 'sidecar',
    attribute: 'paths',
    enforced: true,
    fact: 'istio-security §1.5',
    because: 'requests on HTTP ports',
  },
  {
    point: 'sidecar',
    attribute: 'hosts',
    enforced: true,
    fact: 'istio-security §1.4',
    because: 'requests on HTTP ports',
  },
  {
    point: 'sidecar',
    attribute: 'serverNames',
    enforced: false,
    fact: 'istio-security §1.6',
    because: ownNames,
  },
  {
    point: 'sidecar',
    attribute: 'headers',
    enforced: true,
    fact: 'istio-security §1.6',
    because: 'requests on HTTP ports',
  },
  {
    point: 'sidecar',
    attribute: 'token',
    enforced: true,
    fact: 'istio-security §6.2',
    because: 'validated tokens on HTTP ports',
  },
  {
    point: 'sidecar',
    attribute: 'authorizer',
    enforced: true,
    fact: 'istio-security §7',
    because: 'asked about requests on HTTP ports',
  },
  {
    point: 'waypoint',
    attribute: 'identity',
    enforced: true,
    fact: 'istio-security §4.1',
    because: "the original client's identity",
  },
  {
    point: 'waypoint',
    attribute: 'serviceAccounts',
    enforced: true,
    fact: 'istio-security §1.3',
    because: 'any trust domain',
  },
  {
    point: 'waypoint',
    attribute: 'addresses',
    enforced: false,
    fact: 'istio-security §1.3',
    because: 'nobody comes to it but by HBONE',
  },
  {
    point: 'waypoint',
    attribute: 'addressesByHbone',
    enforced: false,
    fact: 'istio-security §1.3',
    because: insideTunnel,
  },
  { point: 'waypoint', attribute: 'port', enforced: true, fact: 'istio-security §4.4', because: "the Service's port" },
  {
    point: 'waypoint',
    attribute: 'methods',
    enforced: true,
    fact: 'istio-security §2.1',
    because: 'requests on HTTP ports',
  },
  {
    point: 'waypoint',
    attribute: 'paths',
    enforced: true,
    fact: 'istio-security §1.5',
    because: 'requests on HTTP ports',
  },
  {
    point: 'waypoint',
    attribute: 'hosts',
    enforced: true,
    fact: 'istio-security §1.4',
    because: 'requests on HTTP ports',
  },
  {
    point: 'waypoint',
    attribute: 'serverNames',
    enforced: false,
    fact: 'istio-security §1.6',
    because: 'what comes to a waypoint out of the tunnel has no TLS handshake of its own',
  },
  {
    point: 'waypoint',
    attribute: 'headers',
    enforced: true,
    fact: 'istio-security §1.6',
    because: 'requests on HTTP ports',
  },
  {
    point: 'waypoint',
    attribute: 'token',
    enforced: true,
    fact: 'istio-security §6.2',
    because: 'validated tokens on HTTP ports',
  },
  {
    point: 'waypoint',
    attribute: 'authorizer',
    enforced: true,
    fact: 'istio-security §7',
    because: 'asked about requests on HTTP ports',
  },
];

/** The row that holds for a point, an attribute and a version. */
export function capability(point: PointKind, attribute: Attribute, istio: IstioSettings): Capability {
  const row = capabilities.findLast(
    (each) => each.point === point && each.attribute === attribute && hasSince(istio.version, each.since),
  );
  assert(row !== undefined, `no capability row for ${point} and ${attribute}`);
  return row;
}

/** Which proxy decides about traffic that arrives at a pod; `undefined` where none does. */
export const podPoint: Readonly<Record<Plane, PointKind | undefined>> = {
  ambient: 'ztunnel',
  sidecar: 'sidecar',
  gateway: 'sidecar',
  waypoint: undefined,
  'east-west': undefined,
  hbone: undefined,
  none: undefined,
};
