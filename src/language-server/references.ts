import type { Path } from '../parse/document.js';
import { ownValue } from '../util/own-value.js';
import { fieldOf, textAt } from './spot.js';

/** What the name in a field is the name of. */
export type Referred =
  | 'service'
  | 'workload'
  | 'serviceAccount'
  | 'namespace'
  | 'gateway'
  | 'group'
  | 'external'
  | 'issuer'
  | 'provider'
  | 'cluster'
  | 'host'
  | 'port'
  | 'caller'
  | 'destination'
  | 'code'
  | 'finding';

const byField: Readonly<Record<string, Referred>> = {
  service: 'service',
  workload: 'workload',
  serviceAccount: 'serviceAccount',
  namespace: 'namespace',
  namespaces: 'namespace',
  excludeNamespaces: 'namespace',
  gateway: 'gateway',
  through: 'gateway',
  group: 'group',
  external: 'external',
  issuer: 'issuer',
  provider: 'provider',
  providers: 'provider',
  cluster: 'cluster',
  host: 'host',
  port: 'port',
  from: 'caller',
  to: 'destination',
  code: 'code',
  about: 'finding',
  object: 'finding',
};

/**
 * What a text at a path names; `undefined` where it is no name of something else. In a list, callers and destinations are
 * objects that say themselves what they name.
 */
export function referredBy(path: Path): Referred | undefined {
  const referred = ownValue(byField, fieldOf(path) ?? '');
  const isEnd = referred === 'caller' || referred === 'destination';
  return isEnd && typeof path.at(-1) === 'number' ? undefined : referred;
}

/** Whether it is a name with a namespace, which may be left out where it is that of the scope. */
export function hasNamespace(referred: Referred): boolean {
  return ['service', 'workload', 'serviceAccount', 'gateway'].includes(referred);
}

/** The namespace to which short names of a document belong. */
export function namespaceOf(document: unknown): string | undefined {
  const scope = (name: string) => textAt(document, ['spec', 'scope', name]);
  const [whole] = ['service', 'workload', 'gateway'].flatMap((name) => scope(name) ?? []);
  return scope('namespace') ?? whole?.split('/')[0];
}

/** A name in a document with its namespace. */
export function wholeName(document: unknown, name: string): string {
  const namespace = namespaceOf(document);
  return name.includes('/') || namespace === undefined ? name : `${namespace}/${name}`;
}
