import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { nodeHost } from '../../src/cli/files/node-host.js';
import { readAgain } from '../../src/cli/files/read-again.js';
import { stampOf } from '../../src/cli/files/stamp.js';
import { newMemory } from '../../src/util/memory.js';
import { memoryHost } from '../support/memory-host.js';

const now = 1_000_000;
const written = (ctimeMs: number, mtimeMs = ctimeMs) => ({ ino: 1, size: 2, mtimeMs, ctimeMs });

it.each([
  ['a fine clock, after a tick', written(now - 21.5), true],
  ['a fine clock, within a tick', written(now - 19.5), false],
  ['a coarse clock, after a tick', written(now - 2001), true],
  ['a coarse clock, within a tick', written(now - 1999), false],
  ['a time of the last change to come', written(now - 5000.5, now + 5000.5), false],
])('a file has a stamp once the next write to it would change that: %s', (_, file, hasStamp) => {
  expect(stampOf(file, now) !== undefined).toBe(hasStamp);
});

/** Files of which one has the stamp that is asked for, and how often it was read. */
function counted(stamps: ReadonlyArray<readonly number[] | undefined>) {
  const { files } = memoryHost({ files: { '/work/a': 'a' } });
  const left = [...stamps];
  const reads: string[] = [];
  const counting = {
    ...files,
    status: (path: string) => ({ ...files.status(path), stamp: left.shift() }),
    read: (path: string) => {
      reads.push(path);
      return files.read(path);
    },
  };
  const again = readAgain(counting, newMemory().recall);
  for (const _ of stamps) again.read('/work/a');
  return reads.length;
}

it.each([
  ['once while its stamp is the same', [[1], [1], [1]], 1],
  ['again when its stamp is another', [[1], [2], [2]], 2],
  ['every time while it has none', [undefined, undefined, [1], [1]], 3],
])('a file is read %s', (_, stamps, times) => {
  expect(counted(stamps)).toBe(times);
});

it('sees a text of the same length in a file whose time was set back', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ambit-read-'));
  try {
    const path = join(directory, 'a');
    const { files } = nodeHost({ packageDirectory: directory, version: '', programName: 'ambit' });
    const again = readAgain(files, newMemory().recall);
    writeFileSync(path, 'one');
    await setTimeout(50);
    const { atime, mtime } = statSync(path);
    expect(new TextDecoder().decode(again.read(path))).toBe('one');
    writeFileSync(path, 'two');
    utimesSync(path, atime, mtime);
    expect(new TextDecoder().decode(again.read(path))).toBe('two');
    await setTimeout(50);
    expect(new TextDecoder().decode(again.read(path))).toBe('two');
    expect(again.read(path)).toBe(again.read(path));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Files of a disk whose clock has a tick, and what was read of them. */
function clocked() {
  const { files } = memoryHost();
  const reads: string[] = [];
  const stamps = new Map<string, readonly number[] | undefined>();
  const clock = {
    ...files,
    status: (path: string) => ({ ...files.status(path), stamp: stamps.get(path.replace('/draft/', '/out/')) }),
    read: (path: string) => {
      reads.push(path);
      return files.read(path);
    },
  };
  return { files, again: readAgain(clock, newMemory().recall), stamps, reads };
}

it('does not read what was written and then moved with its directory', () => {
  const { files, again, stamps, reads } = clocked();
  const textAt = (path: string) => new TextDecoder().decode(again.read(path));
  files.makeDirectory('/work/draft');
  for (const name of ['a', 'late', 'cut']) again.write(`/work/draft/${name}`, `${name} é`);
  files.write('/work/draft/cut', 'c');
  for (const name of ['a', 'cut']) stamps.set(`/work/out/${name}`, [1]);
  again.rename('/work/draft', '/work/out');
  stamps.set('/work/out/late', [1]);
  expect(['a', 'late', 'cut'].map((name) => textAt(`/work/out/${name}`))).toEqual(['a é', 'late é', 'c']);
  expect(reads).toEqual(['/work/out/late', '/work/out/cut']);
  files.write('/work/out/a', 'other');
  stamps.set('/work/out/a', [2]);
  expect(textAt('/work/out/a')).toBe('other');
});
