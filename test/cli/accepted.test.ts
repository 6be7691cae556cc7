import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHost, memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const golden = (path: string) => readFileSync(new URL(`../../golden/${path}`, import.meta.url), 'utf8');
const manifests = golden('lint/denial-of-a-path-at-ztunnel/manifests.yaml');

async function run(argv: readonly string[], host: MemoryHost) {
  const exitCode = await runCli(argv, host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

const verifying = ['verify', '-f', 'manifests.yaml'];
const host = (files: Readonly<Record<string, string>> = {}) =>
  memoryHost({ files: { '/work/manifests.yaml': manifests, ...files } });

describe('a baseline', () => {
  /** The text of a baseline of the manifests. */
  async function written(files: Readonly<Record<string, string>> = {}): Promise<string> {
    const writing = host(files);
    const { exitCode, stderr } = await run([...verifying, '--write-baseline', 'known/findings.yaml'], writing);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: 'wrote 2 findings to known/findings.yaml: name it with `--baseline` from now on\n',
    });
    return String(writing.disk.tree('/work/known')['findings.yaml']);
  }

  it('lists what is found, so that only the rest is reported', async () => {
    const baseline = await written();
    const files = { '/work/findings.yaml': baseline };
    expect(await run([...verifying, '--baseline', 'findings.yaml'], host(files))).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^nothing found but what is accepted \(2\)\nlooked at {2}/),
      stderr: '2 accepted (`ambit explain accepted -f manifests.yaml --baseline findings.yaml`)\n',
    });
    const more = manifests.replace('paths: [/admin*]', 'paths: [/admin*, /root]');
    const changed = await run(
      [...verifying, '--baseline', 'findings.yaml'],
      host({ ...files, '/work/manifests.yaml': more }),
    );
    expect(changed.exitCode).toBe(1);
    expect(changed.stderr).toContain('warning[AMB5301]');
    expect(changed.stderr).toContain('warning[AMB0044]: no longer found: one finding of this baseline');
  });

  it('is the same text for the same findings, wherever they stand', async () => {
    expect(await written({ '/work/manifests.yaml': `# moved\n\n${manifests}` })).toBe(await written());
  });

  it('keeps what a person added to it', async () => {
    const head = '  until: "2099-01-31"\n  reason: "they go"\n  owner: platform\n  findings:\n';
    const edited = (await written()).replace('  findings:\n', head).replace('name: findings', 'name: legacy');
    const again = await written({ '/work/known/findings.yaml': edited });
    expect(again).toBe(edited);
  });

  it('ends on its last day, once for all that it lists', async () => {
    const ended = (await written()).replace('  findings:\n', '  until: "2020-01-31"\n  findings:\n');
    const { exitCode, stderr } = await run(
      [...verifying, '--baseline', 'findings.yaml'],
      host({ '/work/findings.yaml': ended }),
    );
    expect(exitCode).toBe(2);
    expect(stderr.match(/AMB2026\]/g)).toHaveLength(1);
    expect(stderr).toContain('error[AMB2026]: this baseline was accepted until 2020-01-31, and is no longer');
    expect(stderr).toContain('warning[AMB5301]');
  });

  it('can be one of the inputs, and then counts once', async () => {
    const files = { '/work/manifests.yaml': manifests, '/work/findings.yaml': await written() };
    const { exitCode, stderr } = await run(['verify', '-f', '.', '--baseline', 'findings.yaml'], memoryHost({ files }));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: '2 accepted (`ambit explain accepted -f . --baseline findings.yaml`)\n',
    });
  });

  it.each([
    ['--baseline', 'manifests.yaml', 'error[AMB0045]: `manifests.yaml` holds no document of kind `Baseline`'],
    ['--write-baseline', 'manifests.yaml', 'error[AMB0045]: `manifests.yaml` holds no document of kind `Baseline`'],
    ['--baseline', 'none.yaml', 'error[AMB0003]: `none.yaml` does not exist'],
  ])('%s %s is refused', async (option, path, message) => {
    const refusing = host();
    const { exitCode, stderr } = await run([...verifying, option, path], refusing);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(refusing.disk.tree('/work')['manifests.yaml']).toBe(manifests);
  });

  it('lists no more than is asked for', async () => {
    const writing = host();
    const { stderr } = await run([...verifying, '--min-severity', 'warning', '--write-baseline', 'few.yaml'], writing);
    expect(stderr).toBe('wrote one finding to few.yaml: name it with `--baseline` from now on\n');
    expect(String(writing.disk.tree('/work')['few.yaml'])).not.toContain('AMB2036');
  });

  it('is not written where the input is not valid', async () => {
    const broken = host({ '/work/manifests.yaml': `${manifests}---\nkind: [\n` });
    const { exitCode } = await run([...verifying, '--write-baseline', 'findings.yaml'], broken);
    expect(exitCode).toBe(2);
    expect(Object.keys(broken.disk.tree('/work'))).toEqual(['manifests.yaml']);
  });

  it('is checked as every document is', async () => {
    const bad = (await written()).replace(/fingerprint: .*/, 'fingerprint: line-12');
    const { exitCode, stderr } = await run(
      [...verifying, '--baseline', 'findings.yaml'],
      host({ '/work/findings.yaml': bad }),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[AMB1056]: `line-12` is not a valid `spec.findings[0].fingerprint`');
  });
});

