import { diagnostic } from '../diagnostics/create.js';
import type { Span } from '../diagnostics/diagnostic.js';
import { compareText } from '../util/order.js';
import { didYouMean, suggest } from '../util/suggest.js';
import type { BindContext } from './context.js';
import type { NameIndex } from './name-index.js';

const spiffe = /^(?:spiffe:\/\/)?[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** Makes a name whole: `namespace/name` as it stands, or a short name with the scope's namespace before it. */
export function wholeName(
  context: BindContext,
  reference: string,
  namespace: string | undefined,
  span: Span,
): string | undefined {
  const principal = spiffe.exec(reference);
  if (principal || reference.startsWith('spiffe://')) {
    const suggestion = principal ? `${principal[1]}/${principal[2]}` : 'namespace/name';
    context.report(diagnostic('principal-not-name', { name: reference, suggestion }, span));
    return undefined;
  }
  if (!reference.includes('/')) {
    if (namespace !== undefined) return `${namespace}/${reference}`;
    context.report(diagnostic('ambiguous-name', { name: reference }, span, candidateHelp(context.names, reference)));
    return undefined;
  }
  if (/^[a-z0-9][-a-z0-9.]*\/[a-z0-9][-a-z0-9.]*$/.test(reference)) return reference;
  context.report(diagnostic('malformed-name', { name: reference }, span));
  return undefined;
}

/** A short name that exists in several namespaces is answered with all of them. */
function candidateHelp(names: NameIndex, name: string): { help?: string } {
  const keys = [...names.service, ...names.workload];
  const whole = [...new Set(keys.filter((key) => key.endsWith(`/${name}`)))].sort(compareText).slice(0, 4);
  return whole.length > 0 ? { help: `write ${whole.map((key) => `\`${key}\``).join(' or ')}` } : {};
}

/** "cluster east", or "clusters east and west". */
export function clusterNames(topology: BindContext['topology']): string {
  const names = topology.clusters.map(({ name }) => name);
  return `${names.length === 1 ? 'cluster' : 'clusters'} ${names.join(', ')}`;
}

/** A did-you-mean over the names that exist; a name in another namespace counts as near. */
export function nearNames(name: string, known: Iterable<string>): { help?: string } {
  const all = [...known].filter((candidate) => candidate !== name);
  const local = name.slice(name.indexOf('/') + 1);
  const elsewhere = all.filter((candidate) => candidate.endsWith(`/${local}`)).sort(compareText);
  return didYouMean([...new Set([...elsewhere, ...suggest(name, all)])].slice(0, 4));
}
