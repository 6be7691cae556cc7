import type { DestinationPolicy, Obligation } from '../ir/policy-ir.js';
import type { Condition } from '../parse/ast.js';
import type { DestinationPort } from '../resolve/resolved.js';
import { oncePerObject } from '../util/once.js';
import { compareText, sortBy } from '../util/order.js';
import type { Pass } from './pass.js';

/** Gives each obligation one form, whatever the order in which its author wrote lists: values and rules sorted, repeats dropped. */
export const normalize: Pass = {
  name: 'normalize',
  run: (ir) => ({ value: { ...ir, destinations: ir.destinations.map(normalized) }, diagnostics: [] }),
};

const normalized = oncePerObject(
  (policy: DestinationPolicy): DestinationPolicy => ({
    ...policy,
    obligations: ordered(policy.obligations.map(normalizeObligation)),
    plaintext: ordered(policy.plaintext.map(normalizeObligation)),
    audits: ordered(policy.audits.map(normalizeObligation)),
  }),
);

/** Sorted by what they say, never by where that is written; an obligation said twice is said once. */
function ordered(obligations: readonly Obligation[]): Obligation[] {
  const distinct = new Map(obligations.map((obligation) => [shapeOf(obligation), obligation]));
  return sortBy(distinct, ([shape]) => shape).map(([, obligation]) => obligation);
}

function shapeOf({ effect, authorizer, origin, ports, exceptPorts, named, conditions, callers }: Obligation): string {
  return JSON.stringify([
    effect,
    authorizer ?? null,
    origin.id,
    ports?.map(({ service, pod }) => [service ?? null, pod]) ?? null,
    exceptPorts.map(({ service, pod }) => [service ?? null, pod]),
    named,
    conditions.map(({ key, name, values, isNegated }) => [
      key,
      name ?? null,
      isNegated,
      values.map(({ value }) => value),
    ]),
    callers.map(({ kind, label }) => [kind, label]),
  ]);
}

function normalizeObligation(obligation: Obligation): Obligation {
  const { callers, conditions, ports, exceptPorts } = obligation;
  const anyone = callers.find((caller) => caller.kind === 'anyone' && caller.except.length === 0);
  return {
    ...obligation,
    callers: anyone
      ? [anyone]
      : sortBy(
          callers,
          ({ kind }) => kind,
          ({ label }) => label,
        ),
    conditions: sortBy(
      conditions.map(normalizeCondition),
      ({ key }) => key,
      ({ name }) => name ?? '',
      ({ isNegated }) => Number(isNegated),
    ),
    ports: ports && sortPorts(ports),
    exceptPorts: sortPorts(exceptPorts),
  };
}

function sortPorts(ports: readonly DestinationPort[]): DestinationPort[] {
  return sortBy(
    ports,
    ({ service }) => service ?? 0,
    ({ pod }) => pod[0] ?? 0,
  );
}

export function normalizeCondition(condition: Condition): Condition {
  const values = new Map(condition.values.map((value) => [value.value, value]));
  return {
    ...condition,
    name: condition.key === 'headers' ? condition.name?.toLowerCase() : condition.name,
    values: [...values.values()].sort((left, right) => compareText(left.value, right.value)),
  };
}