describe('--min-severity', () => {
  it.each([
    ['info', 1, '1 warning, 1 remark\n'],
    ['warning', 1, '1 warning, 1 below `--min-severity`\n'],
    ['error', 0, '2 below `--min-severity`\n'],
  ])('%s shows and counts from there on', async (severity, exitCode, summary) => {
    const answer = await run([...verifying, '--min-severity', severity], host());
    expect(answer.exitCode).toBe(exitCode);
    expect(answer.stderr.endsWith(summary)).toBe(true);
  });
});

describe('--deny-warnings', () => {
  const folder = 'diagnostics/AMB3019-strict-cuts-off';
  const compiling = ['compile', '-f', '.', '--stdout', '--deny-warnings'];
  const intents = golden(`${folder}/intents.yaml`);
  const files = (text: string) => ({
    '/work/intents.yaml': text,
    '/work/manifests.yaml': golden(`${folder}/manifests.yaml`),
  });

  it('stops at a warning that nobody accepted', async () => {
    const { exitCode, stdout, stderr } = await run(compiling, memoryHost({ files: files(intents) }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('AMB3019');
    expect(stderr).toContain(
      'nothing is written while a warning is neither mended nor accepted: `# ambit: accept AMB3019',
    );
  });

  const term = 'until: 2099-01-31, reason: they move';
  it.each([
    ['the intent', intents.replace('mode: Strict }', `mode: Strict, accept: [{ code: AMB3019, ${term} }] }`)],
    ['a comment', `# ambit: accept AMB3019 until 2099-01-31 because they move\n${intents}`],
  ])('passes once %s accepts it', async (_, text) => {
    expect(text).not.toBe(intents);
    const { exitCode, stdout, stderr } = await run(compiling, memoryHost({ files: files(text) }));
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('kind: PeerAuthentication');
    expect(stderr).toMatch(/1 remark, 1 accepted \(`ambit explain accepted .*`\)\n1 workload proved \(\d+ ways in\)/);
  });
});

describe('ambit explain accepted', () => {
  const acceptances = `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: shop }
spec:
  intents: [intents/]
  accept:
    - { code: AMB5301, namespace: shop, until: 2099-01-31, reason: the waypoint comes, owner: platform }
    - { code: AMB5302, object: AuthorizationPolicy/shop/no-admin, until: 2099-01-31, reason: nobody knows }
    - { code: AMB5303, until: 2020-01-31, reason: it was urgent }
    - { code: AMB5005, until: 2099-01-31, reason: that proxy is ours }
`;

  it('lists what is accepted, where, why, until when, and what it covers', async () => {
    const listing = host({ '/work/ambit.yaml': acceptances });
    const { exitCode, stdout, stderr } = await run(['explain', 'accepted', '-f', '.'], listing);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`AMB5301 in namespace shop, until 2099-01-31
  the waypoint comes (platform)
  in the project file, ambit.yaml:7
  covers 1 now
    manifests.yaml:70: \`shop/no-admin\` denies nothing at ztunnel, which cannot see this

AMB5302 in AuthorizationPolicy/shop/no-admin, until 2099-01-31
  nobody knows
  in the project file, ambit.yaml:8
  covers nothing: it does not occur

AMB5303 everywhere, until 2020-01-31
  it was urgent
  in the project file, ambit.yaml:9
  has ended, and covers nothing

AMB5005 everywhere, until 2099-01-31
  that proxy is ours
  in the project file, ambit.yaml:10
  is not asked about here: nothing looked for it

4 acceptances, covering 1 finding or gap now
`);
  });

  it('lists the gaps of intents too', async () => {
    const folder = 'diagnostics/AMB3024-accepted';
    const files = {
      '/work/intents.yaml': golden(`${folder}/intents.yaml`).replaceAll(/20\d\d-\d\d-\d\d/g, '2099-01-31'),
      '/work/manifests.yaml': golden(`${folder}/manifests.yaml`),
    };
    const { stdout } = await run(['explain', 'accepted', '-f', '.'], memoryHost({ files }));
    expect(stdout).toContain('sidecarCallers, until 2099-01-31\n');
    expect(stdout).toContain('in an intent, intents.yaml:');
    expect(stdout).toMatch(
      /covers 1 now\n {4}payments\/charges: .* reaches the pods without its requests being read\n/,
    );
  });

  it('says that nothing is', async () => {
    const { stdout } = await run(['explain', 'accepted', '-f', 'manifests.yaml'], host());
    expect(stdout).toBe('nothing is accepted\n');
  });
});

describe('what is said while files are read', () => {
  const files = smallProject('/work');
  const project = files['/work/ambit.yaml'] ?? '';
  const chart = { ...files, '/work/clusters/east/chart/Chart.yaml': 'name: chart\n' };

  it('is accepted where the files are named', async () => {
    const { exitCode, stderr } = await run(['compile', '--deny-warnings'], memoryHost({ files: chart }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('AMB0014');
    const comment = '# ambit: accept AMB0014 until 2099-01-31 because it is rendered elsewhere';
    const text = project.replace('manifests: [clusters/east/]', `manifests: [clusters/east/] ${comment}`);
    const accepting = await run(
      ['compile', '--deny-warnings'],
      memoryHost({ files: { ...chart, '/work/ambit.yaml': text } }),
    );
    expect(accepting.exitCode, accepting.stderr).toBe(0);
    expect(accepting.stderr).toContain('1 accepted (`ambit explain accepted`)');
  });
});

describe('a guardrail that is not proved for everybody', () => {
  const folder = 'policy-tests/AMB5204-other-clusters';
  const mesh = golden(`${folder}/mesh.yaml`).replaceAll(
    /- name: (.*)/g,
    '- { name: $1, manifests: [manifests/$1.yaml] }',
  );
  const guarded = golden(`${folder}/intents.yaml`);
  const comment = '# ambit: accept AMB5204 until 2099-01-31 because east is checked by itself';
  const files = (intents: string) => ({
    '/work/intents.yaml': intents,
    '/work/mesh.yaml': mesh,
    '/work/manifests/east.yaml': golden(`${folder}/manifests/east.yaml`),
    '/work/manifests/west.yaml': golden(`${folder}/manifests/west.yaml`),
  });
  const testing = ['test', '-f', 'intents.yaml', '-f', 'mesh.yaml', '-o', 'json'];
  const leftOut = async (intents: string) => {
    const { stdout } = await run(testing, memoryHost({ files: files(intents) }));
    const { tests } = JSON.parse(stdout);
    return tests.map((test: { leavesOut: unknown; accepted: unknown }) => [test.leavesOut, test.accepted]);
  };

  it('says who accepts that, where somebody does', async () => {
    expect(await leftOut(guarded)).toEqual([
      ['callers in other clusters', null],
      [null, null],
    ]);
    const accepting = guarded.replace(
      '    - name: ops-reaches-payments #',
      `    ${comment}\n    - name: ops-reaches-payments #`,
    );
    expect(await leftOut(accepting)).toEqual([
      ['callers in other clusters', { until: '2099-01-31', reason: 'east is checked by itself', owner: null }],
      [null, null],
    ]);
  });
});

describe('what is accepted in JSON', () => {
  it('stands beside the diagnostics, with its acceptance', async () => {
    const mark = '# ambit: accept AMB5301 until 2099-01-31 by platform because the waypoint comes';
    const commented = host({ '/work/manifests.yaml': manifests.replace('  rules:', `  ${mark}\n  rules:`) });
    const { exitCode, stdout } = await run([...verifying, '-o', 'json'], commented);
    const answer = JSON.parse(stdout);
    expect({ exitCode, warnings: answer.warnings }).toEqual({ exitCode: 0, warnings: 0 });
    expect(answer.accepted).toMatchObject([
      {
        code: 'AMB5301',
        file: 'manifests.yaml',
        acceptance: {
          what: 'AMB5301',
          until: '2099-01-31',
          reason: 'the waypoint comes',
          owner: 'platform',
          writtenIn: 'comment',
          file: 'manifests.yaml',
        },
      },
    ]);
  });
});
