import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';
import {
  fateOf,
  fieldsOfKind,
  isTrafficKind,
  kinds,
  leavesOf,
  rowOf,
  type TrafficKind,
} from './support/docs/api-fields/index.js';
import { describeWithShared, sharedDirectory } from './support/shared.js';

const names = Object.keys(kinds) as TrafficKind[];

describe.each(names)('the fields of a %s', (kind) => {
  it('are each said, or have a reason why not', () => {
    expect(fieldsOfKind(kind).filter((path) => fateOf(kind, path) === undefined)).toEqual([]);
  });

  it('are there for each row', () => {
    const used = new Set(fieldsOfKind(kind).map((path) => rowOf(kind, path)));
    expect(Object.keys(kinds[kind]).filter((row) => !used.has(row))).toEqual([]);
  });
});

const objects = goldenCases()
  .filter(({ name }) => name.startsWith('traffic/'))
  .flatMap(({ sources, options }) => compile(sources, { ...options, verify: false }).manifests)
  .map(({ object }) => object);

describe('golden cases', () => {
  it.each(names)('have every field of a %s in their output that a word writes', (kind) => {
    const ofKind = objects.filter((object) => object.kind === kind);
    const rows = new Set(ofKind.flatMap(({ spec }) => leavesOf(spec).map((path) => rowOf(kind, path))));
    const meant = Object.entries(kinds[kind]).filter(([, fate]) => fate.kind === 'written');
    expect(meant.map(([row]) => row).filter((row) => !rows.has(row))).toEqual([]);
  });
});

describe('fields without a word', () => {
  it.each(names)('of a %s stand in no output', (kind) => {
    const leaves = objects.filter((object) => object.kind === kind).flatMap(({ spec }) => leavesOf(spec ?? {}));
    expect(leaves.filter((leaf) => fateOf(kind, leaf)?.kind === 'not said')).toEqual([]);
  });
});

describeWithShared('public manifests', () => {
  interface Found {
    readonly name: string;
    readonly kind: TrafficKind;
    /** Fields that no word says. */
    readonly unsaid: readonly string[];
  }

  const directory = join(sharedDirectory, 'realworld');
  const found = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => readFileSync(join(directory, path), 'utf8'))
    .filter((text) => names.some((kind) => text.includes(`kind: ${kind}`)))
    .flatMap((text) => loadAll(text).map(Object))
    .flatMap(({ kind, metadata, spec }): Found[] => {
      if (!isTrafficKind(kind)) return [];
      const unsaid = leavesOf(spec).filter((leaf) => ['not said', undefined].includes(fateOf(kind, leaf)?.kind));
      return [{ name: `${kind} ${metadata.name}`, kind, unsaid }];
    });

  it('can be said by intents, nine in ten at the least', () => {
    const said = found.filter(({ unsaid }) => unsaid.length === 0);
    console.info(`${said.length} of ${found.length} public objects are said`);
    expect(found.length).toBeGreaterThan(10);
    expect(said.length / found.length).toBeGreaterThanOrEqual(0.9);
  });
});
