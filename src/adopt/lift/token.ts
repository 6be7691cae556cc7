import type { Test } from '../../mesh/policies/policy.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import type { Unsaid } from './lifted.js';

/** The issuers that rules can name. */
export interface KnownIssuers {
  /** By what their tokens say in `iss`. */
  readonly names: ReadonlyMap<string, string>;
  /** What makes others known. */
  readonly help: string;
}

/** What a rule asks of tokens, as the language says it; one for each issuer, which are alternatives. */
export function liftTokens(issuers: KnownIssuers, tests: readonly Test[]): readonly JsonValue[] | Unsaid {
  const negated = tests.filter(({ notValues }) => notValues.length > 0);
  const [absent] = negated;
  if (absent !== undefined) return liftAbsent(absent, tests);
  const said = tests.map((test) => ({ test, token: tokenOf(issuers, test) }));
  const fault = said.find(({ token }) => token === undefined);
  if (fault) {
    const because = `\`${fault.test.field}\` names no token by an issuer that is known`;
    return { because, help: issuers.help, path: fault.test.place };
  }
  const principals = said.filter(({ test }) => test.attribute === 'request.auth.principal');
  if (principals.length > 1) return { because: 'a token is named once', path: principals[0]?.test.place ?? [] };
  const others = said
    .filter(({ test }) => test.attribute !== 'request.auth.principal')
    .flatMap(({ token }) => token ?? []);
  const claims = others.reduce<JsonObject>((all, token) => together(all, Object(token)), {});
  const named = principals.flatMap(({ token }) => token ?? []);
  if (named.length === 0) return [claims];
  if (Object.keys(claims).length === 0) return named;
  return named.map((token) => (token === 'Required' ? claims : { ...Object(token), ...claims }));
}

function liftAbsent(
  { attribute, notValues, place, field }: Test,
  tests: readonly Test[],
): readonly JsonValue[] | Unsaid {
  const isAbsent = tests.length === 1 && attribute === 'request.auth.principal' && notValues.join() === '*';
  return isAbsent ? ['Absent'] : { because: `\`${field}\` excepts some tokens, and not all`, path: place };
}

function tokenOf(issuers: KnownIssuers, { attribute, values }: Test): readonly JsonValue[] | undefined {
  if (attribute === 'request.auth.principal') return principals(issuers, values);
  if (attribute === 'request.auth.audiences') return [{ audiences: [...values] }];
  if (attribute === 'request.auth.presenter') return [{ presenters: [...values] }];
  const path = [...attribute.matchAll(/\[([^[\]]+)\]/g)].flatMap(([, name]) => name ?? []);
  const nested = path.reduceRight<JsonValue>((inner, name) => ({ [name]: inner }), [...values]);
  return attribute.startsWith('request.auth.claims[') ? [{ claims: nested }] : undefined;
}

function principals(issuers: KnownIssuers, values: readonly string[]): readonly JsonValue[] | undefined {
  if (values.includes('*')) return ['Required'];
  const subjects = new Map<string, string[]>();
  for (const value of values) {
    const at = value.lastIndexOf('/');
    const name = issuers.names.get(value.slice(0, at));
    if (at < 0 || name === undefined) return undefined;
    subjects.set(name, [...(subjects.get(name) ?? []), value.slice(at + 1)]);
  }
  return [...subjects].map(([issuer, own]) => (own.includes('*') ? { issuer } : { issuer, subjects: own }));
}

/** Conditions that all have to hold: of claims one below the other, of all else each by itself. */
function together(one: JsonObject, other: JsonObject): JsonObject {
  const entries = Object.entries(other).map(([key, value]): [string, JsonValue] => {
    const before = one[key];
    const isBoth = isMapping(before) && isMapping(value);
    return [key, isBoth ? together(before, value) : value];
  });
  return { ...one, ...Object.fromEntries(entries) };
}

function isMapping(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
