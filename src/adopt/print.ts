import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, type Scalar, visit, type YAMLMap } from 'yaml';
import type { JsonObject, JsonValue } from '../parse/document.js';
import { apiVersion } from '../parse/kinds.js';
import { groupBy, sortBy } from '../util/order.js';
import type { Plan } from './arrange/arrange.js';
import { type Draft, type DraftRule, shortened } from './arrange/draft.js';
import { unlike } from './names/label.js';
import type { WrittenTraffic } from './traffic/written.js';

/** A file, relative to the directory that is written. */
export interface PrintedFile {
  readonly path: string;
  readonly text: string;
}

/** A file of intents. */
export interface PrintedIntents extends PrintedFile {
  readonly documents: readonly PrintedDocument[];
}

/** Where a document begins in its file, and what it was printed from; a group of callers is from nothing else. */
export interface PrintedDocument {
  readonly start: number;
  readonly draft?: Draft;
  readonly traffic?: WrittenTraffic;
}

/** How wide a list or a mapping may be that stands on one line. */
const widest = 100;

/** The documents as files: those of a namespace together, and those of nobody's in files of their own. */
export function printPlan({ drafts, groups, traffic }: Plan): readonly PrintedIntents[] {
  const taken = new Set<string>();
  const documents = drafts.map((draft) => {
    const name = nameOf(draft, taken);
    taken.add(name);
    return { path: `${draft.scope.namespace || 'mesh'}.yaml`, value: settings(draft, name), from: { draft } };
  });
  const members = groups.map(({ name, members }) => ({
    path: 'callers.yaml',
    value: { apiVersion, kind: 'CallerGroup', metadata: { name }, spec: { members: [...members] } },
    from: {},
  }));
  const routed = traffic.flatMap((unit) =>
    unit.documents.map(({ name, namespace, scope, spec }) => ({
      path: `${namespace || 'mesh'}.yaml`,
      value: { apiVersion, kind: 'TrafficSettings', metadata: { name }, spec: { scope, ...spec } },
      from: { traffic: unit },
    })),
  );
  const files = groupBy([...documents, ...routed, ...members], ({ path }) => path);
  return sortBy(files, ([path]) => path).map(([path, own]) => {
    const texts = own.map(({ value }) => print(value));
    let start = 0;
    const documents = own.map(({ from }, index) => {
      const document = { ...from, start };
      start += (texts[index] ?? '').length + separator.length;
      return document;
    });
    return { path, text: texts.join(separator), documents };
  });
}

const separator = '---\n';

function nameOf({ stage, scope: { kind, key, namespace } }: Draft, taken: ReadonlySet<string>): string {
  const own = kind === 'mesh' ? 'mesh' : key.slice(key.indexOf('/') + 1).replaceAll('.', '-');
  const local = stage === 'Shadow' ? `${own}-shadow` : own;
  return taken.has(local) ? unlike(`${namespace}-${local}`, taken) : local;
}

function settings({ scope, stage, mode, plaintext, closedBy, rules }: Draft, name: string): JsonObject {
  const { kind, key, namespace } = scope;
  const section = (wanted: DraftRule['section']) =>
    rules.filter((rule) => rule.section === wanted).map((rule) => ruleOf(rule, namespace));
  const [allow, deny, external] = [section('allow'), section('deny'), section('external')];
  const isSaid = closedBy.length + rules.length > 0;
  return {
    apiVersion,
    kind: 'SecuritySettings',
    metadata: { name },
    spec: {
      ...(stage === 'Shadow' && { stage }),
      scope: kind === 'mesh' ? 'mesh' : { [kind]: key },
      ...(mode && {
        mtls: {
          mode: mode.mode,
          ...(plaintext.length > 0 && { plaintext: plaintext.map((rule) => ruleOf(rule, namespace)) }),
        },
      }),
      ...(isSaid && {
        authorization: {
          ...(closedBy.length > 0 && { default: 'Deny' }),
          ...(allow.length > 0 && { allow }),
          ...(deny.length > 0 && { deny }),
          ...(external.length > 0 && { external }),
        },
      }),
    },
  };
}

