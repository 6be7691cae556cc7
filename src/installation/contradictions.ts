import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type Fact, meshDocument, type Said, spanOf } from './facts.js';

/** Two texts that say different things of one installation, with the places of both. */
export function contradiction(fact: string, first: Said<unknown>, second: Said<unknown>): Diagnostic {
  const parameters = {
    fact,
    first: first.by,
    value: shown(first.value),
    second: second.by,
    other: shown(second.value),
  };
  const note = { message: `${second.by} says it here`, span: spanOf(second) };
  return diagnostic('contradicting-installation', parameters, spanOf(first), { notes: [note] });
}

/** Whether two texts that both speak of a fact cannot both be right. What istiod merges need be in no manifest. */
export function contradict(fact: Fact, first: Said<unknown>, second: Said<unknown>): boolean {
  if (fact === 'sidecarsListenHbone') return false;
  if (fact === 'trustDomainAliases' && first.by === meshDocument) {
    return listOf(second.value).some((alias) => !listOf(first.value).includes(alias));
  }
  return differ(first.value, second.value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Whether two values are not the same, whatever their order. */
export function differ(first: unknown, second: unknown): boolean {
  return canonical(first) !== canonical(second);
}

/** Values as texts that are equal where nothing but their order differs. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`);
  return `{${fields.sort().join()}}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  const isPlainList = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return isPlainList && value.length > 0 ? value.join(', ') : JSON.stringify(value);
}
