import { describe, expect, it } from 'vitest';
import { confined } from '../../src/cli/files/confined.js';
import { systemErrorCode } from '../../src/cli/files/system-error.js';
import { memoryHost } from '../support/memory-host.js';

const host = memoryHost({
  files: {
    '/work/open/a.yaml': 'a: 1\n',
    '/work/open/link': { link: '/work/secret' },
    '/work/open/inner': { link: '/work/open/a.yaml' },
    '/work/openly/b.yaml': 'b: 1\n',
    '/work/secret/c.yaml': 'c: 1\n',
    '/package/docs/page.md': '# page\n',
    '/package/src/code.ts': 'code\n',
  },
});

/** What a file operation of a confined host fails with; `undefined` where it does not. */
function codeOf(operation: (files: ReturnType<typeof confined>['files']) => unknown): string | undefined {
  try {
    operation(confined(host, ['/work/open']).files);
    return undefined;
  } catch (error) {
    return systemErrorCode(error);
  }
}

describe('a confined host', () => {
  it.each(['/work/open', '/work/open/a.yaml', '/work/open/inner', '/package/docs/page.md'])('looks at %s', (path) => {
    expect(codeOf((files) => files.status(path))).toBeUndefined();
  });

  it.each([
    ...['/work', '/work/secret/c.yaml', '/work/open/link', '/work/open/link/c.yaml', '/work/openly/b.yaml'],
    ...['/package/src/code.ts', '/work/secret/nothing'],
  ])('does not look at %s', (path) => {
    expect(codeOf((files) => files.status(path))).toBe('EOUTSIDE');
    expect(codeOf((files) => files.read(path))).toBe('EOUTSIDE');
    expect(codeOf((files) => files.list(path))).toBe('EOUTSIDE');
    expect(codeOf((files) => files.realPath(path))).toBe('EOUTSIDE');
  });

  it('tells of what is missing inside', () => {
    expect(codeOf((files) => files.read('/work/open/nothing'))).toBe('ENOENT');
  });

  it('writes nothing', () => {
    const path = '/work/open/a.yaml';
    expect(codeOf((files) => files.write(path, ''))).toBe('EROFS');
    expect(codeOf((files) => files.create('/work/open/new', ''))).toBe('EROFS');
    expect(codeOf((files) => files.makeDirectory('/work/open/new'))).toBe('EROFS');
    expect(codeOf((files) => files.rename(path, '/work/open/b.yaml'))).toBe('EROFS');
    expect(codeOf((files) => files.remove(path))).toBe('EROFS');
    expect(new TextDecoder().decode(host.files.read(path))).toBe('a: 1\n');
  });

  it('but in a temporary directory of its own', () => {
    const inside = confined(host, ['/work/open']);
    const directory = inside.makeTemporaryDirectory();
    inside.files.create(`${directory}/d.yaml`, 'd: 1\n');
    expect(new TextDecoder().decode(inside.files.read(`${directory}/d.yaml`))).toBe('d: 1\n');
    inside.files.remove(directory);
  });
});
