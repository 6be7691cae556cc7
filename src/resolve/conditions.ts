import { diagnostic } from '../diagnostics/create.js';
import type { Located } from '../diagnostics/diagnostic.js';
import type { Condition } from '../parse/ast.js';
import type { ResolveContext } from './context.js';

/** Reports every condition of a target that could never match, or would match something else than it seems to say. */
export function checkConditions(context: ResolveContext, conditions: readonly Condition[]): void {
  for (const condition of conditions) checkCondition(context, condition);
  const headers = conditions.flatMap(({ header, span }) => (header === undefined ? [] : [{ header, span }]));
  for (const [index, { header, span }] of headers.entries()) {
    const first = headers.findIndex((other) => other.header.toLowerCase() === header.toLowerCase());
    if (first === index) continue;
    const parameters = { header, why: 'it stands there twice, and the case of its name does not count' };
    context.report(diagnostic('malformed-header', parameters, span, { help: 'list all of its values under one name' }));
  }
}

/** Reports every value of a condition that could never match, or would match something else than it seems to say. */
function checkCondition(context: ResolveContext, condition: Condition): void {
  if (condition.header !== undefined) checkHeaderName(context, condition.header, condition);
  for (const value of condition.values) checks[condition.key](context, value, condition);
}

type Check = (context: ResolveContext, value: Located<string>, condition: Condition) => void;

const checks: Readonly<Record<Condition['key'], Check>> = {
  methods: (context, { value, span }) => {
    if (/^[A-Z][A-Z-]*$/.test(value)) return;
    const upper = value.toUpperCase();
    const help =
      value === '*'
        ? 'leave `methods` out to mean any'
        : /^[A-Z][A-Z-]*$/.test(upper)
          ? `write \`${upper}\``
          : undefined;
    context.report(diagnostic('malformed-method', { method: value }, span, help === undefined ? {} : { help }));
  },
  paths: (context, { value, span }) => {
    const why = pathFault(value);
    if (why !== undefined)
      context.report(diagnostic('malformed-path', { path: value, why: why.fault }, span, { help: why.help }));
  },
  hosts: (context, { value, span }) => {
    const fault = hostFault(value);
    if (fault !== undefined)
      context.report(diagnostic('malformed-host', { host: value, why: fault.fault }, span, { help: fault.help }));
  },
  headers: (context, { value, span }, { header }) => {
    const fault = starFault(value, 'leave the star at one end');
    if (fault && value !== '*')
      context.report(
        diagnostic('malformed-header', { header: `${header}: ${value}`, why: fault.fault }, span, { help: fault.help }),
      );
  },
};

interface Fault {
  readonly fault: string;
  readonly help: string;
}

/**
 * A path pattern that Envoy can match: what Istio validates (istio-security §1.5), and besides what its default path
 * normalisation makes unreachable (§8.1): a request never arrives with `/./`, `/../` or a query in its path.
 */
function pathFault(path: string): Fault | undefined {
  if (path === '*') return { fault: 'a lone star says nothing', help: 'leave `paths` out to mean any' };
  if (/[?#]/.test(path))
    return {
      fault: 'query and fragment are removed before a path is matched',
      help: 'write the path up to `?` or `#`',
    };
  if (/[\\]|\/\.{1,2}(\/|$)/.test(path))
    return {
      fault: 'paths are normalised before they are matched',
      help: 'write the path without `.`, `..` and backslashes',
    };
  if (/[{}]/.test(path)) return templateFault(path);
  if (!path.startsWith('/') && !path.startsWith('*'))
    return { fault: 'it does not begin with `/`', help: `write \`/${path}\`` };
  return starFault(path, asTemplate(path));
}

function starFault(value: string, help: string): Fault | undefined {
  const inner = value.startsWith('*') ? value.slice(1) : value.endsWith('*') ? value.slice(0, -1) : value;
  return inner.includes('*') ? { fault: 'a star is a wildcard only at one end', help } : undefined;
}

/** What a path with stars inside was meant to say, where the stars are whole segments. */
function asTemplate(path: string): string {
  const template = path.replace(/\/\*(?=\/)/g, '/{*}').replace(/\/\*$/, '/{**}');
  const isWhole = !template.replace(/\{\*{1,2}\}/g, '').includes('*');
  return isWhole ? `write \`${template}\`` : wholeSegments;
}

const wholeSegments = 'write whole segments: `{*}` for one, `{**}` for any number';

/** Braces stand for whole segments; nothing may follow `{**}` but literals; literals are what Envoy's own class admits. */
function templateFault(path: string): Fault | undefined {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const doubleStar = segments.indexOf('{**}');
  if (!path.startsWith('/')) return { fault: 'it does not begin with `/`', help: `write \`/${path}\`` };
  for (const [index, segment] of segments.entries()) {
    const isOperator = segment === '{*}' || segment === '{**}';
    if (isOperator && doubleStar !== -1 && index > doubleStar)
      return {
        fault: 'nothing but plain segments may follow `{**}`',
        help: 'write `{**}` once, and `{*}` only before it',
      };
    if (!isOperator && /[{}]/.test(segment)) return { fault: 'braces stand for whole segments', help: wholeSegments };
    if (!isOperator && !/^[A-Za-z0-9\-._~%!$&'()+,;:@]+$/.test(segment))
      return { fault: `\`${segment}\` is not a plain segment`, help: wholeSegments };
  }
  return undefined;
}

function hostFault(host: string): Fault | undefined {
  if (host === '*') return { fault: 'a lone star says nothing', help: 'leave `hosts` out to mean any' };
  if (/:\d*$/.test(host))
    return { fault: 'a host matches with every port', help: `write \`${host.replace(/:\d*$/, '')}\`` };
  const star = starFault(host, 'leave the star at one end');
  if (star || /^\*?[A-Za-z0-9._-]+\*?$/.test(host)) return star;
  const bare = /^[a-z]+:\/\/([A-Za-z0-9.-]+)/.exec(host)?.[1];
  const form = bare === undefined ? 'a host name, `*.suffix` or `prefix*`' : `\`${bare}\``;
  return { fault: 'it has characters that no host name has', help: `write ${form}` };
}

function checkHeaderName(context: ResolveContext, header: string, condition: Condition): void {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header) && !/[[\]]/.test(header)) return;
  context.report(
    diagnostic('malformed-header', { header, why: 'its name is not a header name' }, condition.span, {
      help: 'write the name as requests carry it, such as `x-team`',
    }),
  );
}
