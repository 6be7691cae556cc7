import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import type { Source } from '../../src/pipeline.js';
import { writtenByHand } from '../adopt/by-hand.js';
import { boutique, circle, handWritten } from '../migrate/projects.js';
import { memoryHost } from '../support/memory-host.js';

function hostWith(sources: readonly Source[]) {
  return memoryHost({ files: Object.fromEntries(sources.map(({ path, text }) => [`/work/mesh/${path}`, text])) });
}

const small = boutique.filter(({ path }) => /mesh|store|carts/.test(path));

it('finds nothing in the way of a mesh that is ready, and counts what it looked at', async () => {
  const host = hostWith(boutique);
  expect(await runCli(['migrate', 'check', '-f', 'mesh'], host), host.stderr()).toBe(0);
  expect(host.stdout()).toBe('nothing stands in the way of 5 workloads with sidecars in 5 namespaces\n');
});

it('answers no where something stands in the way, and refuses names that nothing has', async () => {
  const deaf = boutique.map((each) => ({ ...each, text: each.text.replace(', sidecarsListenHbone: true', '') }));
  const host = hostWith(deaf);
  expect(await runCli(['migrate', 'check', '-f', 'mesh', '-n', 'carts', '-o', 'json'], host)).toBe(1);
  expect(JSON.parse(host.stdout()).diagnostics.map(({ code }: { code: string }) => code)).toEqual(['AMB7124']);
  expect(await runCli(['migrate', 'check', '-f', 'mesh', '-n', 'cart'], hostWith(deaf))).toBe(2);
});

it('writes a plan: a directory for each phase, and a page that says what to type', async () => {
  const host = hostWith(small);
  const code = await runCli(['migrate', 'plan', '-f', 'mesh', '--output-dir', 'plan', '--nodes', '3'], host);
  expect(code, host.stderr()).toBe(0);
  const tree = Object.keys(host.disk.tree('/work/plan'));
  expect(tree).toContain('plan.md');
  expect(tree).toContain('01-labels/east/namespace.store.yaml');
  const page = String(host.disk.tree('/work/plan')['plan.md']);
  expect(page).toContain('kubectl patch namespace store --type merge --patch-file 01-labels/east/namespace.store.yaml');
  expect(page).toContain('kubectl rollout restart deployment/carts --namespace carts');
  expect(page).toContain('| ztunnels | 0 | 3 |');
});

it('says on the page of a plan what the check finds and has to be mended first', async () => {
  const deaf = small.map((each) => ({ ...each, text: each.text.replace(', sidecarsListenHbone: true', '') }));
  const pageOf = async (sources: readonly Source[]) => {
    const host = hostWith(sources);
    expect(await runCli(['migrate', 'plan', '-f', 'mesh'], host), host.stderr()).toBe(0);
    return host.stdout();
  };
  const found = `stands in the way. Now it does, and this is mended first:
  - AMB7124: the sidecar of \`carts/carts\``;
  expect(await pageOf(deaf)).toContain(found);
  expect(await pageOf(small)).toContain('- `ambit migrate check` finds nothing that stands in the way.\n');
});

it('writes nothing while a gap is accepted by nobody, and the plan once somebody does', async () => {
  const open = hostWith(circle(false));
  expect(await runCli(['migrate', 'plan', '-f', 'mesh', '--output-dir', 'plan'], open)).toBe(3);
  expect(open.stderr()).toContain('warning[AMB7132]');
  expect(open.disk.tree('/work/plan')).toEqual({});
  const accepted = hostWith(circle(true));
  expect(await runCli(['migrate', 'plan', '-f', 'mesh', '--output-dir', 'plan'], accepted), accepted.stderr()).toBe(0);
  expect(String(accepted.disk.tree('/work/plan')['plan.md'])).toContain('AMB7132');
});

it('imports what policies say where nobody wrote intents, and says that these take over first', async () => {
  const host = hostWith(handWritten.toys);
  expect(await runCli(['migrate', 'plan', '-f', 'mesh', '--output-dir', 'plan'], host), host.stderr()).toBe(0);
  const tree = host.disk.tree('/work/plan');
  expect(Object.keys(tree)).toEqual(expect.arrayContaining(['intents/money.yaml', 'intents/HANDOVER.md']));
  expect(String(tree['plan.md'])).toContain('(19 rules: 19 said, 0 said with another, 0 without effect, 0 left)');
  expect(String(tree['intents/money.yaml'])).toContain('paths: [/money.Charges/Refund]');
});

it('writes no plan where nothing is to be moved', async () => {
  const host = hostWith(small);
  expect(await runCli(['migrate', 'plan', '-f', 'mesh', '--to', 'sidecar', '--output-dir', 'plan'], host)).toBe(0);
  expect(host.stdout()).toBe('no workload that is meant is ambient: there is nothing to move\n');
  expect(host.disk.tree('/work/plan')).toEqual({});
});

it.each(['check', 'plan'])(
  'says in a %s of which namespaces nobody knows whether their pods are in the mesh',
  async (command) => {
    const unknown = handWritten.toys.map(({ path, text }) => {
      const documents = text.split(/^---\n/m);
      return { path, text: documents.filter((each) => !/^kind: Namespace$/m.test(each)).join('---\n') };
    });
    const host = hostWith(unknown);
    expect(await runCli(['migrate', command, '-f', 'mesh'], host), host.stderr()).toBe(0);
    expect(host.stdout()).toMatch(/^no workload .*has a sidecar: there is nothing to move\n$/);
    expect(host.stderr()).toContain('warning[AMB2523]: namespace `money` has workloads but no manifest');
  },
);

it('says where a gap is accepted that intents have which nobody has written yet', async () => {
  const host = hostWith(writtenByHand(circle(false), '2026-06-01'));
  expect(await runCli(['migrate', 'plan', '-f', 'mesh'], host)).toBe(3);
  expect(host.stderr()).toMatch(
    /nothing is written: somebody has to accept what is found, in the intents that `ambit import` writes, or the plan has to be another\n$/,
  );
});

it('says that intents of which a refusal speaks are those that an import writes', async () => {
  const host = hostWith(handWritten.science);
  expect(await runCli(['migrate', 'plan', '-f', 'mesh'], host)).toBe(3);
  expect(host.stderr()).toContain('error[AMB3009]');
  expect(host.stderr()).toMatch(
    /\nthese intents say what the policies say, and `ambit import` writes them: here they are not written\n$/,
  );
});

it('needs intents or policies for a plan, and a dump for the status', async () => {
  const bare = hostWith(small.filter(({ path }) => !path.startsWith('intents/')));
  expect(await runCli(['migrate', 'plan', '-f', 'mesh'], bare)).toBe(2);
  expect(bare.stderr()).toContain('AMB7135');
  expect(await runCli(['migrate', 'status'], hostWith(small))).toBe(2);
});

it('tells the status of manifests as well as of dumps', async () => {
  const host = hostWith(small);
  await runCli(['migrate', 'status', '-f', 'mesh', '-o', 'json'], host);
  const { namespaces } = JSON.parse(host.stdout());
  expect(namespaces.map(({ namespace, standing }: Record<string, string>) => [namespace, standing])).toEqual([
    ['carts', 'not begun'],
    ['store', 'not begun'],
  ]);
});
