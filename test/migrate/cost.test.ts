import { expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-code.js';
import { runCli } from '../../src/cli/run-cli.js';
import { mebibytesIn, millicoresIn } from '../../src/util/quantity.js';
import { memoryHost } from '../support/memory-host.js';
import { boutique } from './projects.js';

async function planWith(...options: readonly string[]) {
  const files = Object.fromEntries(boutique.map(({ path, text }) => [`/work/${path}`, text]));
  const host = memoryHost({ files });
  const paths = boutique.flatMap(({ path }) => ['-f', path]);
  const code = await runCli(['migrate', 'plan', ...paths, '--nodes', '2', ...options], host);
  return { code, out: host.stdout(), said: host.stderr().replace(/\s+/g, ' ') };
}

it('counts with what is assumed, and prints it', async () => {
  const { code, out } = await planWith(
    '--requests',
    '0',
    '--assume',
    'sidecar.cpu=0.05',
    '--assume',
    'waypoint.memory=1Gi',
  );
  expect(code).toBe(exitCodes.success);
  // Ten pods with sidecars; afterwards four waypoints with two pods each, and a ztunnel on each of two nodes.
  expect(out).toContain('| CPU | 500m | 1200m |');
  expect(out).toContain('| memory | 1280Mi | 9216Mi |');
  expect(out).toContain("a sidecar 50m and 128Mi, a waypoint's pod 100m and 1024Mi");
  expect(out).toContain('but for what `--assume` says: `sidecar.cpu`, `waypoint.memory`.');
});

it('rounds what is written in other units, and takes no mesh for one without a node', async () => {
  const { out } = await planWith('--assume', 'sidecar.memory=1G');
  expect(out).toContain('| memory | 9537Mi |');
  expect(out).toContain('a sidecar 100m and 954Mi,');
  const { code, said } = await planWith('--nodes', '0');
  expect(code).toBe(exitCodes.invalid);
  expect(said).toContain("argument '0' is invalid. It has to be a whole number from 1 on");
});

it('gives both sides and every assumption as JSON', async () => {
  const { out } = await planWith(
    '--output',
    'json',
    '--assume',
    'waypoint.replicas=3',
    '--assume',
    'ztunnel.load=100m',
  );
  const { costs } = JSON.parse(out);
  expect(costs.before).toMatchObject({ sidecars: 10, waypoints: 0, ztunnels: 0 });
  expect(costs.after).toMatchObject({
    sidecars: 0,
    waypoints: 12,
    ztunnels: 2,
    cpuMillicores: 12 * 100 + 2 * 200 + 200 + 250,
  });
  expect(costs.assumed).toMatchObject({
    nodes: 2,
    requests: 1000,
    'waypoint.replicas': 3,
    'ztunnel.load': 100,
    'sidecar.cpu': 100,
  });
});

it.each([
  ['sidecar.memry=1Gi', "Nothing is assumed of 'sidecar.memry': write sidecar.memory or sidecar.cpu or sidecar.load."],
  ['cpu', 'write sidecar.cpu or sidecar.memory or'],
  ['sidecar.cpu=12Mi', "'12Mi' is no amount of sidecar.cpu: write CPU, as in `100m` or `0.5`."],
  ['ztunnel.memory=', "'' is no amount of ztunnel.memory: write memory, as in `128Mi` or `1Gi`."],
  ['waypoint.replicas=0', "'0' is no amount of waypoint.replicas: write a whole number from 1 on."],
])('refuses to assume %s', async (written, problem) => {
  const { code, said } = await planWith('--assume', written);
  expect(code).toBe(exitCodes.invalid);
  expect(said).toContain('error[AMB0001]');
  expect(said).toContain(problem);
});

it('refuses two answers to one question', async () => {
  const { said } = await planWith('--assume', 'sidecar.cpu=1', '--assume', 'sidecar.cpu=2');
  expect(said).toContain('sidecar.cpu is given twice');
});

it('reads quantities as Kubernetes writes them', () => {
  expect(['100m', '0.5', '2', '1.5', 'm', '100Mi', '-1', ''].map(millicoresIn)).toEqual([
    100,
    500,
    2000,
    1500,
    ...Array(4),
  ]);
  expect(['128Mi', '1Gi', '1048576', '512Ki', '0.5Gi', '1X', 'Mi', ''].map(mebibytesIn)).toEqual([
    128,
    1024,
    1,
    0.5,
    512,
    ...Array(3),
  ]);
});
