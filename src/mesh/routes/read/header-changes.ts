import type { Labels } from '../../../topology/model.js';
import { asLabels, asTexts } from '../../json.js';
import type { HeaderChanges, PathRewrite, RequestChanges } from '../route.js';
import { type Node, nodeOf, nodesOf } from './fields.js';

/** What is said of the headers of a request, or of its answer: at a rule, or for one of its destinations. */
export interface HeaderOperations extends HeaderChanges {
  /** The authority, which Istio sets in another way than other headers. */
  readonly authority: string | undefined;
}

/** What is said of both. */
export interface Headers {
  readonly request: HeaderOperations;
  readonly response: HeaderOperations;
}

const nothing: HeaderOperations = { remove: [], set: {}, add: {}, authority: undefined };

/** `headers` of a VirtualService. */
export function ofVirtualService(node: Node): Headers {
  const headers = nodeOf(node, 'headers');
  return {
    request: ofOperations(headers && nodeOf(headers, 'request')),
    response: ofOperations(headers && nodeOf(headers, 'response')),
  };
}

function ofOperations(operations: Node | undefined): HeaderOperations {
  if (operations === undefined) return nothing;
  const { set, add, remove } = operations.value;
  return operationsOf(asLabels(set), asLabels(add), asTexts(remove));
}

/** A header modifier of the Gateway API: of a name that stands twice only the first counts (T-31). */
export function ofModifier(modifier: Node | undefined): HeaderOperations {
  if (modifier === undefined) return nothing;
  return operationsOf(listed(modifier, 'set'), listed(modifier, 'add'), asTexts(modifier.value.remove));
}

function listed(modifier: Node, field: string): Labels {
  const pairs = nodesOf(modifier, field).flatMap(({ value: { name, value } }) =>
    typeof name === 'string' && typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return Object.fromEntries([...pairs].reverse());
}

function operationsOf(set: Labels, add: Labels, remove: readonly string[]): HeaderOperations {
  return {
    remove: remove.map((name) => name.toLowerCase()).filter((name) => !isReserved(name)),
    set: ordinary(set),
    add: ordinary(add),
    authority: authorityIn(set) ?? authorityIn(add),
  };
}

function ordinary(headers: Labels): Labels {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(entries.filter(([name]) => !isReserved(name)));
}

function isReserved(name: string): boolean {
  return name.startsWith(':') || name === 'host';
}

function authorityIn(headers: Labels): string | undefined {
  return Object.entries(headers).find(([name]) => [':authority', 'host'].includes(name.toLowerCase()))?.[1];
}

/** What a rule rewrites beside headers. */
export interface Rewrite {
  readonly path: PathRewrite | undefined;
  readonly host: string | undefined;
}

/**
 * Envoy applies what a rule says before what its only destination says, and after it where there are several; what is
 * removed goes first each time. The authority that the rule sets wins in both cases.
 */
export function changesOf(rule: Headers, own: Headers, rewrite: Rewrite, isOnly: boolean): RequestChanges {
  const responseHeaders = stepsOf(rule.response, own.response, isOnly);
  return {
    path: rewrite.path,
    host: rewrite.host ?? rule.request.authority ?? own.request.authority,
    headers: stepsOf(rule.request, own.request, isOnly),
    ...(responseHeaders.length > 0 && { responseHeaders }),
  };
}

function stepsOf(rule: HeaderOperations, own: HeaderOperations, isOnly: boolean): readonly HeaderChanges[] {
  const both: readonly HeaderChanges[] = isOnly
    ? [
        { ...stepOf(rule), remove: [...rule.remove, ...own.remove] },
        { ...stepOf(own), remove: [] },
      ]
    : [stepOf(own), stepOf(rule)];
  return both.filter((step) => !isEmpty(step));
}

function stepOf({ remove, set, add }: HeaderOperations): HeaderChanges {
  return { remove, set, add };
}

function isEmpty({ remove, set, add }: HeaderChanges): boolean {
  return remove.length + Object.keys(set).length + Object.keys(add).length === 0;
}
