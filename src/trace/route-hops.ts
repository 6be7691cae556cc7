import type { Leg, LegEnd } from '../mesh/paths/legs.js';
import type { RoutedRequest } from '../mesh/routes/follow/matching.js';
import type { Origin } from '../mesh/routes/route.js';
import { spanIn } from '../parse/document.js';
import { sortedUnique } from '../util/order.js';
import type { Seen, TracedHop } from './traced-hop.js';

/** What a proxy decided about where a request goes, and what it made of it. */
export function routeHop({ step, to }: Leg, instead: 'not reached' | undefined): TracedHop {
  const outcome = instead ?? outcomeOf(to);
  const nothing = { decision: undefined, reads: undefined, policies: [] } as const;
  if (step === undefined) return { kind: 'route', name: '', because: '', outcome, sees: [], ...nothing };
  const { rule, tried, at, name, because, before, after } = step;
  const who = at === 'sidecar' ? 'the sidecar of the caller' : `${at} ${name}`;
  const base = {
    kind: 'route',
    name: nameOfRule(rule, tried),
    outcome,
    sees: changesSeen(before, after),
    ...nothing,
  } as const;
  const reason = 'because' in to ? to.because : because;
  return {
    ...base,
    because: `${who}: ${reason}`,
    ...(rule !== undefined && { rule: spanIn(rule.object, rule.place) }),
  };
}

function outcomeOf({ kind }: LegEnd): TracedHop['outcome'] {
  if (kind === 'answer' || kind === 'no-path') return 'denied';
  return kind === 'not-modelled' ? 'unknown' : 'passes';
}

function nameOfRule(rule: Origin | undefined, tried: string): string {
  if (rule === undefined) return tried === '' ? 'by the Host header' : tried;
  const { kind, namespace = 'default', name } = rule.object;
  return `${kind} ${namespace}/${name}${rule.name === undefined ? '' : `, rule ${rule.name}`}`;
}

/** What is no longer as it was sent. */
function changesSeen(before: RoutedRequest | undefined, after: RoutedRequest | undefined): readonly Seen[] {
  if (before === undefined || after === undefined) return [];
  const [sent, now] = [before.request, after.request];
  const names = sortedUnique([...Object.keys(sent.headers), ...Object.keys(now.headers), ...after.headerDoubts.keys()]);
  const headers = names.filter((name) => sent.headers[name] !== now.headers[name] || after.headerDoubts.has(name));
  const path = after.pathDoubt ?? now.path;
  return [
    ...(sent.path === now.path && after.pathDoubt === undefined ? [] : [{ name: 'path rewritten to', value: path }]),
    ...(sent.host === now.host ? [] : [{ name: 'host rewritten to', value: now.host }]),
    ...headers.map((name) => ({
      name: `header ${name} is now`,
      value: after.headerDoubts.get(name) ?? now.headers[name] ?? 'taken away',
    })),
  ];
}

/** A Host that nothing has leaves the pod as it came. */
export function passedOnHop(because: string): TracedHop {
  const nothing = { decision: undefined, reads: undefined, sees: [], policies: [] } as const;
  return { kind: 'route', name: 'by the Host header', because, outcome: 'passes', ...nothing };
}
