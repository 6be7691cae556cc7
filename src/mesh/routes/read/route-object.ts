import type { ManifestObject } from '../../../parse/document.js';
import type { IstioVersion } from '../../../parse/mesh.js';
import type { Service, ServiceEntry } from '../../../topology/model.js';
import { asObject } from '../../json.js';
import type { Node } from './fields.js';

/** What reading a route of the Gateway API needs to know of its cluster. */
export interface Surroundings {
  readonly version: IstioVersion;
  /** Whether Istio reads InferencePools, which needs a flag. */
  readonly readsPools: boolean;
  /** To whom it is exported, which no route of the Gateway API says (§9.4). */
  readonly exportTo: readonly string[];
  readonly services: ReadonlyMap<string, Service>;
  readonly serviceEntries: ReadonlyMap<string, ServiceEntry>;
  /** Whether a rollout controller changes the weights of a route. */
  hasExternalWeights(route: ManifestObject): boolean;
  /** The backends of gateways' routes in other namespaces must be granted; those of the mesh need not (T-25). */
  isGranted(route: ManifestObject, kind: string, namespace: string, name: string): boolean;
}

/** A route object as all its kinds are read. */
export interface RouteObject {
  readonly object: ManifestObject;
  readonly namespace: string;
  readonly spec: Node;
}

export function routeObject(object: ManifestObject): RouteObject {
  const value = asObject(object.value.spec) ?? {};
  return { object, namespace: object.namespace ?? 'default', spec: { value, place: ['spec'] } };
}
