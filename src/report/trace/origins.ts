import type { PlacedIr } from '../../ir/policy-ir.js';
import type { Origin } from '../../resolve/resolved.js';
import type { Responsible } from '../../trace/responsible.js';
import type { SourceIntent } from '../../trace/source-intents.js';
import { sortBy } from '../../util/order.js';
import { lineOf } from './line-of.js';

export type SourceIntentsOf = (responsible: Responsible) => readonly SourceIntent[];

/** Who asked for what decided: the intents of the one rule, where a rule did; else the settings behind the policy. */
export function sourceIntentsOf(placed: PlacedIr): SourceIntentsOf {
  return (responsible) => {
    const origins = originsBehind(placed, responsible);
    const byId = new Map(origins.map((origin) => [origin.id, origin]));
    const known = sortBy(byId.values(), ({ id }) => id).map(sourceIntentOf);
    return known.length > 0 ? known : responsible.intents.map(unplaced);
  };
}

function unplaced(id: string): SourceIntent {
  return { id, reason: undefined, place: undefined };
}

function sourceIntentOf({ id, reason, span }: Origin): SourceIntent {
  return { id, reason, place: { file: span.file.path, line: lineOf(span) } };
}

function originsBehind({ policies, peerAuthentications }: PlacedIr, responsible: Responsible): readonly Origin[] {
  const isSame = (each: { readonly cluster: string; readonly namespace: string; readonly name: string }) =>
    each.cluster === responsible.cluster && each.namespace === responsible.namespace && each.name === responsible.name;
  if (responsible.kind === 'PeerAuthentication') return peerAuthentications.find(isSame)?.origins ?? [];
  if (responsible.kind !== 'AuthorizationPolicy') return [];
  const policy = policies.find(isSame);
  const rule = responsible.rule === undefined ? undefined : policy?.rules[responsible.rule];
  if (rule !== undefined && rule.origins.length > 0) return rule.origins;
  const settings = policy?.origins ?? [];
  return settings.length > 0 ? settings : (policy?.rules ?? []).flatMap(({ origins }) => origins);
}
