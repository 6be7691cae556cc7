import { expect, it } from 'vitest';
import { load } from '../../src/cli/project/load.js';
import { type MemoryHostOptions, memoryHost, SystemError } from '../support/memory-host.js';

const project = (spec = '{ intents: [intents/], output: out/ }') =>
  `apiVersion: ambit.dev/v1alpha1\nkind: Project\nmetadata: { name: shop }\nspec: ${spec}\n`;
const mesh = (manifests: string) =>
  `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: mesh }\nspec:\n  clusters: [{ name: east, manifests: ${manifests} }]\n`;
const intent = 'apiVersion: ambit.dev/v1alpha1\nkind: SecuritySettings\nmetadata: { name: a }\n';
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\n';

async function loadWith(
  files: NonNullable<MemoryHostOptions['files']>,
  filename: readonly string[] = [],
  more: MemoryHostOptions = {},
) {
  const { value, diagnostics } = await load(memoryHost({ files, ...more }), { filename });
  return {
    sources: value.sources.map(({ path, cluster }) => (cluster === undefined ? path : `${cluster}: ${path}`)),
    names: diagnostics.map(({ name }) => name),
    value,
    diagnostics,
  };
}

it('reads the project file, its intents, and the manifests that its mesh names', async () => {
  const { sources, names, value } = await loadWith({
    '/work/ambit.yaml': `${project()}---\n${mesh('[clusters/east/]')}`,
    '/work/intents/b.yaml': intent,
    '/work/intents/deep/a.yml': intent,
    '/work/clusters/east/z.json': '{}',
    '/work/clusters/east/a.yaml': service,
    '/work/clusters/east/README.md': 'not read',
  });
  expect(names).toEqual([]);
  expect(sources).toEqual([
    'ambit.yaml',
    'intents/b.yaml',
    'intents/deep/a.yml',
    'east: clusters/east/a.yaml',
    'east: clusters/east/z.json',
  ]);
  expect(value.project).toMatchObject({ output: 'out/', kustomize: false });
});

it('names sources relative to the project, wherever the command runs', async () => {
  const files = {
    '/projects/shop/ambit.yaml': `${project()}---\n${mesh('[../manifests]')}`,
    '/projects/shop/intents/a.yaml': intent,
    '/projects/manifests/a.yaml': service,
  };
  const expected = ['ambit.yaml', 'intents/a.yaml', 'east: ../manifests/a.yaml'];
  for (const [workingDirectory, named] of [
    ['/', 'projects/shop'],
    ['/projects', 'shop/ambit.yaml'],
    ['/elsewhere', '/projects/shop'],
  ] as const) {
    const { value } = await load(memoryHost({ files, workingDirectory }), { filename: [], project: named });
    expect(value.sources.map(({ path, cluster }) => (cluster ? `${cluster}: ${path}` : path))).toEqual(expected);
    expect(value.directory).toBe('/projects/shop');
  }
});

it('takes manifest paths relative to the file of the mesh', async () => {
  const { sources } = await loadWith(
    { '/work/mesh/mesh.yaml': mesh('[../manifests/a.yaml]'), '/work/manifests/a.yaml': service },
    ['mesh/mesh.yaml'],
  );
  expect(sources).toEqual(['mesh/mesh.yaml', 'east: manifests/a.yaml']);
});

it('reads a file once however often it is named, and a manifest as its cluster’s', async () => {
  const { sources, names } = await loadWith(
    { '/work/mesh.yaml': mesh('[clusters, clusters/a.yaml]'), '/work/clusters/a.yaml': service },
    ['.', 'mesh.yaml', '/work/mesh.yaml'],
  );
  expect(names).toEqual([]);
  expect(sources).toEqual(['mesh.yaml', 'east: clusters/a.yaml']);
});

it('keeps Ambit’s own documents apart when they lie among the manifests', async () => {
  const { sources } = await loadWith({
    '/work/ambit.yaml': `${project('{ intents: [intents] }')}---\n${mesh('[./]')}`,
    '/work/intents/a.yaml': intent,
    '/work/a.yaml': service,
  });
  expect(sources).toEqual(['ambit.yaml', 'intents/a.yaml', 'east: a.yaml']);
});

