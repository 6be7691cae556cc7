import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { replaceRules } from './replace-rules.js';

/** What the rules say once each scope has done with those of wider scopes as it says: from here on all of them add up. */
export function inherit(resolved: Resolved): Result<Resolved> {
  const diagnostics: Diagnostic[] = [];
  if (resolved.inheritances.length === 0) return { value: resolved, diagnostics };
  const rules = replaceRules(resolved, (found) => diagnostics.push(found));
  return { value: { ...resolved, rules }, diagnostics };
}
