import type { Intent, SecuritySettings } from '../parse/ast.js';

/** Whether settings are watched, and decide nothing. */
export function isShadow(intent: Intent): intent is SecuritySettings {
  return intent.kind === 'SecuritySettings' && intent.stage?.value === 'Shadow';
}

/** What is in force: all but what is only watched. */
export function enforcedOf(intents: readonly Intent[]): readonly Intent[] {
  return intents.filter((intent) => !isShadow(intent));
}
