import type { RouteRule } from './route.js';

/** A rule for the same requests, of which it is not known what becomes of them, and why. */
export function openRule({ cors: _, ...rule }: RouteRule, why: string): RouteRule {
  const result = { kind: 'not-modelled', why, place: rule.origin.place } as const;
  return { ...rule, result, abort: undefined, mirrors: [] };
}
