import { diagnostic } from '../diagnostics/create.js';
import type { Located } from '../diagnostics/diagnostic.js';
import type { Condition, RequestKey } from '../parse/ast.js';
import { methodFault } from '../util/http-methods.js';
import type { BindContext } from './context.js';
import { hostFault } from './host-fault.js';
import { pathFault } from './path-fault.js';
import { starFault, type TextFault } from './text-fault.js';

/** What a condition compares: alike for two of the same thing. The case of a header's name does not count, that of a claim does. */
export function comparedBy({ key, name }: Pick<Condition, 'key' | 'name'>): string {
  return name === undefined ? key : `${key} ${key === 'headers' ? name.toLowerCase() : name}`;
}

/** The conditions for which requests have to be read: the server name is seen of every connection with TLS. */
export function aboutRequests(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(({ key }) => key !== 'serverNames');
}

/** Reports every condition of a target that could never match, or would match something else than it seems to say. */
export function checkConditions(context: BindContext, conditions: readonly Condition[]): void {
  for (const condition of conditions) checkCondition(context, condition);
  const headers = conditions.flatMap(({ key, name, span }) =>
    key === 'headers' && name ? [{ header: name, span }] : [],
  );
  for (const [index, { header, span }] of headers.entries()) {
    const first = headers.findIndex((other) => other.header.toLowerCase() === header.toLowerCase());
    if (first === index) continue;
    const parameters = { header, why: 'it stands there twice, and the case of its name does not count' };
    context.report(diagnostic('malformed-header', parameters, span, { help: 'list all of its values under one name' }));
  }
}

/** Reports every value of a condition that could never match, or would match something else than it seems to say. */
function checkCondition(context: BindContext, condition: Condition): void {
  const { key, name } = condition;
  // What is asked of tokens is said once for all targets of a rule, and checked there.
  if (key === 'token') return;
  if (name !== undefined) checkHeaderName(context, name, condition);
  for (const value of condition.values) checks[key](context, value, condition);
}

type Check = (context: BindContext, value: Located<string>, condition: Condition) => void;

const checks: Readonly<Record<RequestKey, Check>> = {
  methods: ({ topology, report }, { value, span }) => {
    const found = methodFault(value, topology.mesh.customMethods);
    if (found) report(diagnostic('malformed-method', { method: value }, span, found));
  },
  paths: ({ report }, { value, span }) => {
    const found = pathFault(value);
    if (found) report(diagnostic('malformed-path', { path: value, why: found.fault }, span, { help: found.help }));
  },
  hosts: ({ report }, { value, span }) => {
    const found = hostFault(value);
    if (found) report(diagnostic('malformed-host', { host: value, why: found.fault }, span, { help: found.help }));
  },
  serverNames: ({ report }, { value, span }) => {
    const found = hostFault(value);
    if (found) report(diagnostic('malformed-host', { host: value, why: found.fault }, span, { help: found.help }));
  },
  headers: ({ report }, { value, span }, { name }) => {
    const found = value === '*' ? undefined : headerFault(value);
    const parameters = { header: `${name}: ${value}`, why: found?.fault ?? '' };
    if (found) report(diagnostic('malformed-header', parameters, span, { help: found.help }));
  },
};

/** A value that nothing but a regular expression would say. */
function headerFault(value: string): TextFault | undefined {
  const help = 'write the value, its beginning before a star, or its end behind one';
  return /^\^|\.[*+]$/.test(value)
    ? { fault: 'it reads like a regular expression', help }
    : starFault(value, 'leave the star at one end');
}

function checkHeaderName(context: BindContext, header: string, condition: Condition): void {
  if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header) && !/[[\]]/.test(header)) return;
  context.report(
    diagnostic('malformed-header', { header, why: 'its name is not a header name' }, condition.span, {
      help: 'write the name as requests carry it, such as `x-team`',
    }),
  );
}
