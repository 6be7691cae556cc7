import type { ClaimValue, Token } from '../request.js';
import type { HttpView } from '../view.js';
import { exactly } from './matcher.js';
import type { RequestAuthentication, TokenRule, WrittenHeader } from './policy.js';
import { claimsOf, type TokenCheck } from './token.js';
import { isPreflight } from './token-places.js';

/** The headers that token rules write: whatever a client sends in them is taken away first (§6.1). */
export function headersWrittenBy(policies: readonly RequestAuthentication[]): ReadonlySet<string> {
  return new Set(policies.flatMap(({ rules }) => rules.flatMap(({ writes }) => writes.map(({ header }) => header))));
}

/** A request behind the check of its token. A CORS preflight is not looked at, and keeps what it has (§6.3). */
export function withWrittenHeaders(
  http: HttpView,
  token: Token | undefined,
  checked: TokenCheck,
  policies: readonly RequestAuthentication[],
): HttpView {
  const written = [...headersWrittenBy(policies)];
  if (written.length === 0 || (http.requestDoubt === undefined && isPreflight(http))) return http;
  const values = written.map((header) => [header, writtenInto(header, http, token, checked)] as const);
  const others = Object.entries(http.headers).filter(([name]) => !written.includes(name));
  const known = values.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  const doubts = values.flatMap(([name, value]) =>
    value === inDoubt ? [{ name: exactly(name), why: `what a token writes into header \`${name}\`` }] : [],
  );
  const earlier = http.headerDoubts.filter(({ name }) => name.kind !== 'exact' || !written.includes(name.value));
  return { ...http, headers: Object.fromEntries([...others, ...known]), headerDoubts: [...doubts, ...earlier] };
}

const inDoubt = Symbol('a value that is not known');
type Written = string | undefined | typeof inDoubt;

/** Rules are tried one after another, and those behind the one that accepts take nothing away. */
function writtenInto(header: string, http: HttpView, token: Token | undefined, checked: TokenCheck): Written {
  if (checked.kind !== 'passes') return inDoubt;
  const [first, ...others] = checked.accepting;
  if (first === undefined || token === undefined) return undefined;
  const value = writtenBy(first, header, token);
  if (others.some((rule) => writtenBy(rule, header, token) !== value)) return inDoubt;
  const mayBeKept = !writes(first, header) && http.headers[header] !== undefined;
  return mayBeKept ? inDoubt : value;
}

function writes(rule: TokenRule, header: string): boolean {
  return rule.writes.some((written) => written.header === header);
}

function writtenBy(rule: TokenRule, header: string, token: Token): Written {
  const [first, ...others] = rule.writes.filter((written) => written.header === header);
  if (first === undefined) return undefined;
  return others.length > 0 ? inDoubt : textOf(first, token);
}

/** A text, a whole number or a boolean is written as it stands. How lists and objects are encoded is not modelled. */
function textOf({ claim }: WrittenHeader, token: Token): Written {
  if (claim === undefined) return inDoubt;
  const claims = claimsOf(token);
  const [value, ...others] = Object.hasOwn(claims, claim) ? (claims[claim] ?? []) : [];
  if (value === undefined)
    return Object.keys(claims).some((path) => path.startsWith(`${claim}.`)) ? inDoubt : undefined;
  return others.length > 0 || !isPlain(value) ? inDoubt : String(value);
}

function isPlain(value: ClaimValue): boolean {
  return typeof value === 'number' ? Number.isSafeInteger(value) : value !== '';
}
