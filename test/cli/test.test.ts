import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';
import { unwrapped } from '../support/page.js';
import { smallProject } from '../support/projects.js';

const paid = '{ expect: allow, from: shop/checkout, to: "shop/payments:http" }';
const wrong = '{ expect: deny, name: no-money, from: shop/checkout, to: "shop/payments:http" }';
const unheard = '{ expect: deny, from: shop/checkuot, to: "shop/payments:http" }';

const manifests = smallProject('/work')['/work/clusters/east/shop.yaml'] ?? '';

function accessTest(...cases: readonly string[]): string {
  const lines = cases.map((line) => `    - ${line}\n`);
  return `apiVersion: ambit.dev/v1alpha1\nkind: AccessTest\nmetadata: { name: money }\nspec:\n  cases:\n${lines.join('')}`;
}

function guardrail(spec: string): string {
  return `apiVersion: ambit.dev/v1alpha1\nkind: Guardrail\nmetadata: { name: money }\nspec: ${spec}\n`;
}

async function run(argv: readonly string[], tests?: string) {
  const files = { ...smallProject('/work'), ...(tests !== undefined && { '/work/intents/tests.yaml': tests }) };
  const host = memoryHost({ files });
  const exitCode = await runCli(argv, host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr(), host };
}

it('answers yes when everything passes', async () => {
  const never = '{ never: [{ name: plaintext, from: [plaintext], to: [{ service: shop/payments }] }] }';
  const { exitCode, stdout, stderr } = await run(['test'], `${accessTest(paid)}---\n${guardrail(never)}`);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe(`Guardrail money
  ok    never plaintext

AccessTest money
  ok    1  allow GET / from shop/checkout to shop/payments:80

2 passed
`);
});

it('answers no with the request, its way and the line of the case', async () => {
  const { exitCode, stdout } = await run(['test'], accessTest(paid, wrong));
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`  FAIL  no-money  deny GET / from shop/checkout to shop/payments:80
        GET / from shop/checkout to shop/payments:80: allowed
          ztunnel of shop/payments: passes: AuthorizationPolicy shop/payments-allow allows it
            out/east/20-policies/authorizationpolicy.shop.payments-allow.yaml:20
              intent shop/checkout-pays  intents/shop.yaml:10
        intents/tests.yaml:7
`);
});

it('is bad input when a case names nobody', async () => {
  const { exitCode, stdout, stderr } = await run(['test'], accessTest(paid, unheard));
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('error[AMB5101]');
  expect(stderr).toContain('did you mean `shop/checkout`');
});

it('says in the exit code that what a case names is not modelled', async () => {
  const external = `---
apiVersion: v1
kind: Service
metadata: { name: bank, namespace: shop }
spec: { type: ExternalName, externalName: bank.example, ports: [{ port: 443 }] }
`;
  const pays = '{ expect: deny, from: shop/checkout, to: "shop/bank:443" }';
  const host = memoryHost({ files: { '/work/shop.yaml': manifests + external, '/work/tests.yaml': accessTest(pays) } });
  expect(await runCli(['test', '-f', '.'], host)).toBe(3);
  expect(host.stderr()).toContain('error[AMB5111]');
});

it('is bad input when there is nothing to run', async () => {
  const { exitCode, stderr } = await run(['test']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error[AMB5205]');
});

it('says in the exit code when a fact is missing', async () => {
  const authorizer = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask, namespace: shop }
spec: { action: CUSTOM, provider: { name: opa }, rules: [{}] }
`;
  const sidecars = manifests.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
  const host = memoryHost({
    files: { '/work/shop.yaml': sidecars + authorizer, '/work/tests.yaml': accessTest(paid) },
  });
  expect(await runCli(['test', '-f', '.'], host)).toBe(3);
  expect(host.stdout()).toContain('1 undecided');
});

it.each(['json', 'junit'])('prints %s on stdout and the count on stderr', async (format) => {
  const { exitCode, stdout, stderr } = await run(['test', '-o', format], accessTest(paid, wrong));
  expect(exitCode).toBe(1);
  expect(stderr).toBe('1 passed, 1 failed\n');
  if (format === 'json') {
    expect(JSON.parse(stdout)).toMatchObject({
      tests: [{ status: 'passed' }, { name: 'no-money', status: 'failed', file: 'intents/tests.yaml', line: 7 }],
      passed: 1,
      failed: 1,
    });
  } else {
    expect(stdout).toContain('<testsuites name="ambit test" tests="2" failures="1" errors="0">');
  }
});

it('judges manifests as they stand where there are no settings', async () => {
  const host = memoryHost({ files: { '/work/tests.yaml': accessTest(paid), '/work/shop.yaml': manifests } });
  expect(await runCli(['test', '-f', 'tests.yaml', '-f', 'shop.yaml'], host)).toBe(0);
});

it('stops a compilation whose guardrail does not hold, with exit 1 and nothing written', async () => {
  const never = '{ never: [{ name: checkout-pays, to: [{ service: shop/payments }] }] }';
  const { exitCode, stderr, host } = await run(['compile'], guardrail(never));
  expect(exitCode).toBe(1);
  expect(stderr).toContain('error[AMB5201]: guardrail `money/checkout-pays` does not hold');
  expect(unwrapped(stderr)).toMatch(
    /= note: AuthorizationPolicy shop\/payments-allow \(east\/20-policies\/\S+\.yaml:20\), from intent `shop\/checkout-pays` \(intents\/shop\.yaml:10\) /,
  );
  expect(host.disk.nodes.has('/work/out')).toBe(false);
});

it('traces the counterexample through the output that was refused, and says that it was', async () => {
  const never = '{ never: [{ name: checkout-pays, to: [{ service: shop/payments }] }] }';
  const question = ['--from', 'shop/checkout', '--to', 'shop/payments:http'];
  const { exitCode, stdout, stderr } = await run(['trace', ...question], guardrail(never));
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^✓ ALLOWED/);
  expect(stdout).toContain('the mesh as it would be if the compiled output, which is refused, were applied\n');
  expect(stderr).toContain('error[AMB5201]: guardrail `money/checkout-pays` does not hold');
});

it('does not let a failing AccessTest stop a compilation', async () => {
  expect((await run(['compile'], accessTest(wrong))).exitCode).toBe(0);
});
