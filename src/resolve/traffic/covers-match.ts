import type { ConditionKey } from '../../parse/ast.js';
import type { NamedPatterns, RequestMatch, TextPattern } from '../../parse/traffic/settings.js';
import { coversName } from '../../topology/listeners/admitted.js';
import { coversText } from '../text-patterns.js';
import { requestsOf, textOf } from './matches.js';

/** Whether every request that a later match is for meets an earlier one too; `false` where that is not plain to see. */
export function coversMatch(earlier: RequestMatch, later: RequestMatch): boolean {
  if (earlier.except.length + earlier.serverNames.length + later.serverNames.length > 0) return false;
  const [wide, narrow] = [requestsOf(earlier), requestsOf(later)];
  return (
    (earlier.port === undefined || earlier.port.value === later.port?.value) &&
    eachCovered(earlier.hosts, later.hosts, (one, other) => coversName(one.value, other.value)) &&
    eachCovered(wide.methods, narrow.methods, (one, other) => one === other) &&
    (wide.paths.length === 0 || earlier.ignoreCase || !later.ignoreCase) &&
    eachCovered(wide.paths, narrow.paths, (one, other) => coversPattern('paths', one, other, earlier.ignoreCase)) &&
    earlier.headers.every((asked) => later.headers.some((given) => coversNamed(asked, given))) &&
    earlier.query.every((asked) => later.query.some((given) => coversNamed(asked, given)))
  );
}

/** What asks for nothing covers all; else one of the earlier has each of the later. */
function eachCovered<T>(earlier: readonly T[], later: readonly T[], covers: (one: T, other: T) => boolean): boolean {
  if (earlier.length === 0) return true;
  return later.length > 0 && later.every((other) => earlier.some((one) => covers(one, other)));
}

function coversNamed(asked: NamedPatterns, given: NamedPatterns): boolean {
  const covers = (one: TextPattern, other: TextPattern) => coversPattern('headers', one, other, false);
  return asked.name.value === given.name.value && eachCovered(asked.values, given.values, covers);
}

function coversPattern(key: ConditionKey, one: TextPattern, other: TextPattern, ignoresCase: boolean): boolean {
  if (one.kind === 'any') return true;
  if (one.kind === 'regex' || other.kind === 'regex') return one.kind === other.kind && one.value === other.value;
  const [wide = '', narrow = ''] = [one, other].map(textOf).map((text) => (ignoresCase ? text.toLowerCase() : text));
  return coversText(key, wide, narrow);
}
