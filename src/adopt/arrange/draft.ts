import type { MtlsMode, Stage } from '../../parse/ast.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { Caller, Remarks, Section } from '../lift/lifted.js';

/** Settings that are going to be written. */
export interface Draft {
  readonly scope: DraftScope;
  /** What dry runs say is watched, and stands in documents of its own. */
  readonly stage: Stage;
  readonly mode: { readonly mode: MtlsMode; readonly sources: readonly string[] } | undefined;
  readonly plaintext: readonly DraftRule[];
  /** The policies for which everything else is denied; empty: nothing is said of it. */
  readonly closedBy: readonly string[];
  readonly rules: readonly DraftRule[];
}

export interface DraftScope {
  readonly kind: 'mesh' | 'namespace' | 'service' | 'workload' | 'gateway';
  /** The namespace, or `namespace/name`; empty for the mesh. */
  readonly key: string;
  /** Empty for the mesh. */
  readonly namespace: string;
}

export interface DraftRule {
  readonly name: string;
  readonly section: Section;
  readonly from: readonly Caller[] | undefined;
  readonly token?: JsonValue | undefined;
  readonly provider?: string | undefined;
  readonly to: readonly JsonObject[] | undefined;
  readonly remarks: Remarks;
  /** The rules of policies that it says, by `ruleId`; of a PeerAuthentication by its key. */
  readonly sources: readonly string[];
}

export const meshScope: DraftScope = { kind: 'mesh', key: '', namespace: '' };

export function namespaceScope(name: string): DraftScope {
  return { kind: 'namespace', key: name, namespace: name };
}

/** What tells documents of security settings apart. */
export function idOfDraft({ stage, scope: { kind, key } }: Draft): string {
  return `${stage} ${kind} ${key}`;
}

/** What stands in one document, put together from what belongs there. */
export function joinDrafts(one: Draft, other: Draft): Draft {
  return {
    scope: one.scope,
    stage: one.stage,
    mode: one.mode ?? other.mode,
    plaintext: [...one.plaintext, ...other.plaintext],
    closedBy: [...one.closedBy, ...other.closedBy],
    rules: [...one.rules, ...other.rules],
  };
}

/** The keys of the policies that settings say. */
export function keysIn({ closedBy, rules }: Draft): ReadonlySet<string> {
  const keys = rules.flatMap(({ sources }) => sources.map((id) => id.slice(0, id.lastIndexOf(' '))));
  return new Set([...closedBy, ...keys]);
}

/** The same references as short as they are within a namespace. */
export function shortened(value: JsonValue, namespace: string): JsonValue {
  if (namespace === '' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => shortened(item, namespace));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      referenceKeys.has(key) && typeof inner === 'string'
        ? near(inner, namespace)
        : key === 'except'
          ? shortened(inner, namespace)
          : inner,
    ]),
  );
}

/** A reference as it is written within a namespace. */
export function near(reference: string, namespace: string): string {
  return reference.startsWith(`${namespace}/`) ? reference.slice(namespace.length + 1) : reference;
}

const referenceKeys: ReadonlySet<string> = new Set(['service', 'workload', 'serviceAccount', 'gateway']);
