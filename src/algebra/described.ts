import type { Matcher } from '../mesh/policies/matcher.js';
import { oncePerObject } from '../util/once.js';
import type { Mentions } from './mentions.js';

/** What a future workload may be called as far as nothing is said of it. */
const anyOther = 'any-other';

/** Accounts, `namespace/name`, that some mentions can tell from others of their namespace or of no namespace that is mentioned. */
export const describedAccounts = oncePerObject(({ namespaces, patterns }: Mentions): readonly string[] => {
  const described = patterns.map(describe);
  const names = [...described.map(({ account }) => account), undefined].map(filled);
  const places = [...namespaces, ...[...described.map(({ namespace }) => namespace), undefined].map(filled)];
  return [...new Set(places)].flatMap((namespace) => [...new Set(names)].map((name) => `${namespace}/${name}`));
});

interface Described {
  /** With `*` for what is left open. */
  readonly namespace?: string | undefined;
  readonly account?: string | undefined;
}

function filled(text: string | undefined): string {
  return text === undefined || text === '' ? anyOther : text.replaceAll('*', anyOther);
}

function describe({ attribute, matcher }: Mentions['patterns'][number]): Described {
  const text = textOf(matcher);
  if (attribute === 'source.namespace') return { namespace: text };
  const parts = text.split('/');
  if (attribute === 'source.serviceAccount') return { namespace: parts[0], account: parts[1] };
  const [beforeNamespace, beforeAccount] = [parts.indexOf('ns'), parts.indexOf('sa')];
  const account = beforeAccount >= 0 ? parts[beforeAccount + 1] : undefined;
  if (beforeNamespace >= 0) return { namespace: parts[beforeNamespace + 1], account };
  if (beforeAccount > 0) return { namespace: parts[beforeAccount - 1], account };
  return text.startsWith('*') ? { account: parts[parts.length - 1] } : {};
}

/** A matcher as one would write it, with `*` for anything. */
function textOf(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'exact':
      return matcher.value;
    case 'prefix':
      return `${matcher.value}*`;
    case 'suffix':
      return `*${matcher.value}`;
    case 'pattern':
      return matcher.pattern.replaceAll('.*', '*').replaceAll('\\', '');
    case 'perhaps-pattern':
      return matcher.surely.replaceAll('.*', '*').replaceAll('\\', '');
    default:
      return '';
  }
}
