import { expect, it } from 'vitest';
import { wantedTree } from '../../src/cli/files/output-tree.js';
import { writeTree } from '../../src/cli/files/write-tree.js';
import { type MemoryDisk, type MemoryHost, memoryDisk, memoryHost, SystemError } from '../support/memory-host.js';

const first = [
  { path: 'east/20-policies/a.yaml', text: 'a: 1\n' },
  { path: 'east/20-policies/b.yaml', text: 'b: 1\n' },
];
const second = [
  { path: 'east/20-policies/a.yaml', text: 'a: 2\n' },
  { path: 'west/20-policies/c.yaml', text: 'c: 2\n' },
];
/** The first tree, of which one file says something else. */
const touched = [
  { path: 'east/20-policies/a.yaml', text: 'a: 1\n' },
  { path: 'east/20-policies/b.yaml', text: 'b: 2\n' },
];
const target = '/work/out';

const textOf = (files: typeof first) => Object.fromEntries(wantedTree(files));

it('writes the files and a marker that lists them', async () => {
  const host = memoryHost();
  expect(await writeTree(host, target, first)).toMatchObject({ written: true, diagnostics: [] });
  expect(host.disk.tree(target)).toEqual(textOf(first));
  expect(host.disk.tree(target)['.ambit']).toContain('\neast/20-policies/a.yaml\neast/20-policies/b.yaml\n');
  expect(leftovers(host)).toEqual([]);
});

it('replaces its own tree whole: a file no longer produced goes away', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  expect((await writeTree(host, target, second)).written).toBe(true);
  expect(host.disk.tree(target)).toEqual(textOf(second));
  expect(leftovers(host)).toEqual([]);
});

it('does not touch a tree that is as it should be', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  host.disk.beforeChange = (operation, path) => expect.fail(`${operation} ${path}`);
  expect(await writeTree(host, target, [...first].reverse())).toMatchObject({ written: false, diagnostics: [] });
});

it('writes again when a file of its tree was edited or removed by hand', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  host.files.write(`${target}/east/20-policies/a.yaml`, 'edited: true\n');
  host.files.remove(`${target}/east/20-policies/b.yaml`);
  expect((await writeTree(host, target, first)).written).toBe(true);
  expect(host.disk.tree(target)).toEqual(textOf(first));
});

it('refuses a directory with files that are not its own, and deletes none', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  host.files.write(`${target}/mine.yaml`, 'mine: true\n');
  const { written, diagnostics } = await writeTree(host, target, second);
  expect(written).toBe(false);
  expect(diagnostics).toMatchObject([{ name: 'output-foreign', notes: [{ message: "`mine.yaml` is not Ambit's" }] }]);
  expect(host.disk.tree(target)).toEqual({ ...textOf(first), 'mine.yaml': 'mine: true\n' });
});

it('refuses a directory without its marker, unless it is empty', async () => {
  const host = memoryHost({ files: { '/work/out/manifest.yaml': 'kind: Service\n' } });
  expect((await writeTree(host, target, first)).diagnostics).toMatchObject([{ name: 'output-foreign' }]);
  host.files.makeDirectory('/work/empty');
  expect((await writeTree(host, '/work/empty', first)).written).toBe(true);
});

it('counts a link as foreign even where a file of its own had that name', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  host.disk.nodes.set(`${target}/east/20-policies/a.yaml`, { kind: 'link', to: '/work/elsewhere.yaml' });
  expect((await writeTree(host, target, first)).diagnostics).toMatchObject([{ name: 'output-foreign' }]);
});

it('counts what lies in a directory as foreign even where a file of its own had the name of that one', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  host.files.remove(`${target}/east/20-policies/b.yaml`);
  host.files.makeDirectory(`${target}/east/20-policies/b.yaml`);
  host.files.write(`${target}/east/20-policies/b.yaml/mine.yaml`, 'mine: true\n');
  const files = [...first.slice(0, 1), { path: 'east/20-policies/b.yaml', text: 'b: 2\n' }];
  expect((await writeTree(host, target, files)).diagnostics).toMatchObject([{ name: 'output-foreign' }]);
});

it('refuses to replace the working directory', async () => {
  const host = memoryHost({ workingDirectory: '/work/out' });
  expect((await writeTree(host, target, first)).diagnostics).toMatchObject([
    { name: 'output-holds-working-directory' },
  ]);
});

it('writes through a link to the directory that it means', async () => {
  const host = memoryHost({ files: { '/work/out': { link: '/elsewhere/tree' } } });
  host.files.makeDirectory('/elsewhere/tree');
  expect((await writeTree(host, target, first)).written).toBe(true);
  expect(host.disk.nodes.get(target)).toEqual({ kind: 'link', to: '/elsewhere/tree' });
  expect(host.disk.tree('/elsewhere/tree')).toEqual(textOf(first));
});

