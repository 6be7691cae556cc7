import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/diagnostics/catalogue.js';
import { meshConfigFields } from '../../src/installation/mesh-config-fields.js';
import type { Kind } from '../../src/inventory/entry.js';
import { kinds } from '../../src/inventory/inventory.js';
import { type Fields, fieldsOfEveryObject, fieldsOfKinds } from '../../src/topology/known-fields.js';
import { knownKinds } from '../../src/topology/known-kinds.js';
import { filesBelow } from '../support/cases.js';

/** What every path of some fields leads to; a path may be followed by anything where nothing is known of it. */
interface Leaf {
  readonly path: string;
  readonly isOpen: boolean;
}

function leavesOf(fields: Fields, owner = ''): readonly Leaf[] {
  return Object.entries(fields).flatMap(([written, below]) => {
    const [name = ''] = written.split('@');
    const path = owner === '' ? name : `${owner}.${name}`;
    return below === null ? [{ path, isOpen: true }] : leavesOf(below, path);
  });
}

/** Whether a path is another one, or lies below it. */
const isWithin = (path: string, owner: string) =>
  path === owner || path.startsWith(`${owner}.`) || path.startsWith(`${owner}[`);

/** Without the end that stands for whatever nobody else names. */
const rootOf = (field: string) => field.replace(/\.\*$/, '');

const pathsOf = (kind: Kind) => kind.entries.flatMap(({ fields }) => fields);

/** How often a leaf is covered: where fields below it are named, by the one that covers the rest. */
function coverOf(leaf: Leaf, paths: readonly string[]): number {
  const whole = paths.filter((path) => isWithin(leaf.path, path) || isWithin(leaf.path, rootOf(path)));
  return whole.length;
}

/** Names of this form that are no keys of labels or annotations. */
const notInMetadata: ReadonlySet<string> = new Set([
  'istio.io/gateway-controller',
  'istio.io/mesh-controller',
  'istio.io/eastwest-controller',
  'gateway.istio.io/tls-terminate-mode',
  'gateway.istio.io/listener-protocol',
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
  'kubernetes.io/wss',
  // Labels of Nodes, by which a DestinationRule prefers endpoints.
  'kubernetes.io/hostname',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  // Between kustomize and its functions alone: no object of a cluster has them.
  'config.kubernetes.io/local-config',
  'config.kubernetes.io/function',
  'config.kubernetes.io/path',
  'config.kubernetes.io/index',
  'internal.config.kubernetes.io/path',
  'internal.config.kubernetes.io/index',
  // What nobody may write into a gateway that Ambit writes.
  'app.kubernetes.io/name',
]);

const isVersion = (key: string) => /\/v\d/.test(key);

const fieldsOfMeshConfig: Fields = Object.fromEntries([...meshConfigFields].map((name) => [name, null]));

function fieldsOf(name: string): Fields | undefined {
  if (name === 'every object') return fieldsOfEveryObject;
  return name === 'MeshConfig' ? fieldsOfMeshConfig : fieldsOfKinds.get(name);
}

const listed = kinds.map((kind): [string, Kind, Fields | undefined] => [kind.name, kind, fieldsOf(kind.name)]);

describe('the inventory', () => {
  it('has every kind of which the fields are known, each once', () => {
    const names = kinds.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect([...fieldsOfKinds.keys(), ...knownKinds].filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(listed)('covers every field of %s exactly once', (_, kind, fields) => {
    const paths = pathsOf(kind);
    const uncovered = leavesOf(fields ?? {}).map((leaf) => [leaf.path, coverOf(leaf, paths)] as const);
    expect(uncovered.filter(([, times]) => times !== 1)).toEqual([]);
  });

  it.each(listed)('names no field of %s twice', (_, kind) => {
    const paths = pathsOf(kind);
    const twice = paths.filter((path, index) =>
      paths.some((other, place) => place !== index && !other.endsWith('.*') && isWithin(path, other)),
    );
    expect(twice).toEqual([]);
  });

  it.each(listed)('names no field of %s that no release has', (_, kind, fields) => {
    if (fields === undefined) return;
    const leaves = leavesOf({ ...fields, ...fieldsOfEveryObject });
    const strange = pathsOf(kind)
      .map(rootOf)
      .filter(
        (path) => !leaves.some((leaf) => isWithin(leaf.path, path) || (leaf.isOpen && isWithin(path, leaf.path))),
      );
    expect(strange).toEqual([]);
  });

  it('names every label and annotation that the source reads', () => {
    const named = new Set(kinds.flatMap(pathsOf).flatMap((path) => /\[(.*)\]$/.exec(path)?.[1] ?? []));
    const literals = filesBelow('src')
      .filter((path) => path.endsWith('.ts') && !/^src\/(?:laws|inventory|emit|passes)\//.test(path))
      .flatMap(
        (path) =>
          readFileSync(path, 'utf8').match(
            /'(?:[a-z0-9-]+\.)*(?:istio|kubernetes|networking\.k8s)\.io\/[a-z][\w-]*'/g,
          ) ?? [],
      )
      .map((literal) => literal.slice(1, -1));
    const read = [...new Set(literals)].filter((key) => !notInMetadata.has(key) && !isVersion(key));
    expect(read.filter((key) => !named.has(key))).toEqual([]);
  });

  it('names files of the source and codes that there are', () => {
    const codes = new Set<string>(Object.values(catalogue).map(({ code }) => code));
    const entries = kinds.flatMap((kind) => kind.entries);
    const files = entries.flatMap((entry) => (entry.becomes === 'modelled' ? entry.where : []));
    const said = entries.flatMap((entry) => (entry.becomes === 'said' ? entry.codes : []));
    expect([...new Set(files)].filter((path) => !existsSync(`src/${path}`))).toEqual([]);
    expect(said.filter((code) => !codes.has(code))).toEqual([]);
  });
});
