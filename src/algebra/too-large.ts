import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { ofMembers } from '../diagnostics/members.js';
import { spanIn } from '../parse/document.js';
import type { Written } from './answers.js';

/** What makes a question too large, in words: a policy, or else what the intents themselves compare. */
export function tooLarge(policy: Written | undefined): string {
  const what = policy === undefined ? 'the rules tell' : `\`${policy.namespace}/${policy.name}\` tells`;
  return `${what} more requests apart than Ambit compares`;
}

/** That nothing is claimed of some places, which are told in words, because a policy is too large. */
export function tooLargeDiagnostic(policy: Written | undefined, places: readonly string[]): Diagnostic {
  const span = policy === undefined ? null : spanIn(policy.object, ['metadata', 'name']);
  const found = diagnostic('too-large-to-decide', { places: 'all of them', because: tooLarge(policy) }, span);
  return places.length === 0
    ? found
    : ofMembers(
        found,
        'places',
        places.map((name) => ({ name })),
      );
}
