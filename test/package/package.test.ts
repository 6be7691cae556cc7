import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow } from '../support/cases.js';
import { installInto, packInto } from '../support/packed.js';
import { smallProject } from '../support/projects.js';

let scratch = '';
let project = '';
const installed = (...path: string[]) => join(project, 'node_modules', 'ambit', ...path);

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'ambit-package-'));
  project = installInto(scratch, packInto(scratch));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function node(...argv: string[]) {
  return spawnSync('node', argv, { cwd: project, encoding: 'utf8' });
}

describe('the package', () => {
  it('needs nothing beside it', () => {
    expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['ambit']);
  });

  it('runs by its name', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const { status, stdout, stderr } = spawnSync('npx', ['ambit', '--version'], { cwd: project, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('holds what its pages link to', () => {
    const pages = filesBelow(installed()).filter((path) => path.endsWith('.md'));
    expect(pages.length).toBeGreaterThan(100);
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it('evaluates no text as code', () => {
    const argv = [installed('dist', 'ambit.js'), 'compile', '--project', installed('examples', 'hybrid-shop')];
    const { status, stdout } = node('--disallow-code-generation-from-strings', ...argv, '--stdout');
    expect(status).toBe(0);
    expect(stdout).toContain('kind: AuthorizationPolicy');
  });
});

function brokenLinks(page: string): string[] {
  const targets = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)].map(
    ([, target = '']) => target,
  );
  const local = targets.filter((target) => !/^[a-z]+:/.test(target));
  return local
    .filter((target) => !existsSync(join(dirname(page), target)))
    .map((target) => `${relative(installed(), page)}: ${target}`);
}

describe('code of others in the package', () => {
  it('is listed in the SBOM, all of it and nothing else', async () => {
    const { components, dependencies } = JSON.parse(readFileSync(installed('dist', 'sbom.cdx.json'), 'utf8'));
    const listed = components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`);
    expect(listed.sort()).toEqual([...(await bundled()).keys()].sort());
    expect(dependencies[0].dependsOn.toSorted()).toEqual(listed);
  });

  it('comes with its licence', async () => {
    const notices = readFileSync(installed('dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const directory of (await bundled()).values()) {
      const licence = readdirSync(directory).find((name) => /^license/i.test(name)) ?? '';
      expect(notices).toContain(readFileSync(join(directory, licence), 'utf8').trim());
    }
  });
});

/** What esbuild says of whose code it takes, as `name@version`, with the directories where it lies. */
async function bundled(): Promise<Map<string, string>> {
  const entryPoints = ['src/main.ts', 'src/index.ts'];
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    format: 'esm',
    platform: 'node',
    splitting: true,
    metafile: true,
    // Texts of the project's own.
    external: ['*?raw'],
    write: false,
    outdir: scratch,
    define: { ambitVersion: '""' },
  });
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const directories = files.flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return new Map(
    directories.map((directory) => {
      const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      return [`${name}@${version}`, directory];
    }),
  );
}

describe('the library', () => {
  const page = readFileSync('docs/library.md', 'utf8');
  const blocks = (language: string) =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
      .map(([, text = '']) => text)
      .join('');

  it('does what its page says', () => {
    for (const [path, text] of Object.entries(smallProject(project))) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    writeFileSync(join(project, 'program.mjs'), blocks('js'));
    expect(node('program.mjs')).toMatchObject({ status: 0, stdout: blocks('text'), stderr: '' });
  });

  it('is required by CommonJS', () => {
    const required = node('--input-type=commonjs', '-e', "console.log(typeof require('ambit').compile)");
    expect(required).toMatchObject({ status: 0, stdout: 'function\n', stderr: '' });
  });

  it('takes no acceptance with a last day for good without a day', () => {
    const program = `import { compile } from 'ambit';
const accept = '[{ path: plaintextCallers, until: 2999-01-01, reason: for a while }]';
const text = 'apiVersion: ambit.dev/v1alpha1\\nkind: SecuritySettings\\nmetadata: { name: shop }\\nspec:\\n' +
  '  scope: mesh\\n  mtls: { mode: Permissive, accept: ' + accept + ' }\\n';
for (const today of [undefined, '2026-06-01']) {
  console.log(compile([{ path: 'a.yaml', text }], { today }).diagnostics.map(({ code }) => code).includes('AMB0043'));
}`;
    expect(node('--input-type=module', '-e', program)).toMatchObject({ status: 0, stdout: 'true\nfalse\n' });
  });

  it.each(['module', 'commonjs'])('has types for %s that need nothing beside it', (type) => {
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type }));
    writeFileSync(
      join(project, 'program.ts'),
      "import * as ambit from 'ambit';\nexport const { compile, trace } = ambit;\n",
    );
    const options = '--ignoreConfig --noEmit --strict --module nodenext --skipLibCheck false'.split(' ');
    const argv = [...options, '--types', '', join(project, 'program.ts')];
    const { status, stdout } = spawnSync('node_modules/.bin/tsc', argv, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
