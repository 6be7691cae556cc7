import type { JsonValue, Path } from '../../../parse/document.js';
import { asObject, asText } from '../../json.js';
import { type Complaint, complaintWhen } from '../../policies/read/complaint.js';
import { each } from '../refusal.js';
import { atMost, checkNamesOnce, checkWord, checkWritten } from './route-fields.js';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const pathTypes = ['Exact', 'PathPrefix', 'RegularExpression'];
const textTypes = ['Exact', 'RegularExpression'];
const mostConditions = 16;

/** What a match of an HTTPRoute asks for. */
export function checkRequestMatch(value: JsonValue, place: Path): readonly Complaint[] {
  const { path, method, headers, queryParams } = asObject(value) ?? {};
  return [
    ...checkPath(path, [...place, 'path']),
    ...checkWord(method, methods, [...place, 'method']),
    ...checkConditions(headers, [...place, 'headers']),
    ...checkConditions(queryParams, [...place, 'queryParams']),
  ];
}

export function checkConditions(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  return [
    ...atMost(mostConditions, value, place),
    ...checkNamesOnce(value, place),
    ...each(value, place, (condition, here) => [
      ...checkWritten(condition, ['name', 'value'], here),
      ...checkWord(asObject(condition)?.type, textTypes, [...here, 'type']),
    ]),
  ];
}

const characters = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const foreign = ['//', '/./', '/../', '%2f', '%2F', '#'];

/** A path that is compared as text is one as proxies see it: whole, and with nothing left to normalise. */
function checkPath(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const { type, value: written } = asObject(value) ?? {};
  const misfits = checkWord(type, pathTypes, [...place, 'type']);
  const path = asText(written);
  if (misfits.length > 0 || path === undefined || type === 'RegularExpression') return misfits;
  const part = foreign.find((each) => path.includes(each)) ?? ['/..', '/.'].find((each) => path.endsWith(each));
  const here = [...place, 'value'];
  if (!path.startsWith('/')) return [{ place: here, why: `\`${path}\` does not begin with \`/\`` }];
  if (part !== undefined) return [{ place: here, why: `a path has no \`${part}\` once it is normalised` }];
  return complaintWhen(!characters.test(path), here, `\`${path}\` holds a character that paths do not have`);
}
