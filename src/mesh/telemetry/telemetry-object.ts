import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { asArray, asLabels, asObject, asText } from '../json.js';
import type { Scope } from '../policies/policy.js';
import { targetsIn } from '../policies/targets.js';

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
function scopeOf(spec: JsonObject): Scope {
  const targets = targetsIn(spec);
  if (targets !== undefined) return { kind: 'targets', targets };
  const matchLabels = asLabels(asObject(spec.selector)?.matchLabels);
  return Object.keys(matchLabels).length > 0 ? { kind: 'selector', matchLabels } : { kind: 'namespace' };
}

function entriesOf(list: JsonValue | undefined): readonly Entry[] {
  return asArray(list).map((item) => {
    const value = asObject(item) ?? {};
    const names = asArray(value.providers).map((provider) => asText(asObject(provider)?.name) ?? '');
    return { value, providers: names.filter((name) => name !== '') };
  });
}
