import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import type { Reason } from '../reason.js';
import type { TrafficNames } from './lifting.js';

/** For whom settings of traffic are. */
export type ScopeOfTraffic =
  | { readonly kind: 'service' | 'workload'; readonly namespace: string; readonly name: string }
  /** Routes are told apart by the hosts for which a gateway is asked. */
  | {
      readonly kind: 'gateway';
      readonly namespace: string;
      readonly name: string;
      readonly hosts: readonly string[];
    }
  /** A host outside the mesh, and the namespace that makes it known. */
  | { readonly kind: 'host'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'namespace'; readonly namespace: string; readonly name: '' }
  | { readonly kind: 'mesh'; readonly namespace: ''; readonly name: '' };

/** What an object says for one scope. Of each role a scope takes what one object says, and routes of Gateway API all together. */
export interface Part {
  readonly object: ManifestObject;
  readonly scope: ScopeOfTraffic;
  readonly says: RoutesSaid | SettingsSaid;
  /** The namespaces that read it; absent: all. */
  readonly readers: readonly string[] | undefined;
}

interface RoutesSaid {
  readonly role: 'routes';
  /** Whether the first one that matches counts, or the one that matches most. */
  readonly order: 'as-written' | 'by-match';
  readonly routes: readonly JsonObject[];
  /** The ports of the scope on which requests are read, as routes name them. */
  readonly ports: readonly JsonValue[];
  /** Whether a rollout controller changes their weights. */
  readonly hasExternalWeights: boolean;
}

interface SettingsSaid {
  readonly role: 'way' | 'entry' | 'reach';
  readonly settings: JsonObject;
}

export type PartsOf = (object: ManifestObject, names: TrafficNames) => readonly Part[] | Reason;

/** The routes of a scope; whether a rollout controller has a say in them is a matter of the names around. */
export function routesPart(
  object: ManifestObject,
  scope: ScopeOfTraffic,
  said: Pick<RoutesSaid, 'order' | 'routes' | 'ports'>,
  { hasExternalWeights }: TrafficNames,
  readers?: readonly string[],
): Part {
  return { object, scope, says: { role: 'routes', ...said, hasExternalWeights }, readers };
}

/** All parts, or why one of them cannot be said. */
export function allParts(found: ReadonlyArray<Part | Reason>): readonly Part[] | Reason {
  const parts = found.flatMap((each) => ('because' in each ? [] : [each]));
  return found.find((each): each is Reason => 'because' in each) ?? parts;
}

/** What tells scopes apart. */
export function idOfScope(scope: ScopeOfTraffic): string {
  const hosts = scope.kind === 'gateway' ? ` ${scope.hosts.join(' ')}` : '';
  return `${scope.kind} ${keyOfScope(scope)}${hosts}`;
}

export function keyOfScope({ namespace, name }: ScopeOfTraffic): string {
  return name === '' ? namespace : `${namespace}/${name}`;
}

/** A scope as settings say it. */
export function scopeInSettings(scope: ScopeOfTraffic): JsonValue {
  if (scope.kind === 'mesh') return 'mesh';
  if (scope.kind === 'host') return { host: scope.name, namespace: scope.namespace };
  return { [scope.kind]: keyOfScope(scope) };
}

/** The namespaces for whose proxies an object is; `undefined` where it is for all. */
export function readersOf(exportTo: readonly string[], namespace: string): readonly string[] | undefined {
  if (exportTo.length === 0 || exportTo.includes('*')) return undefined;
  return [...new Set(exportTo.map((each) => (each === '.' ? namespace : each)))].sort();
}
