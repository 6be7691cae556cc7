import { didYouMean, suggest } from './suggest.js';

/** The methods that IANA registers, and besides those that Envoy reads in HTTP/1.1 (`balsa_parser.cc`, isMethodValid). */
const known: readonly string[] = [
  ...['ACL', 'BASELINE-CONTROL', 'BIND', 'CHECKIN', 'CHECKOUT', 'CONNECT', 'COPY', 'DELETE', 'GET', 'HEAD', 'LABEL'],
  ...['LINK', 'LOCK', 'MERGE', 'MKACTIVITY', 'MKCALENDAR', 'MKCOL', 'MKREDIRECTREF', 'MKWORKSPACE', 'MOVE', 'OPTIONS'],
  ...['ORDERPATCH', 'PATCH', 'POST', 'PRI', 'PROPFIND', 'PROPPATCH', 'PUT', 'QUERY', 'REBIND', 'REPORT', 'SEARCH'],
  ...['TRACE', 'UNBIND', 'UNCHECKOUT', 'UNLINK', 'UNLOCK', 'UPDATE', 'UPDATEREDIRECTREF', 'VERSION-CONTROL'],
  ...['MSEARCH', 'NOTIFY', 'PURGE', 'SOURCE', 'SUBSCRIBE', 'UNSUBSCRIBE'],
];

/** What to say of a method that nobody sends; `undefined` where it is one, registered or among the custom ones. */
export function methodFault(
  method: string,
  custom: readonly string[],
): { readonly help: string; readonly notes: ReadonlyArray<{ readonly message: string }> } | undefined {
  if (known.includes(method) || custom.includes(method)) return undefined;
  if (method === '*') return { help: 'leave the method out to mean any', notes: [] };
  const exact = known.find((each) => each === method.toUpperCase());
  if (exact !== undefined) return { help: `write \`${exact}\``, notes: [] };
  const near = didYouMean(suggest(method, [...known, ...custom])).help;
  return { help: near ?? 'write one method an item, in capitals', notes: [{ message: ownMethods }] };
}

const ownMethods = 'methods that are not registered are named under `customMethods` of the Mesh document';
