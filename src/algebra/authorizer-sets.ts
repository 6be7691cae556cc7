import { type Changes, changesOf } from '../mesh/policies/authorizer-changes.js';
import { exactly, matchesText } from '../mesh/policies/matcher.js';
import { headersRead, preflightHeaders } from '../mesh/policies/token-places.js';
import { headersWrittenBy } from '../mesh/policies/written-headers.js';
import { policySet } from './gate-sets.js';
import type { Gate } from './lane.js';
import { emptySet, intersect, isEmpty, subtract, union } from './request-set.js';
import type { Space } from './space.js';
import type { TokenPart } from './token-sets.js';

/** A part by whether an authorizer may be asked that changes requests before anybody else looks at them (§7). */
export function partsByAuthorizer(gate: Gate, space: Space, part: TokenPart): readonly TokenPart[] {
  const asking = changingPolicies(gate);
  if (asking.length === 0) return [part];
  const { tokenHeader, requests } = part;
  const selected = asking.map(({ policy }) => policySet(policy, { ...gate, space, tokenHeader }, 'possibly'));
  const asked = intersect(requests, union(emptySet(space.shape), ...selected));
  if (isEmpty(asked)) return [part];
  const changes = asking.map((each) => each.changes);
  return [{ ...part, requests: subtract(requests, asked) }, changedPart({ ...part, requests: asked }, gate, changes)];
}

/** Whether what comes behind a gate may differ from what was sent. */
export function changesRequests(gate: Gate): boolean {
  return changingPolicies(gate).length + headersWrittenBy(gate.enforcement.authentication).size > 0;
}

function changingPolicies({ hop, enforcement }: Gate) {
  if (hop.chain === 'tcp') return [];
  return enforcement.policies.flatMap((policy) => {
    if (policy.action !== 'CUSTOM') return [];
    const changes = changesOf(policy.provider ?? '', hop.mesh);
    return changes.headers?.length === 0 ? [] : [{ policy, changes }];
  });
}

/** What may have a new token is of an unknown one, where tokens are read at all. */
function changedPart(part: TokenPart, { enforcement }: Gate, changes: readonly Changes[]): TokenPart {
  const { authentication } = enforcement;
  const rules = authentication.flatMap((policy) => policy.rules);
  const written = [...headersWrittenBy(authentication)];
  const headers = changes.flatMap((each) => each.headers ?? []);
  const everything = changes.some((each) => each.headers === undefined);
  const decisive = [...headersRead(rules), ...preflightHeaders];
  const mayHaveToken = everything || headers.some((name) => decisive.some((header) => matchesText(name, header)));
  if (rules.length === 0 || !mayHaveToken) {
    return { ...part, changed: { ...part.changed, unknown: [...part.changed.unknown, ...headers], everything } };
  }
  return {
    ...part,
    sight: 'unknown',
    changed: { removed: new Set(), unknown: [...written.map((name) => exactly(name)), ...headers], everything },
  };
}
