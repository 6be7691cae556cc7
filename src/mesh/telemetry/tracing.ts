import type { JsonObject } from '../../parse/document.js';
import { asObject } from '../json.js';
import { byDefault } from './access-logs.js';
import { isFor, type Side } from './side.js';
import type { TelemetryObject } from './telemetry-object.js';

/** Where a proxy sends spans, of how many requests, and with which tags. */
export interface TracingState {
  readonly provider: string;
  readonly disabled: boolean;
  /** `undefined`: as the MeshConfig says. */
  readonly sampling: number | undefined;
  readonly tags: JsonObject;
}

/** Fields of a nearer level go before those of a wider one, each as a whole (F-62). `undefined` where nobody speaks of it. */
export function tracingOf(layers: readonly TelemetryObject[], side: Side): TracingState | undefined {
  const entries = layers.flatMap(({ tracing }) => tracing);
  if (entries.length === 0) return undefined;
  let state: TracingState = { provider: byDefault, disabled: false, sampling: undefined, tags: {} };
  for (const { providers, value } of entries.filter((entry) => isFor(entry, side))) {
    const { disableSpanReporting, randomSamplingPercentage, customTags } = value;
    state = {
      provider: providers[0] ?? state.provider,
      disabled: typeof disableSpanReporting === 'boolean' ? disableSpanReporting : state.disabled,
      sampling: typeof randomSamplingPercentage === 'number' ? randomSamplingPercentage : state.sampling,
      tags: asObject(customTags) ?? state.tags,
    };
  }
  return state;
}
