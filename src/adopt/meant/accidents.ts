import { applyFixes } from '../../diagnostics/apply-fixes.js';
import type { DiagnosticName } from '../../diagnostics/catalogue.js';
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.js';
import { isWithin } from '../../diagnostics/position.js';
import { policiesForNothing } from '../../lint/attachment/policies-for-nothing.js';
import { targetsWithoutWaypoint } from '../../lint/attachment/targets-without-waypoint.js';
import { lintFor } from '../../lint/lint-mesh.js';
import { allowRulesLostAtZtunnel } from '../../lint/planes/allow-rules-lost-at-ztunnel.js';
import { denialsLostAtZtunnel } from '../../lint/planes/denials-lost-at-ztunnel.js';
import { spiffePrincipals } from '../../lint/values/spiffe-principals.js';
import { asObject } from '../../mesh/json.js';
import type { Mesh } from '../../mesh/mesh.js';
import { isManaged, type ManifestObject, spanIn } from '../../parse/document.js';
import type { Source } from '../../parse/parse-sources.js';
import type { ClusterObject } from '../../topology/build-topology.js';
import { groupBy } from '../../util/order.js';
import { keyOfObject } from '../policies.js';

/** What a policy does and its author can hardly have meant, where it is plain what was meant. */
export interface Accident {
  /** The policy. */
  readonly key: string;
  readonly finding: Diagnostic;
  /** The text that was meant; absent where the policy is right, and stands where nothing reads it. */
  readonly fix: Fix | undefined;
}

/** Policies that say what was meant, and stand where nothing reads all of it. */
const misplaced: ReadonlySet<DiagnosticName> = new Set<DiagnosticName>([
  'denial-lost-at-ztunnel',
  'allow-rule-lost-at-ztunnel',
  'target-without-waypoint',
]);

const findings = [
  denialsLostAtZtunnel,
  allowRulesLostAtZtunnel,
  targetsWithoutWaypoint,
  policiesForNothing,
  spiffePrincipals,
];

const kinds: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']);

/** The accidents among the policies that somebody wrote by hand. */
export function accidentsIn(mesh: Mesh, objects: readonly ClusterObject[]): readonly Accident[] {
  const own = objects.map(({ object }) => object).filter((object) => kinds.has(object.kind) && !isManaged(object));
  const byFile = groupBy(own, ({ document }) => document.file.path);
  const { rootNamespace } = mesh.topology.mesh;
  const namespaces = new Set(own.filter(isForSome).map(({ namespace = 'default' }) => namespace));
  const isAsked = (namespace: string) => namespaces.has(namespace) || namespaces.has(rootNamespace);
  return lintFor(mesh, findings, isAsked).flatMap((finding): readonly Accident[] => {
    const { name, span, fix } = finding;
    if (span === null || !(misplaced.has(name) || fix !== undefined)) return [];
    const object = byFile.get(span.file.path)?.find((each) => isWithin(span, spanIn(each)));
    return object === undefined ? [] : [{ key: keyOfObject(object), finding, fix }];
  });
}

/** All that a PeerAuthentication without a selector can say is a mode, which is no accident. */
function isForSome({ kind, value }: ManifestObject): boolean {
  return kind !== 'PeerAuthentication' || asObject(value.spec)?.selector !== undefined;
}

/** The texts as they were meant. */
export function mendedSources(sources: readonly Source[], accidents: readonly Accident[]): readonly Source[] {
  const fixes = new Map(accidents.flatMap(({ fix }) => (fix === undefined ? [] : [[placeOf(fix), fix] as const])));
  const byFile = groupBy([...fixes.values()], ({ span }) => span.file.path);
  return sources.map((source) => {
    const own = byFile.get(source.path);
    return own === undefined ? source : { ...source, text: applyFixes(source.text, own) };
  });
}

/** Two clusters may read one text. */
function placeOf({ span }: Fix): string {
  return `${span.file.path} ${span.start}`;
}

/** The policies that stand where nothing reads all of what they say. */
export function misplacedAmong(accidents: readonly Accident[]): ReadonlySet<string> {
  return new Set(accidents.filter(({ finding }) => misplaced.has(finding.name)).map(({ key }) => key));
}
