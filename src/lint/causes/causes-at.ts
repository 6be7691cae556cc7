import type { Gate } from '../../algebra/lane.js';
import { oncePer, oncePerObject } from '../../util/once.js';
import type { LintContext, PolicyInMesh } from '../context.js';
import { blindPlaneOf, lossOf } from '../planes/blind.js';
import type { Site } from '../sites.js';
import { replacementOf } from '../values/mistakes/corrections.js';
import { onlyOutsiders, outsidersOf } from '../values/outsiders.js';
import { isIdentity, isOfToken, testsOf } from '../written.js';
import type { Cause } from './cause.js';

/** Finds everything at a site that makes a policy there do something else than it says. */
export const causesFinder = oncePerObject((context: LintContext): ((site: Site) => readonly Cause[]) => {
  const written = oncePer((subject: PolicyInMesh) => [
    ...valuesOf(context, subject),
    ...certificatesOf(context, subject),
  ]);
  return ({ plan }) => {
    const gates = plan.ways.flatMap((way) => way.gates);
    const distinct = [...new Map(gates.map((gate) => [gate.enforcement, gate])).values()];
    const held = distinct.flatMap((gate) =>
      gate.enforcement.policies.flatMap(({ policy }) => {
        const subject = context.subjectOf(policy);
        return subject === undefined ? [] : [{ gate, subject }];
      }),
    );
    return [
      ...held.flatMap(({ gate, subject }) => [...readingsOf(subject, gate), ...tokensOf(subject, gate)]),
      ...[...new Set(held.map(({ subject }) => subject))].flatMap(written),
    ];
  };
});

function readingsOf(subject: PolicyInMesh, gate: Gate): readonly Cause[] {
  const plane = blindPlaneOf(gate);
  if (plane === undefined) return [];
  return subject.policy.rules
    .filter((rule) => lossOf(subject, rule, plane) !== undefined)
    .map(({ place }) => ({ kind: 'reading', plane, rule: place }));
}

function tokensOf({ policy }: PolicyInMesh, { enforcement }: Gate): readonly Cause[] {
  const asks = policy.rules.some((rule) => testsOf(rule).some(isOfToken));
  return asks && enforcement.authentication.length === 0 ? [{ kind: 'token', policy }] : [];
}

function valuesOf(context: LintContext, subject: PolicyInMesh): readonly Cause[] {
  return subject.policy.rules
    .flatMap(testsOf)
    .flatMap((test) =>
      [...test.values, ...test.notValues]
        .filter((value) => replacementOf(context, subject, test, value) !== undefined)
        .map((value) => ({ kind: 'value', test: test.place, value }) as const),
    );
}

function certificatesOf(context: LintContext, subject: PolicyInMesh): readonly Cause[] {
  const identities = subject.policy.rules.flatMap(testsOf).filter(isIdentity);
  if (identities.length === 0) return [];
  const outsiders = outsidersOf(context);
  return identities
    .filter(({ attribute }) => attribute !== 'source.trustDomain')
    .flatMap((test) =>
      [...test.values, ...test.notValues]
        .filter((value) => value !== '*')
        .flatMap((value) => onlyOutsiders(context, { subject, test, value }, outsiders)),
    )
    .map((outsider) => ({ kind: 'certificate', outsider }));
}
