import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHost, type MemoryHostOptions, memoryHost } from '../support/memory-host.js';
import { unwrapped } from '../support/page.js';
import { smallProject } from '../support/projects.js';

const packageFiles = {
  '/package/schemas/ambit.schema.json': readFileSync('schemas/ambit.schema.json', 'utf8'),
};

function projectHost(options: MemoryHostOptions = {}): MemoryHost {
  return memoryHost({ ...options, files: { ...packageFiles, ...smallProject('/work'), ...options.files } });
}

async function run(argv: readonly string[], host: MemoryHost = projectHost()) {
  const exitCode = await runCli(argv, host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

it('compiles the project into its output directory', async () => {
  const host = projectHost();
  const { exitCode, stdout, stderr } = await run(['compile'], host);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toMatch(/\nwrote out: \d+ added\n2 workloads proved \(\d+ ways in\), nothing undecided\n$/);
  const written = Object.keys(host.disk.tree('/work/out'));
  expect(written).toContain('.ambit');
  expect(written.some((path) => path.startsWith('east/20-policies/'))).toBe(true);
});

it('writes the same bytes whatever directory it runs in', async () => {
  const here = projectHost();
  const elsewhere = projectHost({ workingDirectory: '/elsewhere' });
  await run(['compile'], here);
  expect((await run(['compile', '--project', '../work'], elsewhere)).exitCode).toBe(0);
  expect(elsewhere.disk.tree('/work/out')).toEqual(here.disk.tree('/work/out'));
});

it('prints one stream when no output is named, or one is asked for', async () => {
  const bare = memoryHost({ files: smallProject('/work', 'intents: [intents/]') });
  const { exitCode, stdout } = await run(['compile'], bare);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('kind: AuthorizationPolicy\n');
  const host = projectHost();
  expect((await run(['compile', '--stdout'], host)).stdout).toBe(stdout);
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('prints a List as JSON', async () => {
  const { exitCode, stdout } = await run(['compile', '-o', 'json']);
  expect(exitCode).toBe(0);
  const list = JSON.parse(stdout);
  expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' });
  expect(list.items.map(({ kind }: { kind: string }) => kind)).toContain('AuthorizationPolicy');
});

it('reads files that are named, and writes where it is told', async () => {
  const host = projectHost();
  const { exitCode } = await run(
    ['compile', '-f', 'intents', '-f', 'ambit.yaml', '--output-dir', 'elsewhere/tree'],
    host,
  );
  expect(exitCode).toBe(0);
  expect(Object.keys(host.disk.tree('/work/elsewhere/tree'))).toContain('.ambit');
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('checks without writing: a diff and exit 1 when stale, silence and exit 0 when current', async () => {
  const host = projectHost();
  const stale = await run(['compile', '--check'], host);
  expect(stale.exitCode).toBe(1);
  expect(stale.stdout).toMatch(/^--- \/dev\/null\n\+\+\+ b\/out\/east\//m);
  expect(host.disk.nodes.has('/work/out')).toBe(false);
  await run(['compile'], host);
  const current = memoryHost({ disk: host.disk });
  expect(await run(['compile', '--check'], current)).toMatchObject({ exitCode: 0, stdout: '' });
});

it('says what it proved, and which objects it changes', async () => {
  const host = projectHost();
  const first = await run(['compile'], host);
  expect(first.stderr).toMatch(/\n2 workloads proved \(\d+ ways in\), nothing undecided\n$/);
  expect(first.stderr).toMatch(/^cluster east\n {2}shop\n {4}\+ AuthorizationPolicies {2,}default-deny, /m);
  expect(first.stderr).toContain('! namespace shop: what no rule allows is denied, in east\n');
  const again = memoryHost({ disk: host.disk });
  expect((await run(['compile'], again)).stderr).toMatch(
    /^out is up to date: \d+ unchanged\n2 workloads proved \(\d+ ways in\), nothing undecided\n$/,
  );
});

it('counts a file of which only a comment changes as what it is', async () => {
  const host = projectHost();
  await run(['compile'], host);
  const moved = memoryHost({ disk: host.disk });
  moved.disk.files.write('/work/intents/shop.yaml', `# moved\n${smallProject('/work')['/work/intents/shop.yaml']}`);
  const { stderr } = await run(['compile'], moved);
  expect(stderr).toMatch(/~ AuthorizationPolicies \(comments only\)/);
  expect(stderr).toMatch(/\nwrote out: \d+ changed in comments only\n2 workloads proved/);
});

it('says in a check what would change, for people and as JSON', async () => {
  const host = projectHost();
  await run(['compile'], host);
  const [edited] = Object.keys(host.disk.tree('/work/out')).filter((path) => path.includes('payments-allow'));
  host.disk.files.write(`/work/out/${edited}`, 'kind: AuthorizationPolicy\n');
  const check = (...options: string[]) => run(['compile', '--check', ...options], memoryHost({ disk: host.disk }));
  const told = await check();
  expect(told.exitCode).toBe(1);
  expect(told.stderr).toMatch(/\n {4}~ AuthorizationPolicy {2,}payments-allow\n/);
  expect(told.stderr).toMatch(/\nout is stale: 1 changed, \d+ unchanged; run `ambit compile`\n2 workloads proved/);
  const { exitCode, stdout } = await check('-o', 'json');
  expect(exitCode).toBe(1);
  const { upToDate, objects, proof } = JSON.parse(stdout);
  expect({ upToDate, proved: proof.proved }).toEqual({ upToDate: false, proved: true });
  expect(objects.filter(({ change }: { change: string }) => change !== 'unchanged')).toMatchObject([
    { change: 'changed', commentsOnly: false, file: edited, namespace: 'shop', name: 'payments-allow' },
  ]);
});

it('says nothing of what went well when it is told to be quiet', async () => {
  expect((await run(['compile', '-q'])).stderr).toBe('');
  expect((await run(['--quiet', 'compile', '--deny-warnings', '-f', 'nowhere'])).stderr).toMatch(/^error\[AMB0003\]/);
});

it('paints the diff of a check where a terminal shows it', async () => {
  const painted = await run(['compile', '--check'], projectHost({ isTerminal: true }));
  expect(painted.stdout).toContain('\u001b[32m+kind: AuthorizationPolicy\u001b[39m');
});

it('reports foreign files in a check', async () => {
  const host = projectHost();
  await run(['compile'], host);
  host.files.write('/work/out/mine.yaml', 'kind: Mine\n');
  const check = await run(['compile', '--check', '--diagnostics', 'json'], memoryHost({ disk: host.disk }));
  expect(check.exitCode).toBe(2);
  expect(JSON.parse(check.stderr).diagnostics).toMatchObject([{ name: 'output-foreign' }]);
});

it('writes a kustomization into each directory below the root', async () => {
  const host = projectHost();
  expect((await run(['compile', '--kustomize'], host)).exitCode).toBe(0);
  const tree = host.disk.tree('/work/out');
  expect(tree['east/kustomization.yaml']).toContain('\nresources:\n');
  expect(tree['east/20-policies/kustomization.yaml']).toContain('- authorizationpolicy.');
  expect(tree).not.toHaveProperty('kustomization.yaml');
});

it('writes a source map', async () => {
  const host = projectHost();
  expect((await run(['compile', '--source-map', 'maps/out.json'], host)).exitCode).toBe(0);
  const { objects } = JSON.parse(host.disk.tree('/work/maps')['out.json'] ?? '');
  const { file, intents } = objects.find(({ name }: { name: string }) => name === 'payments-allow');
  expect(host.disk.tree('/work/out')).toHaveProperty([file]);
  expect(intents).toContainEqual({ id: 'shop/checkout-pays', file: 'intents/shop.yaml', line: 10 });
});

it('lets warnings pass, and answers no to them when they are denied', async () => {
  const lonely =
    'apiVersion: v1\nkind: Service\nmetadata: { name: lonely, namespace: shop }\nspec: { selector: { app: nobody }, ports: [{ port: 80 }] }\n';
  const files = { '/work/clusters/east/lonely.yaml': lonely };
  const passed = await run(['compile'], projectHost({ files }));
  expect(passed.exitCode).toBe(0);
  expect(passed.stderr).toMatch(/^warning\[AMB25/m);
  const host = projectHost({ files });
  expect((await run(['compile', '--deny-warnings'], host)).exitCode).toBe(1);
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('answers 3 when the topology cannot enforce an intent, and writes nothing', async () => {
  const files = smallProject('/work');
  const host = projectHost({
    files: {
      '/work/intents/shop.yaml': (files['/work/intents/shop.yaml'] ?? '').replace(
        'port: http',
        'port: http, methods: [GET]',
      ),
      '/work/clusters/east/shop.yaml': (files['/work/clusters/east/shop.yaml'] ?? '').replace(
        'metadata: { labels: { app: checkout } }',
        'metadata: { labels: { app: checkout, sidecar.istio.io/inject: "true" } }',
      ),
    },
  });
  const { exitCode, stdout, stderr } = await run(['compile'], host);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toMatch(/^error\[AMB3/m);
  expect(stderr).toContain('= witness: ');
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('prints the objects of one cluster alone', async () => {
  const project = smallProject('/work')['/work/ambit.yaml'] ?? '';
  const two = project.replace(/( +- name: )east(\n.*\n)/, '$&$1west$2');
  const objects = async (...argv: readonly string[]) => {
    const { stdout } = await run(
      ['compile', '-o', 'json', ...argv],
      projectHost({ files: { '/work/ambit.yaml': two } }),
    );
    return JSON.parse(stdout).items;
  };
  const east = await objects('--cluster', 'east');
  expect(east.length).toBeGreaterThan(0);
  expect(await objects()).toEqual([...east, ...east]);
});

it('prints diagnostics with paths that a reader can open from where they stand', async () => {
  const host = projectHost({ workingDirectory: '/elsewhere', files: { '/work/intents/broken.yaml': 'kind: [\n' } });
  const { exitCode, stderr, stdout } = await run(['compile', '--project', '/work'], host);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('--> ../work/intents/broken.yaml:');
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('prints nothing but one JSON document on stderr with --diagnostics json', async () => {
  for (const argv of [['compile'], ['compile', '--nonsense'], ['compile', '--project', 'nowhere'], ['topology']]) {
    const { stderr } = await run([...argv, '--diagnostics', 'json']);
    expect(JSON.parse(stderr)).toHaveProperty('diagnostics');
  }
});

it.each([
  [['nonsense'], /unknown command/],
  [['compile', '--nonsense'], /unknown option '--nonsense'/],
  [['compile', '--emit', 'everything'], /Allowed choices are ast, ir, placed/],
  [['compile', '-f'], /argument missing/],
  [['compile', '-f', 'x', '--project', 'y'], /cannot be used with/],
  [['compile', '-o', 'json', '--output-dir', 'x'], /cannot be used with/],
  [['compile', '--check', '--stdout'], /cannot be used with/],
  [['compile', '--cluster', 'east'], /needs `--stdout` or `-o`/],
  [['compile', '--stdout', '--cluster', 'west'], /there is no cluster `west`; known are `east`/],
  [['compile', '--check', '--source-map', 'x'], /cannot be used with/],
  [['compile', '--check', '--emit', 'ir'], /cannot be used with `--check`/],
  [['compile', '--emit', 'ir', '-o', 'json'], /cannot be used with `-o`/],
  [['compile', '--stdout', '--kustomize'], /cannot be used with/],
  [['compile', '--check', '-f', 'intents', '-f', 'ambit.yaml'], /needs a directory/],
  [['compile', '--stats', '--diagnostics', 'json'], /cannot be used with/],
  [['explain'], /name what is to be explained/],
  [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
  [['init', 'a', 'b'], /too many arguments/],
])('answers bad usage with exit code 2: %j', async (argv, message) => {
  const { exitCode, stdout, stderr } = await run(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(unwrapped(stderr)).toMatch(message);
  expect(stderr).toMatch(/^error\[AMB0001\]: |"code": "AMB0001"/);
});

it('suggests the command that was meant', async () => {
  expect((await run(['compil'])).stderr).toContain('= help: did you mean compile?');
});

it('shows help on stdout when asked, and on stderr with exit code 2 when nothing was asked', async () => {
  const asked = await run(['--help']);
  expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
  expect(asked.stdout).toContain('Exit codes:');
  const nothing = await run([]);
  expect(nothing).toMatchObject({ exitCode: 2, stdout: '' });
  expect(nothing.stderr).toBe(asked.stdout);
});

it.each(['compile', 'topology', 'explain', 'init', 'schema', 'completion'])(
  'shows examples in the help of %s',
  async (command) => {
    const { exitCode, stdout } = await run([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\n {2}.*ambit ${command}`));
  },
);

it('answers the version', async () => {
  expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.0.0-test\n' });
});

it.each(['shop/checkout-pays', 'AuthorizationPolicy/shop/payments-allow'])(
  'explains %s from the project',
  async (subject) => {
    const { exitCode, stdout } = await run(['explain', subject]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('shop/checkout-pays (intents/shop.yaml:10)');
    expect(stdout).toContain('AuthorizationPolicy/shop/payments-allow');
  },
);

it('does not know a subject that is in no project', async () => {
  const { exitCode, stderr } = await run(['explain', 'AuthorizationPolicy/shop/nothing']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('AMB0032');
});

it.each([
  ['a misspelt rule', 'shop/checkout-pay', '`shop/checkout-pays`'],
  ['a rule without its settings', 'checkout-pays', '`shop/checkout-pays`'],
  ['an object without its kind', 'shop/payments-allow', '`AuthorizationPolicy/shop/payments-allow`'],
  ['a misspelt object', 'AuthorizationPolicy/shop/payment-allow', '`AuthorizationPolicy/shop/payments-allow`'],
])('suggests what %s may mean', async (_, subject, meant) => {
  const { exitCode, stderr } = await run(['explain', subject]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`did you mean ${meant}`);
});

it('prints the schema, or writes it', async () => {
  const host = projectHost();
  const { stdout } = await run(['schema'], host);
  expect(stdout).toBe(packageFiles['/package/schemas/ambit.schema.json']);
  expect((await run(['schema', '--output-dir', 'schemas'], host)).exitCode).toBe(0);
  expect(host.disk.tree('/work/schemas')).toEqual({ 'ambit.schema.json': stdout });
});

it('shows the topology', async () => {
  const human = await run(['topology']);
  expect(human.exitCode).toBe(0);
  expect(human.stdout).toContain('checkout');
  const json = await run(['topology', '-o', 'json']);
  expect(JSON.stringify(JSON.parse(json.stdout))).toContain('"checkout"');
});

it('answers no to findings in the topology that are errors, and calls unreadable input invalid', async () => {
  const service = (port: number) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: twice, namespace: shop }\nspec: { ports: [{ port: ${port} }] }\n`;
  const contradiction = { '/work/clusters/east/twice.yaml': `${service(1)}---\n${service(2)}` };
  expect((await run(['topology'], projectHost({ files: contradiction }))).exitCode).toBe(1);
  const broken = await run(['topology'], projectHost({ files: { '/work/clusters/east/broken.yaml': 'kind: [\n' } }));
  expect(broken.exitCode).toBe(2);
  expect(broken.stderr).toContain('clusters/east/broken.yaml');
});

it.each(['ast', 'ir', 'placed'])('prints the inner state %s and writes nothing', async (stage) => {
  const host = projectHost();
  const { exitCode, stdout } = await run(['compile', '--emit', stage], host);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('checkout-pays');
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('measures its stages and traces its passes on stderr', async () => {
  const { exitCode, stderr } = await run(['compile', '--stats', '--trace-passes']);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^compile +\d+ ms$/m);
  expect(stderr).toMatch(/^sources +3$/m);
  expect(stderr).toMatch(/^--- normalize$/m);
});

it('colours diagnostics on a terminal, unless told otherwise', async () => {
  const startOfColour = '\u001b[';
  const coloured = async (options: MemoryHostOptions, ...flags: string[]) =>
    (await run(['compile', '--project', 'nowhere', ...flags], memoryHost(options))).stderr.includes(startOfColour);
  expect(await coloured({ isTerminal: true })).toBe(true);
  expect(await coloured({ isTerminal: false })).toBe(false);
  expect(await coloured({ isTerminal: true }, '--no-color')).toBe(false);
  expect(await coloured({ isTerminal: true, environment: { NO_COLOR: '1' } })).toBe(false);
  expect(await coloured({ isTerminal: true, environment: { NO_COLOR: '' } })).toBe(true);
  expect(await coloured({ isTerminal: true, environment: { TERM: 'dumb' } })).toBe(false);
  expect(await coloured({ environment: { FORCE_COLOR: '1' } })).toBe(true);
  expect(await coloured({ environment: { FORCE_COLOR: '1', NO_COLOR: '1' } })).toBe(false);
});

it('writes and checks nothing for a project that is written by another version', async () => {
  const pinned = (version: string) =>
    smallProject('/work', `intents: [intents/]\n  output: out/\n  ambitVersion: ${version}`);
  const own = memoryHost({ files: pinned('0.0.0-test') });
  expect((await run(['compile'], own)).exitCode).toBe(0);
  expect((await run(['compile', '--check'], own)).exitCode).toBe(0);
  for (const argv of [['compile'], ['compile', '--check']]) {
    const other = memoryHost({ files: pinned('0.0.9') });
    const { exitCode, stderr } = await run(argv, other);
    expect(exitCode).toBe(2);
    expect(unwrapped(stderr)).toContain(
      'error[AMB0017]: this is Ambit 0.0.0-test, and the project is written by Ambit 0.0.9',
    );
    expect(stderr).toContain('ambit.yaml:8:17');
    expect(other.disk.nodes.has('/work/out')).toBe(false);
  }
});

it('says of a version that is none what one looks like', async () => {
  const host = memoryHost({ files: smallProject('/work', 'intents: [intents/]\n  ambitVersion: latest') });
  const { exitCode, stderr } = await run(['compile', '--stdout'], host);
  expect(exitCode).toBe(2);
  expect(unwrapped(stderr)).toContain('the version of Ambit that writes the output, such as `1.2.3`');
});
