import type { Result } from './diagnostics/diagnostic.js';
import type { Source } from './parse/parse-sources.js';
import { compile } from './pipeline.js';
import { type EffectiveSettings, effectiveSettings } from './proof/intents/effective.js';

/** The settings that hold for what a name means, after everything that documents of all scopes say; `undefined` where they cannot be read. */
export function effectiveSettingsOf(
  sources: readonly Source[],
  name: string,
  today: string | undefined,
): Result<readonly EffectiveSettings[] | undefined> {
  const { resolved, diagnostics } = compile(sources, { today, provenance: 'none', verify: false });
  return { value: resolved && effectiveSettings(resolved, name), diagnostics };
}
