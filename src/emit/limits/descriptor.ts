import type { JsonObject } from '../../parse/document.js';
import type { ResolvedRateLimit } from '../../resolve/resolved-traffic.js';
import { headerMatchers } from './limit-match.js';

/** What a proxy tells a rate limit service of a request, in order: without a value, any. */
export interface DescriptorEntry {
  readonly key: string;
  readonly value: string | undefined;
}

/** The first entry says of which limit it is, and the others of whom it is counted. */
export function descriptorOf({ origin, match, by }: ResolvedRateLimit): readonly DescriptorEntry[] {
  return [
    { key: match === undefined ? 'generic_key' : 'header_match', value: origin.id },
    ...by.map((each) => ({ key: each.kind === 'address' ? 'remote_address' : each.name, value: undefined })),
  ];
}

/** How Envoy makes that descriptor; where one action has nothing to say there is none, and nothing is counted. */
export function actionsOf({ origin, match, by }: ResolvedRateLimit): JsonObject[] {
  const own: JsonObject =
    match === undefined
      ? { generic_key: { descriptor_value: origin.id } }
      : { header_value_match: { descriptor_value: origin.id, headers: headerMatchers(match) } };
  return [
    own,
    ...by.map((each): JsonObject => {
      if (each.kind === 'address') return { remote_address: {} };
      return { request_headers: { header_name: each.name, descriptor_key: each.name } };
    }),
  ];
}
