import { groupBy, sortedUnique } from '../util/order.js';

/** Whether a rule that has a path as it was sent means that path alone. */
export function isLiteralPath(path: string): boolean {
  return /^\/[\w\-.~%!$&'()+,;:@=/]*$/.test(path);
}

/** More paths than a person reads one by one become those of their first parts. */
const mostPaths = 8;

/**
 * Patterns for paths that were seen: what looks like an identifier becomes `{*}`, and where many are left over, those with the same
 * beginning become one `…/*`. Each path that was seen is matched.
 */
export function pathPatterns(paths: readonly string[]): readonly string[] {
  const templates = sortedUnique(paths.map(template));
  if (templates.length <= mostPaths) return templates;
  const byStart = groupBy(templates, (path) => path.split('/').slice(0, 2).join('/'));
  const starts = [...byStart].map(([start, [only, ...others]]) =>
    only !== undefined && others.length === 0 ? only : `${start}/*`,
  );
  const whole = byStart.size <= mostPaths ? starts : ['/*'];
  // `/v1/*` does not match `/v1`.
  return sortedUnique([
    ...whole,
    ...templates.filter((path) => byStart.size <= mostPaths && starts.includes(`${path}/*`)),
  ]);
}

function template(path: string): string {
  return path
    .split('/')
    .map((part) => (isIdentifier(part) ? '{*}' : part))
    .join('/');
}

/** Numbers, UUIDs, long hexadecimal texts, and other long texts with a digit in them. */
function isIdentifier(part: string): boolean {
  return /^\d+$|^[0-9a-f]{8}-[0-9a-f-]{27}$|^[0-9a-f]{12,}$/i.test(part) || (part.length >= 20 && /\d/.test(part));
}
