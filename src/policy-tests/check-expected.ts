import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Located } from '../diagnostics/diagnostic.js';
import type { Mesh } from '../mesh/mesh.js';
import type { AccessCase, ExpectedOutcome } from '../parse/ast.js';
import { didYouMean, suggest } from '../util/suggest.js';

/** What of the outcome that a case expects names nothing, or can be of no request that is denied. */
export function checkExpected(mesh: Mesh, { expect, outcome }: AccessCase): readonly Diagnostic[] {
  return [
    ...outcome.destinations.flatMap((name) => unknownEnd(mesh, name)),
    ...(expect === 'deny' ? ofDenial(outcome) : []),
  ];
}

function unknownEnd({ clusters }: Mesh, { value, span }: Located<string>): readonly Diagnostic[] {
  const known = [...clusters.values()].flatMap(({ cluster: { services, workloads, serviceEntries } }) => [
    ...services.keys(),
    ...workloads.keys(),
    ...[...serviceEntries.values()].flatMap(({ hosts }) => hosts),
  ]);
  if (known.includes(value)) return [];
  const near = suggest(value, [...new Set(known)]);
  const details = near.length > 0 ? didYouMean(near) : {};
  return [diagnostic('expected-destination-unknown', { name: value }, span, details)];
}

function ofDenial({ destinations, versions, timeout, retries }: ExpectedOutcome): readonly Diagnostic[] {
  const fields: Readonly<Record<string, Located<unknown> | undefined>> = {
    destination: destinations[0],
    version: versions[0],
    timeout,
    retries,
  };
  return Object.entries(fields).flatMap(([field, found]) =>
    found === undefined ? [] : [diagnostic('denial-with-destination', { field }, found.span)],
  );
}

/** `, to version v1 or v2, within 2s`: what a case expects beside the verdict. */
export function describeExpected({ destinations, versions, statuses, timeout, retries }: ExpectedOutcome): string {
  const values = (all: readonly Located<string>[]) => all.map(({ value }) => value).join(' or ');
  const parts = [
    ...(destinations.length === 0 ? [] : [`ending at ${values(destinations)}`]),
    ...(versions.length === 0 ? [] : [`version ${values(versions)}`]),
    ...(statuses.length === 0 ? [] : [`status ${statuses.join(' or ')}`]),
    ...(timeout === undefined ? [] : [`timeout ${timeout.value}`]),
    ...(retries === undefined ? [] : [`${retries.value} ${retries.value === 1 ? 'retry' : 'retries'}`]),
  ];
  return parts.map((part) => `, ${part}`).join('');
}
