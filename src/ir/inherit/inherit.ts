import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { indexDestinations } from '../../resolve/destinations.js';
import type { ResolvedRule } from '../../resolve/resolved.js';
import type { Resolved } from '../../resolve/resolved-intents.js';
import { settledDefaults } from '../../resolve/settled-defaults.js';
import { oncePerObject } from '../../util/once.js';
import type { Inherited, InheritedRule } from './inherited-rule.js';
import { replaceRules } from './replace-rules.js';
import { stricterRules } from './stricter-rules.js';

/** What the rules say once each scope has done with those of wider scopes as it says: from here on all of them add up. */
export function inherit(resolved: Resolved): Result<Inherited> {
  const diagnostics: Diagnostic[] = [];
  const { inheritances, topology } = resolved;
  const alone = resolved.rules.map(withinNothing);
  if (inheritances.length === 0) return { value: { ...resolved, rules: alone }, diagnostics };
  const report = (found: Diagnostic) => diagnostics.push(found);
  const defaults = settledDefaults({ destinations: indexDestinations(topology) }, resolved.defaults, inheritances);
  const left = replaceRules(alone, inheritances, report);
  return { value: { ...resolved, rules: stricterRules(left, resolved, defaults, report), defaults }, diagnostics };
}

const withinNothing = oncePerObject((rule: ResolvedRule): InheritedRule => ({ ...rule, within: [] }));