it('never reads its own output or hidden files as input, unless they are named', async () => {
  const files = {
    '/work/a.yaml': service,
    '/work/out/.ambit': 'east/b.yaml\n',
    '/work/out/east/b.yaml': service,
    '/work/.git/c.yaml': service,
    '/work/.hidden.yaml': service,
  };
  expect((await loadWith(files, ['.'])).sources).toEqual(['a.yaml']);
  expect((await loadWith(files, ['out', '.hidden.yaml'])).sources).toEqual(['out/east/b.yaml', '.hidden.yaml']);
});

it('reads stdin once, without its byte order mark', async () => {
  const { sources, value } = await loadWith({}, ['-', '-'], { standardInput: `\ufeff${service}` });
  expect(sources).toEqual(['stdin']);
  expect(value.sources[0]?.text).toBe(service);
});

it('says everything that is wrong in one run, each at the place that names the path', async () => {
  const { diagnostics } = await loadWith(
    {
      '/work/ambit.yaml': `${project('{ intents: [missing, empty/, pipe, ../../../x, "https://x.io/a"] }')}---\n${mesh('[clusters/none, latin.yaml]')}`,
      '/work/empty/README.md': '',
      '/work/latin.yaml': new Uint8Array([0x61, 0x0a, 0xe9, 0x0a]),
      '/work/pipe': { link: '/work/device' },
    },
    [],
    {},
  );
  expect(
    diagnostics.map(({ name, message, span }) => [name, message, span?.file.text.slice(span.start, span.end)]),
  ).toEqual([
    ['path-not-found', '`missing` does not exist', 'missing'],
    [
      'directory-without-yaml',
      '`empty/` holds nothing to read: no file that ends in .yaml, .yml or .json and is not left out',
      'empty/',
    ],
    ['path-not-found', '`pipe` does not exist', 'pipe'],
    ['path-outside-file-system', '`../../../x` climbs above the root of the file system', '../../../x'],
    ['not-a-local-path', '`https://x.io/a` is an address, and Ambit reads files only', '"https://x.io/a"'],
    ['path-not-found', '`clusters/none` does not exist', 'clusters/none'],
    ['not-utf8', '`latin.yaml` is not UTF-8 text: line 2 holds other bytes', 'latin.yaml'],
  ]);
});

it('follows links, and stops at one that leads back', async () => {
  const { sources, names } = await loadWith(
    {
      '/work/in/a.yaml': service,
      '/work/in/linked.yaml': { link: '/elsewhere/b.yaml' },
      '/work/in/loop': { link: '/work/in' },
      '/work/in/self': { link: '/work/in/self' },
      '/elsewhere/b.yaml': service,
    },
    ['in'],
  );
  expect(sources).toEqual(['in/a.yaml', 'in/linked.yaml']);
  expect(names).toEqual(['link-loop', 'link-loop']);
});

it('refuses what is neither a file nor a directory', async () => {
  const host = memoryHost();
  host.disk.nodes.set('/work/pipe.yaml', { kind: 'other' });
  const { diagnostics } = await load(host, { filename: ['pipe.yaml'] });
  expect(diagnostics.map(({ name }) => name)).toEqual(['not-a-regular-file']);
});

it('says why the system refuses a file', async () => {
  const host = memoryHost({ files: { '/work/in/a.yaml': service, '/work/in/b.yaml': service } });
  host.disk.beforeRead = (path) => {
    if (path.endsWith('a.yaml')) throw new SystemError('EACCES', path);
  };
  const { value, diagnostics } = await load(host, { filename: ['in'] });
  expect(diagnostics.map(({ message }) => message)).toEqual(['`in/a.yaml` cannot be read: permission denied']);
  expect(value.sources.map(({ path }) => path)).toEqual(['in/b.yaml']);
});

it('looks at the size of a file before it reads it', async () => {
  const host = memoryHost({ files: { '/work/big.yaml': new Uint8Array(64 * 1024 * 1024 + 1) } });
  host.disk.beforeRead = (path) => expect.fail(`read ${path}`);
  const { diagnostics } = await load(host, { filename: ['big.yaml'] });
  expect(diagnostics.map(({ message }) => message)).toEqual(['`big.yaml` is larger than 64 MiB']);
});

it('finds the project in the nearest directory above', async () => {
  const files = {
    '/work/ambit.yaml': project('{ intents: [intents] }'),
    '/work/intents/a.yaml': intent,
    '/work/deep/er/README.md': '',
  };
  const { sources, value } = await loadWith(files, [], { workingDirectory: '/work/deep/er' });
  expect(sources).toEqual(['ambit.yaml', 'intents/a.yaml']);
  expect(value.directory).toBe('/work');
});

