import type { Located } from '../../diagnostics/diagnostic.js';
import type { Cursor } from '../cursor.js';
import type { Affinity, BackendTls, EndpointSettings, Locality, LocalityShares, PortEndpoints } from './endpoints.js';
import { numberOf } from './leaves.js';
import type { OutsidePort } from './outside.js';

/** Reads what a mapping says of endpoints; the fields of it that speak of something else are left to others. */
export function readEndpoints(node: Cursor): EndpointSettings {
  return {
    ...written(node, 'balance', locatedFields),
    ...written(node, 'affinity', readAffinity),
    ...written(node, 'locality', readLocality),
    ...written(node, 'connections', locatedFields),
    ...written(node, 'outliers', locatedFields),
    ...written(node, 'tls', readTls),
  };
}

/** Settings of ports, by their names or numbers. */
export function readPortEndpoints(node: Cursor): PortEndpoints[] {
  return node.fields().map((field) => {
    const port = /^[0-9]+$/.test(field.key) ? Number(field.key) : field.key;
    return {
      port: { value: port, span: field.keySpan },
      settings: readEndpoints(field),
      declared: field.optional('protocol', (protocol) => readDeclared(field, protocol)),
    };
  });
}

function readDeclared(port: Cursor, protocol: Cursor): OutsidePort {
  return {
    protocol: protocol.text() as OutsidePort['protocol'],
    targetPort: port.optional('targetPort', (node) => ({ value: numberOf(node), span: node.span })),
  };
}

function written<K extends string, T>(node: Cursor, name: K, read: (field: Cursor) => T): { readonly [N in K]?: T } {
  const value = node.optional(name, read);
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in K]: T });
}

/** Every field with its place; the schema has checked which there are. */
function locatedFields(node: Cursor): Readonly<Record<string, Located<never>>> {
  return Object.fromEntries(
    node.fields().map((field) => [field.key, { value: field.value as never, span: field.span }]),
  );
}

function readAffinity(node: Cursor): Affinity {
  const by = affinityKey(Object(node.value));
  return { by, span: node.keySpan };
}

function affinityKey({ header, query, cookie }: Readonly<Record<string, unknown>>): Affinity['by'] {
  if (typeof header === 'string') return { kind: 'header', name: header };
  if (typeof query === 'string') return { kind: 'query', name: query };
  return cookie === undefined ? { kind: 'sourceIP' } : { kind: 'cookie', ...(cookie as { readonly name: string }) };
}

function readLocality(node: Cursor): Locality {
  const span = node.keySpan;
  const { prefer, failoverBy } = Object(node.value);
  if (prefer !== undefined) return { kind: 'prefer', near: prefer, span };
  if (failoverBy !== undefined) return { kind: 'failoverBy', labels: failoverBy, span };
  const pairs = node.optional('failover', (field) => field.fields().map(readPair));
  if (pairs !== undefined) return { kind: 'failover', pairs, span };
  const shares = node.optional('distribute', (field) => field.fields().map(readShares));
  return shares === undefined ? { kind: 'disabled', span } : { kind: 'distribute', shares, span };
}

function readPair(node: Cursor) {
  return { from: { value: node.key, span: node.keySpan }, to: node.text() };
}

function readShares(node: Cursor): LocalityShares {
  return {
    from: { value: node.key, span: node.keySpan },
    to: node.value as LocalityShares['to'],
  };
}

function readTls(node: Cursor): BackendTls {
  return { ...(node.value as Omit<BackendTls, 'span'>), span: node.keySpan };
}
