import type { JsonValue } from '../../parse/document.js';
import { asArray, asObject, asText } from '../json.js';

/** By header: the RE2 expression for its whole value, or `undefined` where it need only be there. */
export type HeaderTests = ReadonlyMap<string, string | undefined>;

/** What headers must look like for an entry of this value, all of them. */
export interface HeaderMatch {
  readonly value: string;
  readonly headers: HeaderTests;
}

/** The action `header_value_match`, in the one shape that is read. */
export function readHeaderMatch(action: JsonValue | undefined): HeaderMatch | undefined {
  const { descriptor_value: value, headers, ...others } = asObject(action) ?? {};
  const tests = asArray(headers).map(testOf);
  if (typeof value !== 'string' || Object.keys(others).length > 0) return undefined;
  if (tests.length === 0 || tests.some((test) => test === undefined)) return undefined;
  return { value, headers: new Map(tests.flatMap((test) => (test ? [test] : []))) };
}

function testOf(value: JsonValue): readonly [string, string | undefined] | undefined {
  const { name, string_match: text, present_match: present, ...others } = asObject(value) ?? {};
  const regex = asText(asObject(asObject(text)?.safe_regex)?.regex);
  if (typeof name !== 'string' || Object.keys(others).length > 0) return undefined;
  if (present === true && text === undefined) return [name, undefined];
  return regex === undefined || present !== undefined ? undefined : [name, regex];
}