it.each(['../escape.yaml', '/etc/passwd', 'a//b.yaml', 'a/./b.yaml', 'a\\b.yaml', '', '.ambit', 'a/\u0000.yaml'])(
  'treats the output path %j as a bug',
  (path) => {
    expect(() => wantedTree([{ path, text: '' }])).toThrow('invariant broken');
  },
);

it('treats two files of one path as a bug', () => {
  expect(() => wantedTree([first[0], first[0]].filter((file) => file !== undefined))).toThrow('invariant broken');
});

it.each([
  ['many files', 10, () => second],
  ['one file', 5, () => touched],
])(
  'leaves the old tree or the new one of %s, wherever the process dies, and the next run leaves nothing behind',
  async (_, fewest, filesOf) => {
    const second = filesOf();
    const steps = await countSteps(second);
    expect(steps).toBeGreaterThan(fewest);
    for (let step = 0; step < steps; step++) {
      const disk = memoryDisk();
      await writeTree(memoryHost({ disk }), target, first);
      dieAt(disk, step);
      await expect(writeTree(memoryHost({ disk, process: { id: 1 } }), target, second)).rejects.toThrow('killed');
      disk.beforeChange = () => {};
      expect([undefined, textOf(first), textOf(second)]).toContainEqual(wholeTree(disk));
      const next = memoryHost({ disk, process: { id: 2 } });
      expect((await writeTree(next, target, second)).diagnostics).toEqual([]);
      expect(disk.tree(target)).toEqual(textOf(second));
      expect(leftovers(next)).toEqual([]);
    }
  },
);

it.each([
  ['gives what stays as it is one more name', undefined, ['b.yaml', 'c.yaml']],
  ['writes it where the disk knows no such thing', 'EPERM', ['a.yaml', 'b.yaml', 'c.yaml']],
])('%s', async (_, code, expected) => {
  const disk = memoryDisk();
  await writeTree(memoryHost({ disk }), target, first);
  const written: string[] = [];
  disk.beforeChange = (operation, path) => {
    if (operation === 'link' && code !== undefined) throw new SystemError(code, path);
    if (operation === 'write' && path.endsWith('.yaml')) written.push(path.split('/').at(-1) ?? '');
  };
  const files = [...touched, { path: 'west/20-policies/c.yaml', text: 'c: 2\n' }];
  expect((await writeTree(memoryHost({ disk }), target, files)).written).toBe(true);
  expect(disk.tree(target)).toEqual(textOf(files));
  expect(written).toEqual(expected);
});

it('replaces a single file by one rename, and touches nothing else in the tree', async () => {
  const host = memoryHost();
  await writeTree(host, target, first);
  const renamed: string[] = [];
  host.disk.beforeChange = (operation, path) => {
    if (path.startsWith(`${target}/`)) renamed.push(`${operation} ${path}`);
    if (operation === 'rename') renamed.push(path);
  };
  expect((await writeTree(host, target, touched)).written).toBe(true);
  expect(renamed).toHaveLength(1);
  expect(host.disk.tree(target)).toEqual(textOf(touched));
  expect(leftovers(host)).toEqual([]);
});

it('puts the old tree back when the process died between the two renames and the next run fails', async () => {
  const disk = memoryDisk();
  await writeTree(memoryHost({ disk }), target, first);
  disk.files.rename(target, '/work/.out.ambit-old');
  disk.beforeChange = (operation, path) => {
    if (operation === 'write') throw new SystemError('ENOSPC', path);
  };
  const { diagnostics } = await writeTree(memoryHost({ disk }), target, second);
  expect(diagnostics).toMatchObject([{ name: 'output-not-written' }]);
  expect(disk.tree(target)).toEqual(textOf(first));
});

it('keeps the old tree whole and tidies up when the disk refuses a change', async () => {
  const steps = await countSteps();
  for (let step = 0; step < steps; step++) {
    const disk = memoryDisk();
    await writeTree(memoryHost({ disk }), target, first);
    failOnce(disk, step, 'ENOSPC');
    const { diagnostics } = await writeTree(memoryHost({ disk }), target, second);
    for (const { message } of diagnostics) expect(message).toBe('`out` was not written: the disk is full');
    expect([textOf(first), textOf(second)]).toContainEqual(wholeTree(disk));
  }
});

it('says why a read-only disk cannot be written', async () => {
  const host = memoryHost();
  host.disk.beforeChange = (_, path) => {
    throw new SystemError('EROFS', path);
  };
  const { diagnostics } = await writeTree(host, target, first);
  expect(diagnostics).toMatchObject([{ code: 'AMB0021', message: '`out` was not written: the disk is read-only' }]);
});

