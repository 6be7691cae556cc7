import { rangeOf } from '../diagnostics/position.js';
import type { Manifest } from '../emit/manifest.js';
import { printManifest } from '../emit/print-yaml.js';
import type { PlacedPolicy, PlacedRule } from '../ir/policy-ir.js';
import type { CompileResult } from '../pipeline.js';
import type { Origin } from '../resolve/resolved.js';

/**
 * What stands behind an emitted object (`Kind/namespace/name`) or a rule (`settings/rule`): the intents that made it,
 * the objects that say it, and why they stand there. `undefined` where the compilation knows neither.
 */
export function explainSubject(result: CompileResult, subject: string): string | undefined {
  const objects = result.manifests.filter((manifest) => subjectOf(manifest).toLowerCase() === subject.toLowerCase());
  if (objects.length > 0) return objects.map((manifest) => explainObject(result, manifest)).join('\n');
  const realising = result.manifests.filter(({ realises }) => realises.includes(subject));
  return realising.length > 0 ? explainRule(result, subject, realising) : undefined;
}

/** Everything that can be explained: the objects that are emitted, and the rules that they realise. */
export function subjectsOf({ manifests }: CompileResult): readonly string[] {
  const rules = new Set(manifests.flatMap(({ realises }) => realises));
  return [...new Set(manifests.map(subjectOf)), ...rules].sort();
}

function subjectOf({ object }: Manifest): string {
  return [object.kind, ...(object.metadata.namespace ? [object.metadata.namespace] : []), object.metadata.name].join(
    '/',
  );
}

/** The same of an emitted object, without the object itself. */
export function provenanceOf(result: CompileResult, subject: string): string | undefined {
  const objects = result.manifests.filter((manifest) => subjectOf(manifest) === subject);
  return objects.length === 0 ? undefined : objects.flatMap((manifest) => provenance(result, manifest)).join('\n');
}

function explainObject(result: CompileResult, manifest: Manifest): string {
  return `${[...provenance(result, manifest), '', printManifest(manifest).trimEnd()].join('\n')}\n`;
}

function provenance(result: CompileResult, manifest: Manifest): readonly string[] {
  const origins = originsOf(result).filter(({ id }) => manifest.realises.includes(id));
  return [
    `${subjectOf(manifest)}, in cluster ${manifest.cluster}, applied in ${manifest.phase}`,
    ...manifest.header.slice(0, 1).map((purpose) => `  ${purpose}`),
    '',
    'made by',
    ...(origins.length > 0 ? origins.map((origin) => `  ${placed(origin)}`) : ['  no single intent']),
  ];
}

function explainRule(result: CompileResult, id: string, manifests: readonly Manifest[]): string {
  const origin = originsOf(result).find((each) => each.id === id);
  const lines = [
    origin ? placed(origin) : id,
    ...(origin ? remarks(origin) : []),
    '',
    'written as',
    ...manifests.flatMap((manifest) => [
      `  ${manifest.cluster}  ${subjectOf(manifest)}`,
      ...reasons(result, manifest, id).map((reason) => `    ${reason}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The policy's purpose says where it is decided; the rule's own reason says why there. */
function reasons({ placed: ir }: CompileResult, manifest: Manifest, id: string): string[] {
  const policy = ir?.policies.find((each) => isSame(each, manifest));
  if (policy === undefined) return manifest.header.slice(0, 1);
  const rules = policy.rules.filter(({ origins }) => origins.some((origin) => origin.id === id));
  return [policy.purpose, ...new Set(rules.flatMap(({ why }: PlacedRule) => why))];
}

function isSame({ cluster, namespace, name }: PlacedPolicy, { cluster: other, object }: Manifest): boolean {
  return (
    cluster === other &&
    object.kind === 'AuthorizationPolicy' &&
    namespace === object.metadata.namespace &&
    name === object.metadata.name
  );
}

/** Every intent that something placed comes from, by id. */
export function originsOf({ placed: ir }: CompileResult): Origin[] {
  if (ir === undefined) return [];
  const all = [
    ...ir.policies.flatMap(({ origins, rules }) => [...origins, ...rules.flatMap((rule) => rule.origins)]),
    ...ir.peerAuthentications.flatMap(({ origins }) => origins),
    ...ir.routes.map(({ traffic }) => traffic.origin),
    ...ir.gatewayRoutes.map(({ origin }) => origin),
  ];
  return [...new Map(all.map((origin) => [origin.id, origin])).values()].sort((left, right) =>
    left.id < right.id ? -1 : 1,
  );
}

function placed({ id, span }: Origin): string {
  return `${id} (${span.file.path}:${rangeOf(span).start.line})`;
}

function remarks({ reason, owner, ticket }: Origin): string[] {
  return [
    ...(reason ? [`  reason: ${reason}`] : []),
    ...(owner ? [`  owner: ${owner}`] : []),
    ...(ticket ? [`  ticket: ${ticket}`] : []),
  ];
}
