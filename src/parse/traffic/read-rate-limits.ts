import type { Cursor } from '../cursor.js';
import { numberOf, textOf } from './leaves.js';
import { readMatch } from './read-match.js';
import type { LimitKey, RateLimit } from './settings.js';

export function readRateLimit(node: Cursor): RateLimit {
  return {
    name: node.field('name').text(),
    reason: node.optional('reason', textOf),
    owner: node.optional('owner', textOf),
    ticket: node.optional('ticket', textOf),
    requests: numberOf(node.field('requests')),
    per: node.field('per').text(),
    through: node.optional('through', (field) => field.text()),
    by: node.optional('by', (list) => list.items().map(readKey)) ?? [],
    match: node.optional('match', readMatch),
  };
}

function readKey(node: Cursor): LimitKey {
  if (node.value === 'ClientAddress') return { kind: 'address', span: node.span };
  return { kind: 'header', name: textOf(node.field('header')), span: node.span };
}