it('waits for another run to end', async () => {
  const disk = memoryDisk();
  const alive = { machine: 'here', isAlive: () => true };
  const host = memoryHost({
    disk,
    process: alive,
    wait: () => disk.files.remove('/work/.out.ambit-lock'),
    files: { '/work/.out.ambit-lock': '7 here 0' },
  });
  expect((await writeTree(host, target, first)).written).toBe(true);
});

it('gives up on a run that does not end, and says which lock it is', async () => {
  const host = memoryHost({ files: { '/work/.out.ambit-lock': '7 here 0' }, process: { isAlive: () => true } });
  const { diagnostics } = await writeTree(host, target, first);
  expect(diagnostics).toMatchObject([
    { name: 'output-locked', message: '`out` is being written by process 7 on here' },
  ]);
  expect(host.disk.tree('/work')).toEqual({ '.out.ambit-lock': '7 here 0' });
});

it('leaves the lock of another machine alone as long as its run shows that it goes on', async () => {
  const disk = memoryDisk();
  let beats = 0;
  const host = memoryHost({
    disk,
    files: { '/work/.out.ambit-lock': '7 elsewhere 0' },
    wait: () => disk.files.write('/work/.out.ambit-lock', `7 elsewhere ${beats++}`),
  });
  expect((await writeTree(host, target, first)).diagnostics).toMatchObject([{ name: 'output-locked' }]);
});

it('shows that it goes on while it writes, and leaves the tree to the run that took its lock meanwhile', async () => {
  const disk = memoryDisk();
  let seconds = 0;
  const shown: string[] = [];
  const host = { ...memoryHost({ disk }), now: () => new Date(1_000 * seconds++) };
  const lock = '/work/.out.ambit-lock';
  disk.beforeChange = (operation, path) => {
    if (operation === 'write' && path === lock) shown.push(new TextDecoder().decode(disk.files.read(path)));
  };
  expect((await writeTree(host, target, first)).written).toBe(true);
  expect(shown.length).toBeGreaterThan(0);
  disk.beforeChange = (operation, path) => {
    if (operation === 'write' && path.startsWith('/work/.out.ambit-new')) disk.files.write(lock, '8 elsewhere 0');
  };
  expect((await writeTree(host, target, second)).diagnostics).toMatchObject([{ name: 'output-locked' }]);
  expect(disk.tree('/work')['.out.ambit-lock']).toBe('8 elsewhere 0');
});

it.each(['7 here 0', '100 here 0', '7 elsewhere 0', ''])(
  'takes over the lock %j of a run that is gone',
  async (lock) => {
    const host = memoryHost({ files: { '/work/.out.ambit-lock': lock } });
    expect((await writeTree(host, target, first)).written).toBe(true);
    expect(leftovers(host)).toEqual([]);
  },
);

it('gives a lock back that it moved by mistake', async () => {
  const disk = memoryDisk();
  const host = memoryHost({
    disk,
    files: { '/work/.out.ambit-lock': '7 here 0' },
    process: { isAlive: (id) => id === 8 },
  });
  let isFirst = true;
  disk.beforeChange = (operation, path) => {
    if (operation !== 'rename' || path !== '/work/.out.ambit-lock' || !isFirst) return;
    isFirst = false;
    disk.files.write(path, '8 here 0');
  };
  expect((await writeTree(host, target, first)).diagnostics).toMatchObject([{ name: 'output-locked' }]);
  expect(disk.tree('/work')).toEqual({ '.out.ambit-lock': '8 here 0' });
});

/** How many changes to the disk replacing the first tree by the second takes. */
async function countSteps(files = second): Promise<number> {
  const host = memoryHost();
  await writeTree(host, target, first);
  let steps = 0;
  host.disk.beforeChange = () => {
    steps++;
  };
  await writeTree(host, target, files);
  return steps;
}

function dieAt(disk: MemoryDisk, step: number): void {
  let steps = 0;
  disk.beforeChange = () => {
    if (steps++ >= step) throw new Error('killed');
  };
}

function failOnce(disk: MemoryDisk, step: number, code: string): void {
  let steps = 0;
  disk.beforeChange = (_, path) => {
    if (steps++ === step) throw new SystemError(code, path);
  };
}

/** The tree at its place, or beside it where the process died between the two renames. */
function wholeTree(disk: MemoryDisk): Record<string, string> {
  const inPlace = disk.tree(target);
  return Object.keys(inPlace).length > 0 ? inPlace : disk.tree('/work/.out.ambit-old');
}

function leftovers({ disk }: MemoryHost): string[] {
  return [...disk.nodes.keys()].filter((path) => path.includes('.ambit-'));
}
