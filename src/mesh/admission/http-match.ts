import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asObject, asText, asTexts } from '../json.js';
import { checkLabels } from './labels.js';
import { checkPort, faultOfHost, isHeaderName, isLabel } from './names.js';
import { faultOfRegex } from './re2.js';
import { isWritten } from './refusal.js';

const claim = /^@request\.auth\.claims[.[]/;
const pseudoHeaders = [':method', ':scheme', ':authority', ':path', ':status'];

/** Whether a header match asks for a claim of a token. */
function isClaim(header: string): boolean {
  return claim.test(header);
}

/** What a match of an HTTP rule asks for: values that are there, and regular expressions of RE2 (L-21). */
export function checkHttpMatch(value: JsonValue, place: Path): readonly Complaint[] {
  const match = asObject(value);
  if (match === undefined) return [];
  const { uri, port, sourceNamespace, gateways, queryParams } = match;
  const namespace = asText(sourceNamespace) ?? '';
  return [
    ...checkHeaders(match.headers, [...place, 'headers'], false),
    ...checkHeaders(match.withoutHeaders, [...place, 'withoutHeaders'], true),
    ...checkStringMatch(uri, [...place, 'uri']),
    ...['scheme', 'method', 'authority'].flatMap((field) => checkText(match[field], [...place, field])),
    ...Object.entries(asObject(queryParams) ?? {}).flatMap(([name, text]) =>
      checkText(text, [...place, 'queryParams', name]),
    ),
    ...(isWritten(port) && port !== 0 ? checkPort(port, [...place, 'port']) : []),
    ...complaintWhen(
      namespace !== '' && !isLabel(namespace),
      [...place, 'sourceNamespace'],
      `\`${namespace}\` is no namespace`,
    ),
    ...checkLabels(match.sourceLabels, [...place, 'sourceLabels']),
    ...checkGatewayNames(gateways, [...place, 'gateways']),
  ];
}

function checkHeaders(value: JsonValue | undefined, place: Path, isNegated: boolean): readonly Complaint[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([name, text]) => {
    const here = [...place, name];
    const isName = isClaim(name) || pseudoHeaders.includes(name) || isHeaderName(name);
    const isPresence = isNegated && (text === null || asObject(text)?.regex === '*');
    return [
      ...complaintWhen(!isName, here, `\`${name}\` is no name of a header`),
      ...complaintWhen(text === null && !isNegated, here, `nothing is said of header \`${name}\``),
      ...(isPresence ? [] : checkText(text, here)),
    ];
  });
}

/** A prefix of nothing would match everything, and Envoy refuses it but for a path. */
function checkText(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const { prefix } = asObject(value) ?? {};
  return [...complaintWhen(prefix === '', place, 'the prefix is empty'), ...checkStringMatch(value, place)];
}

export function checkStringMatch(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const { regex } = asObject(value) ?? {};
  const why = typeof regex === 'string' ? faultOfRegex(regex) : undefined;
  return why === undefined ? [] : [{ place: [...place, 'regex'], why }];
}

/** Gateways are named `namespace/name`, or by a name alone; behind the first of these the webhook looks at no more. */
export function checkGatewayNames(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const names = asTexts(value);
  const last = names.findIndex((name) => !name.includes('/'));
  return (last < 0 ? names : names.slice(0, last + 1)).flatMap((name, index) => {
    const why = faultOfGatewayName(name);
    return why === undefined ? [] : [{ place: [...place, index], why }];
  });
}

function faultOfGatewayName(written: string): string | undefined {
  const slash = written.indexOf('/');
  if (slash < 0) return faultOfHost(written, 'whole names');
  const parts = [written.slice(0, slash), written.slice(slash + 1)];
  return parts.every(isLabel) ? undefined : `\`${written}\` is no gateway as \`namespace/name\``;
}

/** The headers of all matches of some rules, positive or not. */
export function claimsIn(rules: JsonValue | undefined, place: Path): ReadonlyArray<{ place: Path; name: string }> {
  return asArray(rules).flatMap((rule, index) =>
    asArray(asObject(rule)?.match).flatMap((match, position) =>
      ['headers', 'withoutHeaders'].flatMap((field) => {
        const headers: JsonObject = asObject(asObject(match)?.[field]) ?? {};
        const here = [...place, index, 'match', position, field];
        return Object.keys(headers)
          .filter(isClaim)
          .map((name) => ({ place: [...here, name], name }));
      }),
    ),
  );
}
