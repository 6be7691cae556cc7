import type { Cursor } from '../cursor.js';
import { numberOf, textOf } from './leaves.js';
import { readMatch } from './read-match.js';
import type { RateLimit } from './settings.js';

export function readRateLimit(node: Cursor): RateLimit {
  return {
    name: node.field('name').text(),
    reason: node.optional('reason', textOf),
    owner: node.optional('owner', textOf),
    ticket: node.optional('ticket', textOf),
    requests: numberOf(node.field('requests')),
    per: node.field('per').text(),
    match: node.optional('match', readMatch),
  };
}