it('leaves out what the ignore files of its directories and the project say, but nothing that is named', async () => {
  const files = {
    '/work/ambit.yaml': `${project('{ intents: [intents], exclude: [drafts/, "*.json"] }')}---\n${mesh('[clusters]')}`,
    '/work/intents/a.yaml': intent,
    '/work/intents/drafts/b.yaml': intent,
    '/work/clusters/.ambitignore': '# not ours\ncharts/\n!kept.json\n',
    '/work/clusters/a.yaml': service,
    '/work/clusters/b.json': service,
    '/work/clusters/kept.json': service,
    '/work/clusters/charts/c.yaml': service,
    '/work/clusters/node_modules/d.yaml': service,
  };
  expect((await loadWith(files)).sources).toEqual([
    'ambit.yaml',
    'intents/a.yaml',
    'east: clusters/a.yaml',
    'east: clusters/kept.json',
  ]);
  expect((await loadWith(files, ['clusters/charts', 'clusters/b.json'])).sources).toEqual([
    'clusters/charts/c.yaml',
    'clusters/b.json',
  ]);
  expect((await loadWith({ ...files, '/work/.ambitignore': 'clusters/*.yaml' }, ['clusters'])).sources).toEqual([
    'clusters/b.json',
    'clusters/kept.json',
  ]);
});

it('says what is wrong with an ignore file', async () => {
  const { diagnostics } = await loadWith(
    { '/work/in/a.yaml': service, '/work/in/.ambitignore': new Uint8Array([0xe9]) },
    ['in'],
  );
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '`in/.ambitignore` is not UTF-8 text: line 1 holds other bytes',
  ]);
});

it('skips charts and overlays that are still to be rendered, and reads what lies beside them', async () => {
  const kustomization = (fields: string) => `kind: Kustomization\n${fields}\n`;
  const { sources, diagnostics } = await loadWith(
    {
      '/work/in/chart/Chart.yaml': 'name: shop\n',
      '/work/in/chart/templates/a.yaml': '{{ range }}',
      '/work/in/overlay/kustomization.yaml': kustomization('resources: [../plain]'),
      '/work/in/patched/kustomization.yml': kustomization('namePrefix: a-\nresources: [a.yaml]'),
      '/work/in/patched/a.yaml': service,
      '/work/in/plain/kustomization.yaml': kustomization('resources: [a.yaml]'),
      '/work/in/plain/a.yaml': service,
      '/work/in/remote/Kustomization': kustomization('resources: ["https://github.com/a/b//c?ref=v1"]'),
    },
    ['in'],
  );
  expect(sources).toEqual(['in/plain/a.yaml', 'in/plain/kustomization.yaml']);
  expect(diagnostics.map(({ code, message }) => `${code} ${/`(.*?)`/.exec(message)?.[1]}`)).toEqual([
    'AMB0014 in/chart',
    'AMB0015 in/overlay',
    'AMB0015 in/patched',
    'AMB0015 in/remote',
  ]);
  const alone = await loadWith({ '/work/chart/Chart.yaml': 'name: shop\n' }, ['chart']);
  expect(alone.names).toEqual(['helm-chart', 'directory-without-yaml']);
});

it('knows a file that was named from one that lay in a directory', async () => {
  const files = { '/work/in/a.yaml': service, '/work/in/b.yaml': service };
  const { value } = await loadWith(files, ['in', 'in/b.yaml']);
  expect(value.sources.map(({ path, isGathered = false }) => [path, isGathered])).toEqual([
    ['in/a.yaml', true],
    ['in/b.yaml', false],
  ]);
});

it('needs something to read', async () => {
  expect((await loadWith({})).names).toEqual(['no-input']);
  const { diagnostics } = await load(memoryHost(), { filename: [], project: 'nowhere' });
  expect(diagnostics.map(({ name }) => name)).toEqual(['path-not-found']);
});

it('needs exactly one Project in the project file', async () => {
  expect((await loadWith({ '/work/ambit.yaml': service })).names).toEqual(['no-project']);
  expect(
    (await loadWith({ '/work/ambit.yaml': `${project()}---\n${project()}`, '/work/intents/a.yaml': intent })).names,
  ).toEqual(['several-projects']);
});
