import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHostOptions, memoryHost } from '../support/memory-host.js';

const pages = Object.fromEntries(
  readdirSync('docs/diagnostics').map((name) => [
    `/package/docs/diagnostics/${name}`,
    readFileSync(`docs/diagnostics/${name}`, 'utf8'),
  ]),
);

async function explain(subject: string, options: MemoryHostOptions = {}) {
  const host = memoryHost({ ...options, files: pages });
  const exitCode = await runCli(['explain', subject], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

/** Of prose: code stays as wide as it is written. */
const longest = (text: string) =>
  Math.max(...text.split('\n').map((line) => (line.startsWith('    ') ? 0 : line.length)));

describe('a code', () => {
  it('is explained, in any case, from its page', async () => {
    const { exitCode, stdout } = await explain('amb3007');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^AMB3007: .*\n\nWhat\n\n {2}\S/);
    expect(stdout).toContain('\nRight\n\n    ');
  });

  it('that is not known gives the one that was meant', async () => {
    const { exitCode, stderr } = await explain('AMB002');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`AMB0020`');
  });

  it('is wrapped at the width of the terminal, and coloured there', async () => {
    const piped = await explain('AMB3002');
    expect(longest(piped.stdout)).toBeLessThanOrEqual(100);
    expect(piped.stdout).not.toContain('\u001b');
    const narrow = await explain('AMB3002', { isTerminal: true, columns: 50, environment: { NO_COLOR: '1' } });
    expect(longest(narrow.stdout)).toBeLessThanOrEqual(50);
    const coloured = await explain('AMB3002', { isTerminal: true, columns: 50 });
    expect(coloured.stdout).toContain('\u001b[1m');
  });
});

describe('a law', () => {
  it('is printed with its versions, sources, how it is known, and the diagnostics that build on it', async () => {
    const { exitCode, stdout } = await explain('i-02');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^istio-traffic-topology I-02: Sidecars bypass waypoints\n/);
    expect(stdout).toContain('  Versions: 1.28 to 1.31\n');
    expect(stdout).toContain('  Confirmed: read in the code\n');
    expect(stdout).toContain('istio#51445');
    expect(stdout).toMatch(/ {2}Diagnostics that build on it: .*AMB3007/);
  });

  it.each([
    ['istio-traffic-topology I-02', ['istio-traffic-topology I-02']],
    ['istio-security §2.3', ['istio-security §2.3']],
    ['§2.3', ['istio-security §2.3']],
    ['§4.2', ['istio-security §4.2', 'istio-traffic-topology §4.2']],
    ['(istio-security §3.1, W-36)', ['istio-security §3.1', 'istio-traffic-topology W-36']],
    ['istio#37431', ['istio-traffic-topology I-09']],
  ])('is found by %j', async (subject, expected) => {
    const { stdout } = await explain(subject);
    expect(stdout.match(/^istio-\S+ \S+(?=: )/gm)).toEqual(expected);
  });

  it('stands in a document, whose contents are printed', async () => {
    const { exitCode, stdout } = await explain('istio-security');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^istio-security\n/);
    expect(stdout).toContain('  - §2.3 Policies about requests at ztunnel\n');
  });

  it.each([
    ['I-99', '`I-09`'],
    ['istio-securty §2.3', '`istio-security §2.3`'],
    ['§2.99', '`§2.1`'],
    ['istio-security I-02', '`istio-traffic-topology I-02`'],
  ])('%j is none, and what may have been meant is said', async (subject, meant) => {
    const { exitCode, stderr } = await explain(subject);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB0032');
    expect(stderr).toContain(meant);
  });
});

describe('a kind', () => {
  async function page(...subjects: readonly string[]) {
    const host = memoryHost({ files: pages });
    const exitCode = await runCli(['explain', ...subjects], host);
    return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
  }

  it('is one of those that are listed, with how much of each is modelled', async () => {
    const { exitCode, stdout } = await page('kinds');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Kinds\n/);
    expect(stdout).toMatch(
      /\n {2}- PeerAuthentication: whether plaintext is taken; 3 modelled, 1 said, 1\s+irrelevant\n/,
    );
  });

  it.each([
    ['kinds', 'VirtualService'],
    ['VirtualService'],
    ['virtualservice'],
    ['networking.istio.io/VirtualService'],
  ])('is told whole: %s %s', async (...subjects) => {
    const { exitCode, stdout } = await page(...subjects.filter((each) => each !== undefined));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^networking\.istio\.io\/VirtualService\n\n {2}For where requests to a host go\.\n/);
  });

  it('of which there are two is told twice', async () => {
    const { stdout } = await page('Gateway');
    expect(stdout.match(/^\S+\/Gateway$/gm)).toEqual([
      'networking.istio.io/Gateway',
      'gateway.networking.k8s.io/Gateway',
    ]);
  });

  it.each([
    ['EnvoyFilter.spec.configPatches[0].patch.value', '`spec.configPatches`: said (AMB5353, AMB5129)'],
    ['Pod.metadata.annotations.sidecar.istio.io/inject', 'annotation `sidecar.istio.io/inject`: modelled'],
    ['Pod.spec.dnsPolicy', '`spec.*`: irrelevant'],
    ['Telemetry.metadata.name', '`metadata.name`: modelled'],
    ['istio.io/dry-run', 'annotation `istio.io/dry-run`: modelled'],
  ])('has the field %s', async (question, expected) => {
    const { exitCode, stdout } = await page(question);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`- ${expected}`);
  });

  it('of many that say one thing of a label is named with them', async () => {
    const { stdout } = await page('istio.io/rev');
    expect(stdout).toMatch(/^label `istio\.io\/rev` of AuthorizationPolicy, PeerAuthentication, /);
  });

  it.each([
    [['VirtualService.spec.htp'], '`VirtualService.spec.'],
    [['kinds', 'VirtualServise'], '`VirtualService`'],
  ])('%j is none, and what may have been meant is said', async (subjects, meant) => {
    const { exitCode, stderr } = await page(...subjects);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB0032');
    expect(stderr).toContain(meant);
  });

  it('is the only thing that follows another word', async () => {
    const { exitCode, stderr } = await page('I-02', 'VirtualService');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMB0001');
  });
});
