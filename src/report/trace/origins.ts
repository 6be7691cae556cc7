import type { PlacedIr } from '../../ir/policy-ir.js';
import type { Origin } from '../../resolve/resolved.js';
import { sortBy } from '../../util/order.js';
import type { Responsible } from '../../verify/trace/responsible.js';

/** An intent behind a policy, by its id; `origin` where this run compiled it. */
export interface Asker {
  readonly id: string;
  readonly origin: Origin | undefined;
}

export type AskersOf = (responsible: Responsible) => readonly Asker[];

/** Who asked for what decided: the intents of the one rule, where a rule did; else the settings behind the policy. */
export function askersOf(placed: PlacedIr | undefined): AskersOf {
  if (placed === undefined) return ({ intents }) => intents.map((id) => ({ id, origin: undefined }));
  return (responsible) => {
    const origins = originsBehind(placed, responsible);
    const byId = new Map(origins.map((origin) => [origin.id, origin]));
    const known = sortBy(byId.values(), ({ id }) => id).map((origin) => ({ id: origin.id, origin }));
    return known.length > 0 ? known : responsible.intents.map((id) => ({ id, origin: undefined }));
  };
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