function ruleOf({ name, remarks, provider, from, token, to }: DraftRule, namespace: string): JsonObject {
  return {
    name,
    ...remarks,
    ...(provider !== undefined && { provider }),
    ...(from && { from: from.map((caller) => shortened(caller, namespace)) }),
    ...(token !== undefined && { token }),
    ...(to && { to: to.map((item) => shortened(item, namespace)) }),
  };
}

/** As people write it: what fits on a line stands on one, below `spec`. */
function print(value: JsonObject): string {
  const document = new Document(value, { version: '1.2', compat: 'yaml-1.1' });
  visit(document, {
    Pair: (_, { key }) => asNumber(key),
    Collection(_, node, path) {
      const keys = path.flatMap((each) => (isPair(each) && isScalar(each.key) ? [String(each.key.value)] : []));
      if (isShort(node, document) && isLeaf(keys, node)) {
        node.flow = true;
        visit(node, { Scalar: (__, scalar) => quoteInFlow(scalar) });
        return visit.SKIP;
      }
      if (isMap(node)) spaceOutSections(node);
      return undefined;
    },
  });
  return withoutPadding(document.toString({ lineWidth: 0 }));
}

/** Ports are written by their numbers. */
function asNumber(key: unknown): void {
  if (isScalar(key) && /^[0-9]+$/.test(String(key.value))) key.value = Number(key.value);
}

/** Between brackets kubectl takes no such text without quotes. */
function quoteInFlow(scalar: Scalar): void {
  if (typeof scalar.value === 'string' && /^:|\?/.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
}

function spaceOutSections({ items }: YAMLMap): void {
  const sections = items.filter(({ key, value }) => isScalar(key) && isSection(key) && isSeq(value));
  for (const { value } of sections) spaceOut(isSeq(value) ? value.items : []);
  spaceOut(sections.map(({ key }) => key));
}

function isSection({ value }: Scalar): boolean {
  return value === 'allow' || value === 'deny' || value === 'external';
}

/** An empty line stands between rules, and between those that allow and those that deny. */
function spaceOut([, ...others]: readonly unknown[]): void {
  for (const each of others) if (isNode(each)) each.spaceBefore = true;
}

/** Lists on one line stand within their brackets without a blank, as people write them; mappings keep theirs. */
function withoutPadding(text: string): string {
  return text.replace(/^ *(?:- )?(?:\w+: )?[[{] .*$/gm, (line) =>
    line
      .split(/("(?:[^"\\]|\\.)*"|'[^']*')/)
      .map((part, index) => (index % 2 === 0 ? part.replaceAll('[ ', '[').replaceAll(' ]', ']') : part))
      .join(''),
  );
}

/** Parts of traffic settings that say one thing. */
const wholeParts: ReadonlySet<string> = new Set([
  ...['balance', 'affinity', 'locality', 'connections', 'outliers', 'tls'],
  ...['hosts', 'faults', 'cors', 'mirror', 'redirect', 'respond', 'headers'],
  ...['addresses', 'exportTo', 'reaches'],
]);

function isLeaf(keys: readonly string[], node: unknown): boolean {
  const last = keys.at(-1) ?? '';
  if (keys.includes('routes') && ['match', 'to', 'retries', 'rewrite'].includes(last)) return true;
  if (wholeParts.has(last) || keys.at(-2) === 'ports') return true;
  if (last === 'split' || keys.at(-2) === 'versions' || (last === 'retries' && !keys.includes('routes'))) return true;
  if (['scope', 'metadata', 'mtls', 'from', 'token', 'members'].includes(last))
    return last !== 'members' || isMap(node);
  return keys.includes('to') && (last !== 'to' || isMap(node) || isShortList(node));
}

function isShortList(node: unknown): boolean {
  return isSeq(node) && node.items.length === 1;
}

function isShort(node: unknown, document: Document): boolean {
  return isCollection(node) && textOf(node.toJS(document)).length <= widest;
}

function textOf(value: JsonValue): string {
  return JSON.stringify(value).replaceAll('"', '').replaceAll(/[,:]/g, '$& ');
}
