import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { spanIn } from '../parse/document.js';
import type { Written } from './answers.js';

/** What makes a question too large, in words: a policy, or else what the intents themselves compare. */
export function tooLarge(policy: Written | undefined): string {
  const what = policy === undefined ? 'the rules tell' : `\`${policy.namespace}/${policy.name}\` tells`;
  return `${what} more requests apart than Ambit compares`;
}

/** That nothing is claimed of some places, which are told in words, because a policy is too large. */
export function tooLargeDiagnostic(policy: Written | undefined, places: readonly string[]): Diagnostic {
  const [first = 'all of them', ...others] = places;
  const where = `${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  const span = policy === undefined ? null : spanIn(policy.object, ['metadata', 'name']);
  return diagnostic('too-large-to-decide', { places: where, because: tooLarge(policy) }, span);
}
