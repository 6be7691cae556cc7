import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { asArray, asLabels, asObject, asText } from '../json.js';
import type { Scope, TargetReference } from '../policies/policy.js';

/** A Telemetry as written: what some proxies record. */
export interface TelemetryObject {
  readonly object: ManifestObject;
  readonly namespace: string;
  /** A selector without labels is none. */
  readonly scope: Scope;
  /** RFC 3339, as a cluster’s copy carries it; empty where it does not. */
  readonly created: string;
  readonly accessLogging: readonly Entry[];
  readonly metrics: readonly Entry[];
  readonly tracing: readonly Entry[];
}

/** One entry of a section, with the providers that it names. */
export interface Entry {
  readonly providers: readonly string[];
  readonly value: JsonObject;
}

export type Section = 'accessLogging' | 'metrics' | 'tracing';

export function readTelemetryObject(object: ManifestObject): TelemetryObject {
  const spec = asObject(object.value.spec) ?? {};
  return {
    object,
    namespace: object.namespace ?? 'default',
    scope: scopeOf(spec),
    created: asText(asObject(object.value.metadata)?.creationTimestamp) ?? '',
    accessLogging: entriesOf(spec.accessLogging),
    metrics: entriesOf(spec.metrics),
    tracing: entriesOf(spec.tracing),
  };
}

/** Targets of which none is known are for nobody. */
function scopeOf({ targetRefs, targetRef, selector }: JsonObject): Scope {
  const listed = asArray(targetRefs).length > 0 ? asArray(targetRefs) : targetRef ? [targetRef] : [];
  if (listed.length > 0) return { kind: 'targets', targets: listed.flatMap(targetOf) };
  const matchLabels = asLabels(asObject(selector)?.matchLabels);
  return Object.keys(matchLabels).length > 0 ? { kind: 'selector', matchLabels } : { kind: 'namespace' };
}

const groups: Readonly<Record<TargetReference['kind'], readonly string[]>> = {
  Service: ['', 'core'],
  ServiceEntry: ['networking.istio.io'],
  Gateway: ['gateway.networking.k8s.io'],
  GatewayClass: ['gateway.networking.k8s.io'],
};

function targetOf(value: JsonValue): readonly TargetReference[] {
  const { kind = '', name = '', group = '' } = asObject(value) ?? {};
  const known = Object.entries(groups).find(([each]) => each === kind);
  if (known === undefined || typeof name !== 'string' || !known[1].some((each) => each === group)) return [];
  return [{ kind: known[0] as TargetReference['kind'], name }];
}

function entriesOf(list: JsonValue | undefined): readonly Entry[] {
  return asArray(list).map((item) => {
    const value = asObject(item) ?? {};
    const names = asArray(value.providers).map((provider) => asText(asObject(provider)?.name) ?? '');
    return { value, providers: names.filter((name) => name !== '') };
  });
}
