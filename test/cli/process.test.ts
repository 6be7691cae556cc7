import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { smallProject } from '../support/projects.js';

let scratch = '';
const children: ChildProcess[] = [];
const ambit = () => join(scratch, 'package', 'dist', 'ambit.js');
const writeLoop = () => join(scratch, 'write-loop.mjs');

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'ambit-'));
  execFileSync('node', ['.ci/build/build.mjs', dirname(ambit())]);
  const entryPoints = ['test/support/write-loop.ts'];
  await build({
    entryPoints,
    outfile: writeLoop(),
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
});

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

function newDirectory(): string {
  return mkdtempSync(join(scratch, 'case-'));
}

function newProject(): string {
  const directory = newDirectory();
  for (const [path, text] of Object.entries(smallProject(directory))) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return directory;
}

function startLoop(directory: string, times: number): ChildProcess {
  const argv = [writeLoop(), join(directory, 'out'), String(times)];
  const child = spawn('node', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function firstTreeOf(loop: ChildProcess): Promise<void> {
  await new Promise((resolve) => loop.stdout?.once('data', resolve));
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

/** Which of the two trees lies there, whole; fails for a mixture. */
function wholeTree(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const objects = files.filter(({ name }) => name !== '.ambit');
  const texts = new Set(objects.map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8')));
  expect([objects.length, texts.size]).toEqual([61, 1]);
  return [...texts].join('').slice(0, 4).trim();
}

it('leaves a whole tree when it is killed at any moment, and the next run leaves nothing behind', async () => {
  const directory = newDirectory();
  const out = join(directory, 'out');
  for (let round = 0; round < 12; round++) {
    const loop = startLoop(directory, 1_000_000);
    const ended = endOf(loop);
    await firstTreeOf(loop);
    await setTimeout(round * 3.1);
    loop.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const place = existsSync(out) ? out : join(directory, '.out.ambit-old');
    expect(['even', 'odd']).toContain(wholeTree(place));
  }
  expect(await endOf(startLoop(directory, 1))).toBe(0);
  expect(wholeTree(out)).toBe('even');
  expect(readdirSync(directory)).toEqual(['out']);
});

it('leaves the tree in its place, and nothing beside it, when it is interrupted', async () => {
  const directory = newDirectory();
  for (let round = 0; round < 8; round++) {
    const loop = startLoop(directory, 1_000_000);
    const ended = endOf(loop);
    await firstTreeOf(loop);
    await setTimeout(round * 2.3);
    loop.kill('SIGINT');
    expect(await ended).toBe('SIGINT');
    expect(['even', 'odd']).toContain(wholeTree(join(directory, 'out')));
    expect(readdirSync(directory)).toEqual(['out']);
  }
});

it('keeps two runs on one output apart', async () => {
  const directory = newDirectory();
  const loops = [startLoop(directory, 20), startLoop(directory, 20)];
  const messages: string[] = [];
  for (const loop of loops) loop.stderr?.on('data', (chunk) => messages.push(String(chunk)));
  expect(await Promise.all(loops.map(endOf))).toEqual([0, 0]);
  expect(messages).toEqual([]);
  expect(wholeTree(join(directory, 'out'))).toBe('odd');
  expect(readdirSync(directory)).toEqual(['out']);
});

it.skipIf(process.getuid?.() === 0)('keeps the old tree when the directory around it is read-only', () => {
  const project = newProject();
  const run = () => spawnSync('node', [ambit(), 'compile', '--project', project], { encoding: 'utf8' });
  expect(run().status).toBe(0);
  const before = readdirSync(join(project, 'out'), { recursive: true });
  writeFileSync(join(project, 'out', '.ambit'), 'stale\n');
  chmodSync(project, 0o555);
  const { status, stderr } = run();
  chmodSync(project, 0o755);
  expect(status).toBe(2);
  expect(stderr).toContain('permission denied');
  expect(readdirSync(join(project, 'out'), { recursive: true })).toEqual(before);
});

it('keeps its own code compiled in the caches of the user alone, and does without where it cannot', () => {
  const project = newProject();
  const [caches, file] = [join(newDirectory(), 'caches'), join(newDirectory(), 'file')];
  writeFileSync(file, '');
  const run = (environment: NodeJS.ProcessEnv) => {
    const { PATH } = process.env;
    const argv = [ambit(), 'compile', '--project', project, '--stdout'];
    const { status, stdout, stderr } = spawnSync('node', argv, { encoding: 'utf8', env: { PATH, ...environment } });
    return [status, stdout, stderr];
  };
  const plain = run({});
  expect(plain[0]).toBe(0);
  for (const environment of [{ XDG_CACHE_HOME: caches }, { XDG_CACHE_HOME: caches }, { HOME: file }]) {
    expect(run(environment)).toEqual(plain);
  }
  expect(existsSync(join(caches, 'ambit'))).toBe('enableCompileCache' in module);
  expect(readdirSync(project).sort()).toEqual(['ambit.yaml', 'clusters', 'intents']);
});

it('does not touch an output that is as it should be', () => {
  const project = newProject();
  const run = () => spawnSync('node', [ambit(), 'compile', '--project', project], { encoding: 'utf8' });
  expect(run().status).toBe(0);
  const { ino, mtimeMs } = statSync(join(project, 'out'));
  const { status, stderr } = run();
  expect([status, stderr]).toEqual([0, expect.stringContaining('up to date')]);
  expect(statSync(join(project, 'out'))).toMatchObject({ ino, mtimeMs });
});

it('answers its version', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(spawnSync('node', [ambit(), '--version'], { encoding: 'utf8' })).toMatchObject({
    status: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

it('reads stdin and writes stdout', () => {
  const project = newProject();
  const input = readFileSync(join(project, 'intents', 'shop.yaml'), 'utf8');
  const argv = [ambit(), 'compile', '-f', '-', '-f', join(project, 'ambit.yaml')];
  const { status, stdout, stderr } = spawnSync('node', argv, { input, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^\d+ workloads proved \(\d+ ways in\), nothing undecided\n$/),
  });
  expect(stdout).toContain('kind: AuthorizationPolicy');
});

it('stops reading an endless stdin at the limit', () => {
  const script = `yes | node ${ambit()} verify -f -; echo "\${PIPESTATUS[1]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(stdout).toBe('2\n');
  expect(stderr).toContain('AMB0007');
});

it('is quiet when its reader stops reading', () => {
  const script = `node ${ambit()} completion bash | true; echo "\${PIPESTATUS[0]}"`;
  expect(spawnSync('bash', ['-c', script], { encoding: 'utf8' })).toMatchObject({ stdout: '0\n', stderr: '' });
});

it('says that a bug is a bug, with exit code 70', () => {
  // This copy of the package has no schemas: something that no user can cause.
  const { status, stderr } = spawnSync('node', [ambit(), 'schema'], { encoding: 'utf8' });
  expect(status).toBe(70);
  expect(stderr).toMatch(/This is a bug in Ambit .*report it/);
  expect(stderr).toContain('ENOENT');
});

it('compiles again whenever an input has changed, and not because of what it writes', async () => {
  const project = newProject();
  const child = spawn('node', [ambit(), 'compile', '--watch', '--project', project], { cwd: project });
  children.push(child);
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const until = async (text: string) => {
    for (let left = 600; !said.includes(text); left--) {
      if (left === 0) throw new Error(`waited for \`${text}\` in vain:\n${said}`);
      await setTimeout(50);
    }
    said = said.slice(said.indexOf(text) + text.length);
  };
  await until('watching 3 files\n');
  const intents = join(project, 'intents', 'shop.yaml');
  writeFileSync(intents, readFileSync(intents, 'utf8').replace('checkout-pays', 'checkout-charges'));
  await until('changed: intents/shop.yaml\n');
  await until('watching 3 files\n');
  mkdirSync(join(project, 'intents', 'more'));
  writeFileSync(join(project, 'intents', 'more', 'notes.yaml'), '# nothing yet\n');
  await until('changed: intents/more/notes.yaml\n');
  await until('watching 4 files\n');
  expect(said).not.toContain('changed');
});

it('is a plugin of kubectl by its other name', () => {
  const plugin = join(newDirectory(), 'kubectl-ambit');
  symlinkSync(ambit(), plugin);
  expect(execFileSync(plugin, ['compile', '--help'], { encoding: 'utf8' })).toContain('Usage: kubectl ambit compile');
});
