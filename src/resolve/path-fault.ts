import { starFault, type TextFault, withProposal } from './text-fault.js';

/**
 * A path pattern that Envoy can match: what Istio validates (istio-security §1.5), and besides what its default path
 * normalisation makes unreachable (§8.1): a request never arrives with `/./`, `/../` or a query in its path. What is
 * proposed instead has no fault itself.
 */
export function pathFault(path: string): TextFault | undefined {
  return withProposal(faultOf(path), faultOf);
}

function faultOf(path: string): TextFault | undefined {
  if (path === '*') return { fault: 'a lone star says nothing', help: 'leave `paths` out to mean any' };
  if (regular.test(path))
    return { fault: 'it reads like a regular expression', help: forms, meant: withoutRegex(path) };
  const plain = path.replace(/[^\x21-\x7e]|["<>`]/gu, encodeURIComponent);
  if (plain !== path) return { fault: 'requests carry some of its characters encoded', help: forms, meant: plain };
  if (/[?#]/.test(path))
    return {
      fault: 'query and fragment are removed before a path is matched',
      help: 'write the path up to `?` or `#`',
      meant: path.replace(/[?#].*$/, ''),
    };
  if (/[\\]|\/\.{1,2}(\/|$)/.test(path))
    return {
      fault: 'paths are normalised before they are matched',
      help: 'write the path that it leads to',
      meant: normalised(path),
    };
  if (/[{}]/.test(path)) return templateFault(path);
  if (!path.startsWith('/') && !path.startsWith('*')) return rootless(path);
  return starFault(path, wholeSegments, asTemplate(path));
}

const forms = 'write a path exactly, `/v1/*` by its beginning, `*.css` by its end, or `{*}` for any one segment';

const wholeSegments = 'write whole segments: `{*}` for one, `{**}` for any number';

/** What only a regular expression would say: anchors, repeated classes and groups, alternatives, escapes. */
const regular = /^\^|\$$|\.[*+]|[[\]|]|\)[*+?]|\\[dDwWsSbB.+*?/()-]/;

/** The same as a pattern, for the few regular expressions that mean exactly what one means; others stay as they are. */
function withoutRegex(path: string): string {
  const isHalfAnchored = path.startsWith('^') ? !/(?:\$|\.\*)$/.test(path) : /^(?!\.\*).*(?<!\.\*)\$$/.test(path);
  if (isHalfAnchored) return path;
  return path
    .replace(/^\^?(.*?)\$?$/, '$1')
    .replace(/^\.\*/, '*')
    .replace(/\\([./-])/g, '$1')
    .replaceAll('[^/]+', '{*}')
    .replace(/\.\*$/, '*');
}

function rootless(path: string): TextFault {
  const ofUrl = /^[a-z]+:\/\/[^/]*(\/.*)$/.exec(path)?.[1];
  const help = 'write a path from its first `/`';
  return { fault: 'it does not begin with `/`', help, meant: ofUrl ?? `/${path}` };
}

/** The path as a proxy sees it: without dot segments, and with each backslash as the slash that it is taken for. */
function normalised(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/').slice(1)) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** What a path with stars inside was meant to say, where the stars are whole segments. */
function asTemplate(path: string): string {
  const shortened = path.replace(/\/\*\*$/, '/*');
  if (starFault(shortened, '') === undefined) return shortened;
  return shortened
    .replace(/\/\*\*(?=\/)/g, '/{**}')
    .replace(/\/\*(?=\/)/g, '/{*}')
    .replace(/\/\*$/, '/{**}');
}

/** Braces stand for whole segments; nothing may follow `{**}` but literals; literals are what Envoy's own class admits. */
function templateFault(path: string): TextFault | undefined {
  if (!path.startsWith('/')) return rootless(path);
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const doubleStar = segments.indexOf('{**}');
  for (const [index, segment] of segments.entries()) {
    const isOperator = segment === '{*}' || segment === '{**}';
    if (isOperator && doubleStar !== -1 && index > doubleStar)
      return {
        fault: 'nothing but plain segments may follow `{**}`',
        help: 'use `{**}` once, and `{*}` only before it',
      };
    if (!isOperator && /[{}]/.test(segment)) return namedSegment(path);
    if (!isOperator && !/^[A-Za-z0-9\-._~%!$&'()+,;:@]+$/.test(segment))
      return { fault: `\`${segment}\` is not a plain segment`, help: wholeSegments, meant: asTemplate(path) };
  }
  return undefined;
}

/** `{id}` is how many documents write any one segment. */
function namedSegment(path: string): TextFault {
  const meant = path.replace(/\{[A-Za-z_][A-Za-z0-9_-]*\}/g, '{*}');
  return { fault: 'braces stand for whole segments', help: wholeSegments, meant };
}
