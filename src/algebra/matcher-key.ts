import type { Matcher } from '../mesh/policies/matcher.js';
import { oncePerObject } from '../util/once.js';

/** The same text for matchers that say the same. */
export const matcherKey = oncePerObject((matcher: Matcher) => JSON.stringify(matcher));
