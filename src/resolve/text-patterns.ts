import type { ConditionKey } from '../parse/ast.js';

/** Whether every text that the second pattern matches is one that the first matches; `false` where that is not plain to see. */
export function coversText(key: ConditionKey, pattern: string, other: string): boolean {
  const [wide, narrow] = [folded(key, pattern), folded(key, other)];
  if (wide === narrow || wide === '*') return true;
  if (isTemplate(wide)) return false;
  if (isPrefix(wide)) return !isSuffix(narrow) && beginningOf(narrow).startsWith(wide.slice(0, -1));
  return isSuffix(wide) && !isPrefix(narrow) && !isTemplate(narrow) && narrow.endsWith(wide.slice(1));
}

/** Whether no text is matched by both patterns; `false` where that is not plain to see. */
export function areApart(key: ConditionKey, left: string, right: string): boolean {
  const [one, other] = [folded(key, left), folded(key, right)];
  if (isExact(one) && isExact(other)) return one !== other;
  if (isExact(one)) return isPlain(other) && !coversText(key, other, one);
  if (isExact(other)) return isPlain(one) && !coversText(key, one, other);
  if (isSuffix(one) || isSuffix(other)) return false;
  const [first, second] = [beginningOf(one), beginningOf(other)];
  return !first.startsWith(second) && !second.startsWith(first);
}

/** Hosts are compared without regard to case. */
function folded(key: ConditionKey, pattern: string): string {
  return key === 'hosts' ? pattern.toLowerCase() : pattern;
}

/** What every text that a pattern matches begins with. */
function beginningOf(pattern: string): string {
  return pattern.split(/[*{]/)[0] ?? '';
}

function isExact(pattern: string): boolean {
  return !pattern.includes('*') && !isTemplate(pattern);
}

function isPlain(pattern: string): boolean {
  return !isTemplate(pattern);
}

function isPrefix(pattern: string): boolean {
  return pattern.endsWith('*') && !isTemplate(pattern);
}

function isSuffix(pattern: string): boolean {
  return pattern.startsWith('*');
}

/** A template of a path, such as `/v1/{*}`. */
function isTemplate(pattern: string): boolean {
  return pattern.includes('{');
}
