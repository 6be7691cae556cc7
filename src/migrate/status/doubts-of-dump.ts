import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import { sortedUnique } from '../../util/order.js';

/** What a dump has to hold, and what cannot be judged without it. */
const needed: ReadonlyArray<readonly [kind: string, what: string]> = [
  ['Namespace', 'which plane new pods start on'],
  ['Pod', 'which workloads have been restarted'],
  ['Service', 'which calls go through waypoints'],
  ['AuthorizationPolicy', 'whether policies stand side by side'],
  ['Gateway', 'whether waypoints are ready'],
];

/** Of what a dump holds nothing, nobody knows whether there is none. */
export function lackingIn(objects: readonly ManifestObject[]): readonly Diagnostic[] {
  const kinds = new Set(objects.map(({ kind }) => kind));
  return needed
    .filter(([kind]) => !kinds.has(kind))
    .map(([kind, what]) => diagnostic('migration-dump-lacks', { kind, what }, null));
}

const watched: ReadonlySet<string> = new Set([
  'Namespace',
  'AuthorizationPolicy',
  'PeerAuthentication',
  'Gateway',
  'HTTPRoute',
  'VirtualService',
]);

/** Those who write objects by themselves and again; people at a keyboard do not. */
const tools = /argocd|flux|kustomize-controller|helm|ambit|terraform|sail|gloo/i;

/** Objects of a migration that several tools write: what one of them moves the other moves back. */
export function writtenByTwo(objects: readonly ManifestObject[]): readonly Diagnostic[] {
  return objects
    .filter(({ kind }) => watched.has(kind))
    .flatMap((object) => {
      const managers = writersOf(object);
      if (managers.length < 2) return [];
      const parameters = { object: describe(object), tools: managers.join(' and ') };
      return [diagnostic('migration-two-tools', parameters, spanIn(object, ['metadata', 'name']))];
    });
}

function writersOf({ value }: ManifestObject): readonly string[] {
  const entries = asArray(asObject(value.metadata)?.managedFields).map(
    (entry) => asText(asObject(entry)?.manager) ?? '',
  );
  return sortedUnique(entries.filter((manager) => tools.test(manager)));
}
