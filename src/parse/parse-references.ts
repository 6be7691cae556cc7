import type { Located } from '../diagnostics/diagnostic.js';
import type { CallerReference, Condition, Exception, RequestKey, TargetReference } from './ast.js';
import type { Cursor } from './cursor.js';

const callerWords = ['anyone', 'anyAuthenticated', 'unauthenticated'] as const;

/** One caller of a rule. */
export function readCaller(caller: Cursor): CallerReference {
  const word = callerWords.find((each) => each === caller.value);
  if (word !== undefined) return { kind: word, except: [], span: caller.span };
  const field = caller.fields().find(({ key }) => key !== 'except');
  const kind = field?.key as CallerReference['kind'];
  const except = caller.optional('except', (list) => list.items().map(readCaller)) ?? [];
  if (kind === 'anyone' || kind === 'anyAuthenticated') return { kind, except, span: caller.field(kind).keySpan };
  if (kind === 'ipBlocks') {
    const blocks = caller.field(kind);
    return { kind, blocks: blocks.items().map((block) => block.text()), except, span: blocks.span };
  }
  const { value, span } = caller.field(kind).text();
  return { kind, reference: value, except, span };
}

const destinationKeys = ['service', 'workload', 'namespace'] as const;
const conditionKeys: readonly RequestKey[] = ['methods', 'paths', 'hosts', 'serverNames', 'headers'];

/** One destination of a rule, with the requests that are meant. */
export function readTarget(target: Cursor): TargetReference {
  const destinations = destinationKeys.flatMap((kind) => {
    const named = target.optional(kind, (node) => node.text());
    return named ? [{ kind, reference: named.value, span: named.span }] : [];
  });
  const through = target.optional('through', (node) => node.text());
  return {
    destination: destinations[0],
    ...(through && { through }),
    ...readRequests(target),
    except: target.optional('except', (list) => list.items().map(readRequests)) ?? [],
  };
}

/** A port, and what requests look like. */
function readRequests(node: Cursor): Exception {
  return {
    port: node.optional('port', (port) => ({ value: port.value as string | number, span: port.span })),
    conditions: readAllConditions(node),
    span: node.span,
  };
}

export function readAllConditions(node: Cursor): readonly Condition[] {
  return conditionKeys.flatMap((key) => node.optional(key, (field) => readConditions(key, field)) ?? []);
}

function readConditions(key: RequestKey, node: Cursor): Condition[] {
  const condition = (name: string | undefined, list: Cursor): Condition => {
    const texts = readTexts(list);
    // Envoy reads server names in lower case, whatever the client wrote (istio-security §8.2).
    const values =
      key === 'serverNames' ? texts.map(({ value, span }) => ({ value: value.toLowerCase(), span })) : texts;
    return { key, name, values, isNegated: false, span: list.keySpan };
  };
  return key === 'headers'
    ? node.fields().map((header) => condition(header.key, header))
    : [condition(undefined, node)];
}

export function readTexts(list: Cursor): Located<string>[] {
  return list.items().map((item) => item.text());
}
