import { readFileSync } from 'node:fs';
import { dump, loadAll } from 'js-yaml';
import { type Imported, importObjects } from '../../src/adopt/import-objects.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { filesBelow } from '../support/cases.js';

const options = { today: '2026-06-01', directory: 'intents', isAsMeant: false };

const manifests = new URL('../../examples/adopting/manifests/', import.meta.url).pathname;

/** The bookshop with its policies. */
export const bookshop: readonly Source[] = filesBelow(manifests).map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));

/** The bookshop without policies and without its route, and some objects in place of them. */
export function bookshopWith(text: string): readonly Source[] {
  const rest = bookshop
    .filter(({ path }) => !path.endsWith('policies.yaml'))
    .map((source) => ({ ...source, text: source.text.replace(/---\n[^-]*\nkind: HTTPRoute\n[\s\S]*$/, '') }));
  return [...rest, { path: 'written.yaml', text }];
}

/** What is imported from some texts; what is wrong with them fails the test. */
export function importFrom(sources: readonly Source[], isAsMeant = false): Imported {
  const { value, diagnostics } = importObjects(sources, { ...options, isAsMeant });
  if (value === undefined) throw new Error(diagnostics.map(({ message }: Diagnostic) => message).join('\n'));
  return value;
}

/** The texts of files as an object, by their paths. */
export function textsOf({ round }: Imported): Record<string, string> {
  return Object.fromEntries(round.files.map(({ path, text }) => [path, text]));
}

/** How many rules of policies some texts hold, counted without the importer. */
export function rulesIn(sources: readonly Source[]): number {
  const objects = sources.flatMap(({ text }) => loadAll(text)).flatMap((each) => Object(each).items ?? [each]);
  return objects.map(Object).reduce((sum: number, object) => sum + rulesOf(object), 0);
}

const kindsOfOne = new Set(['PeerAuthentication', 'DestinationRule', 'ServiceEntry', 'Sidecar', 'EnvoyFilter']);
const listsOfRules: Readonly<Record<string, readonly string[]>> = {
  AuthorizationPolicy: ['rules'],
  RequestAuthentication: ['jwtRules'],
  VirtualService: ['http', 'tcp', 'tls'],
  HTTPRoute: ['rules'],
  GRPCRoute: ['rules'],
  TCPRoute: ['rules'],
  TLSRoute: ['rules'],
  NetworkPolicy: ['ingress'],
};

/** How many rules an object has; one that has none says one thing. */
export function rulesOf({ kind, spec }: { readonly kind?: string; readonly spec?: unknown }): number {
  const { policyTypes = ['Ingress'] } = Object(spec);
  if (kind === 'NetworkPolicy' && !policyTypes.includes('Ingress')) return 0;
  const lists = listsOfRules[kind ?? ''];
  if (lists === undefined) return kindsOfOne.has(kind ?? '') ? 1 : 0;
  return Math.max(
    lists.reduce((sum, list) => sum + (Object(spec)[list]?.length ?? 0), 0),
    1,
  );
}

/** The same objects as `kubectl get -o yaml` prints them: a list, with what a cluster adds by itself. */
export function dumpOf(sources: readonly Source[]): string {
  const items = sources
    .flatMap(({ text }) => loadAll(text))
    .map(Object)
    .map((object) => ({
      ...object,
      metadata: { ...object.metadata, uid: 'd81e', resourceVersion: '7', managedFields: [{ manager: 'kubectl' }] },
      ...(object.kind === 'AuthorizationPolicy' && { status: {} }),
    }));
  return dump({ apiVersion: 'v1', kind: 'List', items }, { noRefs: true, lineWidth: -1 });
}

/** Objects as a text. */
export function streamOf(objects: readonly object[]): string {
  return objects.map((object) => dump(object, { noRefs: true, lineWidth: -1 })).join('---\n');
}
