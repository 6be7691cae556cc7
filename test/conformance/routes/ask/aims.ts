import { asArray, asObject, asText } from '../../../../src/mesh/json.js';
import type { JsonObject, JsonValue } from '../../../../src/parse/document.js';
import type { Dice } from '../../cases/dice.js';
import { texts, textsLike } from './texts.js';

/** A request that one match of a route is for, as far as it is said here; the rest is free. */
export interface Aim {
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** One aim for each match of each route. */
export function aimsAt(objects: readonly JsonObject[], dice: Dice): readonly Aim[] {
  return objects.flatMap(({ kind, spec }) => {
    const rules = asObject(spec) ?? {};
    if (kind === 'VirtualService') return matchesOf(rules.http, 'match').map((match) => atVirtualService(match, dice));
    if (kind === 'HTTPRoute') return matchesOf(rules.rules, 'matches').map((match) => atHttpRoute(match, dice));
    if (kind === 'GRPCRoute') return matchesOf(rules.rules, 'matches').map((match) => atGrpcRoute(match, dice));
    return [];
  });
}

function matchesOf(rules: JsonValue | undefined, field: string): readonly JsonObject[] {
  return mappings(rules).flatMap((rule) => mappings(rule[field]));
}

function mappings(list: JsonValue | undefined): readonly JsonObject[] {
  return asArray(list).map((item) => asObject(item) ?? {});
}

function atVirtualService(match: JsonObject, dice: Dice): Aim {
  const of = (field: string) => textLike(match[field], dice);
  const [path, method, host] = [of('uri'), of('method'), of('authority')];
  const [value] = Object.values(asObject(match.queryParams) ?? {});
  return {
    ...(path !== undefined && { path }),
    ...(method !== undefined && { method }),
    ...(host !== undefined && { host }),
    headers: Object.fromEntries(
      Object.entries(asObject(match.headers) ?? {}).map(([name, wanted]) => [name, textLike(wanted, dice) ?? 'any']),
    ),
    ...(value !== undefined && { query: `v=${textLike(value, dice) ?? ''}` }),
  };
}

function textLike(match: JsonValue | undefined, dice: Dice): string | undefined {
  const [[kind, value] = []] = Object.entries(asObject(match) ?? {});
  if (kind === undefined || typeof value !== 'string') return undefined;
  if (kind === 'exact') return value;
  return kind === 'prefix'
    ? dice.pick([value, `${value}1`, value.length > 1 ? value.replace(/\/$/, '') : value])
    : dice.pick(textsLike(value));
}

function atHttpRoute(match: JsonObject, dice: Dice): Aim {
  const path = asObject(match.path);
  const method = asText(match.method);
  const query = asArray(match.queryParams).map((each) => listedText(each, dice));
  return {
    ...(path !== undefined && { path: typedText(path, dice) }),
    ...(method !== undefined && { method }),
    headers: Object.fromEntries(
      asArray(match.headers).map((each) => [String(asObject(each)?.name).toLowerCase(), listedText(each, dice)]),
    ),
    ...(query.length > 0 && { query: `v=${query[0]}` }),
  };
}

function typedText({ type, value }: JsonObject, dice: Dice): string {
  const text = asText(value) ?? '/';
  if (type === 'RegularExpression') return dice.pick(textsLike(text));
  return type === 'Exact'
    ? text
    : dice.pick([text, text.replace(/\/$/, '') || '/', `${text.replace(/\/$/, '')}/1`, `${text}x`]);
}

function listedText(match: JsonValue, dice: Dice): string {
  const { type, value } = asObject(match) ?? {};
  const text = asText(value) ?? '';
  return type === 'RegularExpression' ? dice.pick(textsLike(text)) : text;
}

function atGrpcRoute(match: JsonObject, dice: Dice): Aim {
  const { service, method } = asObject(match.method) ?? {};
  const text = (value: JsonValue | undefined, otherwise: readonly string[]) => {
    const wanted = asText(value);
    return wanted === undefined ? dice.pick(otherwise) : dice.pick(texts[wanted] ?? [wanted]);
  };
  return {
    path: `/${text(service, ['shop.Cart', 'Cart'])}/${text(method, ['Get', 'List'])}`,
    method: 'POST',
    headers: Object.fromEntries(
      asArray(match.headers).map((each) => [String(asObject(each)?.name).toLowerCase(), listedText(each, dice)]),
    ),
  };
}
