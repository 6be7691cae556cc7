import { rangeOf } from '../diagnostics/position.js';
import type { Origin } from '../resolve/resolved.js';
import { sortedUnique } from '../util/order.js';

/** How much the comments say: `full` has file and line, `ids` rule ids only, `none` nothing. */
export type Provenance = 'full' | 'ids' | 'none';

/** The comment of one rule: which intents asked for it, where those are written, and why it is enforced here. */
export function ruleComment(origins: readonly Origin[], why: readonly string[], provenance: Provenance): string[] {
  if (provenance === 'none') return [];
  const reason = why.join('; ');
  if (origins.length === 0) return reason === '' ? [] : [reason];
  const lines = origins.map((origin, index) => {
    const place = `${origin.id}${provenance === 'full' ? ` (${placeOf(origin)})` : ''}`;
    return index === origins.length - 1 && reason !== '' ? `${place}: ${reason}` : place;
  });
  return [...lines, ...origins.flatMap(remarks)];
}

/** What the author said about a rule travels with it. */
function remarks({ reason, owner, ticket }: Origin): string[] {
  const said = [
    ['reason', reason],
    ['owner', owner],
    ['ticket', ticket],
  ] as const;
  return said.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`]));
}

/** The comment above an object. */
export function objectComment(purpose: string, origins: readonly Origin[], provenance: Provenance): string[] {
  if (provenance === 'none') return [];
  return [
    purpose,
    ...distinct(origins).map((origin) => `for ${origin.id}${provenance === 'full' ? ` (${placeOf(origin)})` : ''}`),
  ];
}

type Annotations = Readonly<Record<string, string>>;

/** Labels and annotations of everything that is wholly Ambit's. Annotations survive tools that strip comments. */
export function ownMetadata(purpose: string, origins: readonly Origin[], annotations: Annotations = {}) {
  const rules = sortedUnique(origins.map(({ id }) => id));
  return {
    labels: { 'app.kubernetes.io/managed-by': 'ambit' },
    annotations: {
      ...(rules.length > 0 ? { 'ambit.dev/intents': rules.join(',') } : {}),
      'ambit.dev/purpose': purpose,
      ...annotations,
    },
  };
}

export function distinct(origins: readonly Origin[]): Origin[] {
  const byId = new Map(origins.map((origin) => [origin.id, origin]));
  return sortedUnique(byId.keys()).flatMap((id) => byId.get(id) ?? []);
}

function placeOf({ span }: Origin): string {
  return `${span.file.path}:${rangeOf(span).start.line}`;
}
