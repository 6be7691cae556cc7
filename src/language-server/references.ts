import type { Path } from '../parse/document.js';
import { ownValue } from '../util/own-value.js';
import { fieldOf, textAt } from './spot.js';

/** The document and the path at which a name is to be written. */
export interface Where {
  readonly document: unknown;
  readonly path: Path;
}

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
  | 'version'
  | 'release'
  | 'caller'
  | 'destination'
  | 'code'
  | 'finding'
  | 'object';

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
  version: 'version',
  from: 'caller',
  to: 'destination',
  destination: 'service',
  code: 'code',
  about: 'finding',
  object: 'object',
};

/** What a field names within some other, where that is not what it names elsewhere. */
const byParent: Readonly<Record<string, Readonly<Record<string, Referred | undefined>>>> = {
  istio: { version: undefined },
  labels: { version: 'release' },
  rollout: { from: 'version', to: 'version' },
};

/**
 * What a text at a path names; `undefined` where it is no name of something else. In a list, callers and destinations are
 * objects that say themselves what they name.
 */
export function referredBy(path: Path): Referred | undefined {
  const field = fieldOf(path) ?? '';
  const parent = fieldOf(path.slice(0, path.lastIndexOf(field))) ?? '';
  const within = ownValue(byParent, parent);
  const referred = within !== undefined && Object.hasOwn(within, field) ? within[field] : ownValue(byField, field);
  const isEnd = referred === 'caller' || referred === 'destination';
  return isEnd && typeof path.at(-1) === 'number' ? undefined : referred;
}

const byFieldsOf: Readonly<Record<string, Referred>> = {
  'spec.split': 'version',
  'spec.versions': 'release',
  'spec.ports': 'port',
};

/** What the fields of an object at a path are named after, where the mesh gives them their names and not the language. */
export function referredByFields(path: Path): Referred | undefined {
  return ownValue(byFieldsOf, path.join('.'));
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
