import { largestOf, type Written, writtenOf } from '../algebra/answers.js';
import { comparersOf } from '../algebra/lane.js';
import { answerTo, TooLarge } from '../algebra/limits.js';
import { tooLargeDiagnostic } from '../algebra/too-large.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { inTextOrder } from '../diagnostics/order.js';
import { type Mesh, readMesh } from '../mesh/mesh.js';
import type { Topology } from '../topology/model.js';
import { contextOf, type Finding, type LintContext } from './context.js';
import { findings } from './registry.js';
import type { IsAsked } from './sites.js';

/** How much a lint looked at. */
export interface Linted {
  /** Every address that leads to a port of a pod. */
  readonly ways: number;
}

/**
 * What the policies among the manifests do that nobody can have meant, each shown by a request. Policies that the
 * cluster would refuse come first: they are left out of everything else. Nothing here stops a compilation.
 */
export function lintMesh(topology: Topology): Result<Linted> {
  const { value: mesh, diagnostics: refused } = readMesh(topology);
  const { value, diagnostics } = lint(mesh, findings);
  return { value, diagnostics: [...refused, ...inTextOrder(diagnostics)] };
}

/** What some findings alone have to say of the pods of some namespaces, and of all gateways. */
export function lintFor(mesh: Mesh, some: readonly Finding[], isAsked: IsAsked): readonly Diagnostic[] {
  return inTextOrder(lint(mesh, some, [], isAsked).diagnostics);
}

/** Where a policy makes a question too large, that is said, and everything is asked without it and where it is enforced. */
function lint(
  mesh: Mesh,
  asked: readonly Finding[],
  leftOut: readonly Written[] = [],
  isAsked?: IsAsked,
): Result<Linted> {
  const context = contextOf(mesh, leftOut, isAsked);
  const found: Diagnostic[] = [];
  for (const finding of asked) {
    const answer = answerTo(() => finding(context));
    if (answer instanceof TooLarge) return withoutLargest(context, asked, answer, leftOut, isAsked);
    found.push(...answer);
  }
  return { value: { ways: context.sites.length }, diagnostics: found };
}

function withoutLargest(
  context: LintContext,
  asked: readonly Finding[],
  { constants }: TooLarge,
  leftOut: readonly Written[],
  isAsked: IsAsked | undefined,
): Result<Linted> {
  const { mesh } = context;
  const comparers = [
    ...context.policies.map(({ forms }) => forms.http),
    ...[...mesh.clusters.values()].flatMap(({ requestAuthentication }) => [...requestAuthentication.values()].flat()),
  ];
  const largest = largestOf(
    comparers.filter((each) => !leftOut.includes(writtenOf(each))),
    constants,
  );
  if (largest === undefined) return { value: { ways: 0 }, diagnostics: [tooLargeDiagnostic(undefined, [])] };
  const policy = writtenOf(largest);
  const held = [...context.sites, ...context.gatewaySites].filter(({ plan }) =>
    comparersOf(plan).some((comparer) => writtenOf(comparer) === policy),
  );
  const places = [...new Set(held.map(({ addressed }) => addressed))];
  const { value, diagnostics } = lint(mesh, asked, [...leftOut, policy], isAsked);
  return { value, diagnostics: [tooLargeDiagnostic(policy, places), ...diagnostics] };
}
