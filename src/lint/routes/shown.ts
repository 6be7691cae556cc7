import type { Details } from '../../diagnostics/create.js';
import type { RuleOwner, Sending } from './route-rules.js';
import { sampleOf } from './samples.js';

/** What becomes of the requests that are sent somewhere, by a request that shows it. */
export function failing(route: RuleOwner, { rule, share }: Sending, status: number): Pick<Details, 'witness'> {
  const sample = rule && sampleOf(route, rule);
  if (sample === undefined) return {};
  if (share === 'a copy') return { witness: `${sample} is copied to nobody` };
  const often = share === 'all' ? 'is answered' : 'is now and then answered';
  return { witness: `${sample} ${often} ${status}` };
}

export function lawsOf(...messages: readonly string[]): Pick<Details, 'notes'> {
  return { notes: messages.map((message) => ({ message })) };
}
