import type { JsonValue, ManifestObject, Path } from '../../parse/document.js';
import { namespaceOf } from '../fields.js';

/** What a Rollout of Argo Rollouts changes of the mesh while it moves requests from one version to the next. */
export interface ArgoRollout {
  readonly object: ManifestObject;
  /** The Deployment whose template it takes, where it has none of its own. */
  readonly deployment: string | undefined;
  readonly stable: RolloutVersion;
  readonly canary: RolloutVersion;
  /** The DestinationRule to whose subsets it adds a label; absent where versions are Services. */
  readonly destinationRule: string | undefined;
  readonly routes: readonly RolloutRoute[];
}

/** One of its two versions, by the names that the Rollout gives it. */
export interface RolloutVersion {
  readonly service: string | undefined;
  readonly subset: string | undefined;
}

/** A route whose weights it changes. */
export interface RolloutRoute {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** By their names; none: every one that leads to both versions. */
  readonly rules: readonly string[];
  /** Whether it adds rules for requests with a header, and takes rules for the canary alone out again. */
  readonly managesRules: boolean;
  /** Where the Rollout names it. */
  readonly path: Path;
}

export function isRollout({ apiVersion, kind }: ManifestObject): boolean {
  return kind === 'Rollout' && apiVersion.startsWith('argoproj.io/');
}

const routing: Path = ['spec', 'strategy', 'canary', 'trafficRouting'];
const gatewayApi = 'argoproj-labs/gatewayAPI';

/** As far as it says so: another strategy, or none of the mesh's routes, changes nothing. */
export function readRollout(object: ManifestObject): ArgoRollout {
  const canary = at(object, routing.slice(0, -1));
  const rule = at(object, [...routing, 'istio', 'destinationRule']);
  return {
    object,
    deployment: text(at(object, ['spec', 'workloadRef']).name),
    stable: { service: text(canary.stableService), subset: text(rule.stableSubsetName) },
    canary: { service: text(canary.canaryService), subset: text(rule.canarySubsetName) },
    destinationRule: text(rule.name),
    routes: [...virtualServices(object), ...gatewayApiRoutes(object)],
  };
}

function virtualServices(object: ManifestObject): readonly RolloutRoute[] {
  const istio: Path = [...routing, 'istio'];
  const several = items(at(object, istio).virtualServices).map((_, index) => [...istio, 'virtualServices', index]);
  return [[...istio, 'virtualService'], ...several].flatMap((path): readonly RolloutRoute[] => {
    const { name: written, routes } = at(object, path);
    const { name, namespace = namespaceOf(object) } = qualified(text(written) ?? '');
    const rules = items(routes).flatMap((route) => text(route) ?? []);
    return name === ''
      ? []
      : [{ kind: 'VirtualService', namespace, name, rules, managesRules: false, path: [...path, 'name'] }];
  });
}

/** `name`, or `name.namespace`. */
function qualified(written: string): { readonly name: string; readonly namespace?: string } {
  const short = written.replace(/\.cluster\.local$/, '');
  const dot = short.lastIndexOf('.');
  return dot < 0 ? { name: short } : { name: short.slice(0, dot), namespace: short.slice(dot + 1) };
}

const kinds = { http: 'HTTPRoute', grpc: 'GRPCRoute', tcp: 'TCPRoute', tls: 'TLSRoute' } as const;

/** Those of the plugin for Gateway API: one, which it adds rules to, or several, of which each says whether it does. */
function gatewayApiRoutes(object: ManifestObject): readonly RolloutRoute[] {
  const plugin: Path = [...routing, 'plugins', gatewayApi];
  const settings = at(object, plugin);
  const namespace = text(settings.namespace) ?? namespaceOf(object);
  return Object.entries(kinds).flatMap(([protocol, kind]): readonly RolloutRoute[] => {
    const base = { kind, namespace, rules: [] };
    const field = `${protocol}Route`;
    const one = text(settings[field]);
    const several = items(settings[`${field}s`]).flatMap((item, index): readonly RolloutRoute[] => {
      const { name, useHeaderRoutes } = asMapping(item);
      const path = [...plugin, `${field}s`, index, 'name'];
      return typeof name === 'string' ? [{ ...base, name, managesRules: useHeaderRoutes === true, path }] : [];
    });
    return [...(one ? [{ ...base, name: one, managesRules: true, path: [...plugin, field] }] : []), ...several];
  });
}

function at(object: ManifestObject, path: Path): Readonly<Record<string, JsonValue>> {
  return asMapping(path.reduce<JsonValue | undefined>((value, step) => asMapping(value)[step], object.value));
}

function asMapping(value: JsonValue | undefined): Readonly<Record<string | number, JsonValue>> {
  return Object(value);
}

function items(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
