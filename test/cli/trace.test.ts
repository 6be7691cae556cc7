import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { type MemoryHostOptions, memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

async function trace(argv: readonly string[], options: MemoryHostOptions = { files: smallProject('/work') }) {
  const host = memoryHost(options);
  const exitCode = await runCli(['trace', ...argv], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

const manifests = smallProject('/work')['/work/clusters/east/shop.yaml'] ?? '';
const pays = ['--from', 'shop/checkout', '--to', 'shop/payments:http'];
const asks = ['--from', 'shop/payments', '--to', 'shop/checkout:http'];

it('judges the mesh as it will be, down to the lines of manifest and intent', async () => {
  const { exitCode, stdout, stderr } = await trace(pays);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^✓ ALLOWED {2}GET \/ {2}shop\/checkout → shop\/payments:80\n/);
  expect(stdout).toMatch(
    /decided by {3}AuthorizationPolicy shop\/payments-allow\n +out\/east\/20-policies\/\S+\.yaml:\d+\n/,
  );
  expect(stdout).toMatch(/intent {7}shop\/checkout-pays {2}intents\/shop\.yaml:10\n/);
});

it('judges bare manifests as they are', async () => {
  const { exitCode, stdout } = await trace(['-f', 'clusters/east', ...asks]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('no policy denies it');
  expect(stdout).toContain('the mesh as its manifests are');
});

it('answers 1 to a denial only when asked to', async () => {
  expect((await trace(asks)).exitCode).toBe(0);
  const { exitCode, stdout } = await trace([...asks, '--exit-code']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^✗ DENIED/);
  expect(stdout).toContain('intent       shop/default  intents/shop.yaml:8\n');
});

it('prints JSON', async () => {
  const { stdout } = await trace([...pays, '--method', 'post', '--path', '/charge', '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'allowed',
    request: { from: 'shop/checkout', to: 'shop/payments:80', http: { method: 'POST', path: '/charge' } },
    decidedBy: [
      { name: 'payments-allow', intents: [{ id: 'shop/checkout-pays', file: 'intents/shop.yaml', line: 10 }] },
    ],
  });
});

it('shows paths from where the reader stands', async () => {
  const files = smallProject('/work');
  const { stdout } = await trace(['--project', '..', ...pays], { files, workingDirectory: '/work/intents' });
  expect(stdout).toContain('../out/east/20-policies/');
  expect(stdout).toContain('shop/checkout-pays  shop.yaml:10');
});

it('says what is not modelled, and answers 3', async () => {
  const byAddress = `
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: office, namespace: shop }
spec: { rules: [{ from: [{ source: { ipBlocks: [203.0.113.0/24] } }] }] }
`;
  const files = { '/work/shop.yaml': `${manifests}${byAddress}` };
  const open = await trace(['-f', 'shop.yaml', '--from', 'outside', '--to', 'shop/payments:80'], { files });
  expect(open.exitCode).toBe(3);
  expect(open.stdout).toMatch(/^\? UNDECIDED/);
  expect(open.stderr).toContain('error[AMB5111]: undecided: ');
  expect(open.stderr).toContain('--from-ip');
  const told = ['-f', 'shop.yaml', '--from', 'outside', '--to', 'shop/payments:80', '--from-ip'];
  expect((await trace([...told, '203.0.113.9', '--exit-code'], { files })).exitCode).toBe(0);
  expect((await trace([...told, '198.51.100.9', '--exit-code'], { files })).exitCode).toBe(1);
});

it.each([
  [
    'a caller that is not there',
    ['--from', 'shop/chekout', '--to', 'shop/payments:80'],
    'AMB5101',
    'did you mean `shop/checkout`?',
  ],
  ['a short name', ['--from', 'checkout', '--to', 'shop/payments:80'], 'AMB5101', 'did you mean `shop/checkout`?'],
  [
    'a destination that is not there',
    ['--from', 'shop/checkout', '--to', 'shop/payment:80'],
    'AMB5102',
    '`shop/payments`',
  ],
  [
    'a port that is not there',
    ['--from', 'shop/checkout', '--to', 'shop/payments:htp'],
    'AMB5103',
    'did you mean `http`?',
  ],
  ['a cluster that is not there', [...pays, '--cluster', 'eats'], 'AMB5106', 'did you mean `east`?'],
  ['a token without an issuer', [...pays, '--claim', 'sub=a'], 'AMB5110', 'iss='],
  ['bytes with a method', [...pays, '--tcp', '--method', 'GET'], 'AMB0001', '`--tcp`'],
  ['no caller', ['--to', 'shop/payments:80'], 'AMB0001', '`--from` is missing'],
  ['no destination', ['--from', 'shop/checkout'], 'AMB0001', '--to'],
  ['an address that is none', [...pays, '--from-ip', '10.0.0.0/8'], 'AMB0001', '`10.0.0.0/8`'],
  ['a raw bearer token', [...pays, '--header', 'Authorization: Bearer x'], 'AMB0001', '--claim'],
  ['a header that is no pair', [...pays, '--header', 'x'], 'AMB0001', 'name: value'],
  ['a fault that is none', [...pays, '--fault', 'rain'], 'AMB0001', 'waypoint-down'],
  ['a matrix of one caller', [...pays, '--matrix'], 'AMB0001', '`--from`'],
  [
    'a matrix of one gateway alone',
    ['--matrix', '--to', 'shop/payments:http', '--at-gateway'],
    'AMB0001',
    '`--at-gateway`',
  ],
  ['a request to nobody', ['--from', 'shop/checkout'], 'AMB0001', '`--to` is missing'],
])('refuses %s', async (_, argv, code, words) => {
  const { exitCode, stdout, stderr } = await trace(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`error[${code}]`);
  expect(stderr).toContain(words);
});

it('addresses a pod by the name of a Service’s port', async () => {
  const { stdout } = await trace([...pays, '--pod-ip']);
  expect(stdout).toContain('shop/checkout → pod of shop/payments:8080');
});

it('says when another pod behind the same name gets another answer', async () => {
  const canary = manifests
    .slice(manifests.lastIndexOf('---'))
    .replace('name: payments, namespace', 'name: payments-canary, namespace')
    .replace('{ app: payments } }\n    spec', '{ app: payments, track: canary } }\n    spec');
  const closed = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: closed, namespace: shop }
spec: { selector: { matchLabels: { track: canary } } }
`;
  const files = { '/work/shop.yaml': `${manifests}${canary}${closed}` };
  const { exitCode, stdout } = await trace(['-f', 'shop.yaml', ...pays], { files });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^✓ ALLOWED/);
  expect(stdout).toMatch(/but +✗ shop\/checkout → shop\/payments-canary:8080: denied, connection reset\n/);
});

it('colours stdout where it is a terminal, unless told not to', async () => {
  const files = smallProject('/work');
  expect((await trace(pays, { files, isTerminal: true })).stdout).toContain('\u001b[32m');
  expect((await trace(pays, { files, isTerminal: true, environment: { NO_COLOR: '1' } })).stdout).not.toContain(
    '\u001b[',
  );
});

it('shows who reaches a service, in one table', async () => {
  const { exitCode, stdout } = await trace(['--matrix', '--to', 'shop/payments:http']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "who reaches shop/payments:80, and with what

    caller                            by its name                      by pod IP, port 8080
    ────────────────────────────────────────────────────────────────────────────────────────────────────
    ambient    shop/checkout          ✓ anything                       ✓ anything
    ambient    shop/payments          ✗ nothing                        ✗ nothing
    plaintext  anyone outside         ✗ nothing                        ✗ nothing
    "
  `);
});

it('shows all that is reached from outside where no service is named', async () => {
  const { exitCode, stdout } = await trace(['--matrix', '--from', 'outside']);
  expect([exitCode, stdout]).toEqual([0, 'what is reached from outside\n\nno gateway leads there\n']);
});

it('shows it to programs', async () => {
  const { stdout } = await trace(['--matrix', '--to', 'shop/payments:http', '-o', 'json']);
  const [table] = JSON.parse(stdout).tables;
  expect(table.columns).toEqual(['by its name', 'by pod IP, port 8080']);
  expect(table.rows[0]).toMatchObject({
    speaks: 'ambient',
    who: ['shop/checkout'],
    cells: [{ kind: 'all' }, { kind: 'all' }],
  });
});

it('asks for the cluster of a name that several have, and takes the one that is named', async () => {
  const files = smallProject('/work');
  const project = (files['/work/ambit.yaml'] ?? '').replace(
    '- name: east',
    '- { name: west, manifests: [clusters/west/] }\n    - name: east',
  );
  const two = { ...files, '/work/ambit.yaml': project, '/work/clusters/west/shop.yaml': manifests };
  const open = await trace(pays, { files: two });
  expect(open.exitCode).toBe(2);
  expect(open.stderr).toContain('error[AMB5105]: `shop/checkout` is in clusters `east` and `west`');
  const named = await trace([...pays, '--cluster', 'west'], { files: two });
  expect(named.exitCode).toBe(0);
  expect(named.stdout).toContain('out/west/20-policies/');
});

it('knows from the Mesh document what happens while an authorizer does not answer', async () => {
  const files = smallProject('/work');
  const sidecars = manifests.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
  const ask = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask, namespace: shop }
spec: { action: CUSTOM, provider: { name: opa }, rules: [{}] }
`;
  const declaring = (provider: string) => {
    const istio = `- name: east\n      istio: { extensionProviders: [${provider}] }`;
    const project = (files['/work/ambit.yaml'] ?? '').replace('- name: east', istio);
    const all = { ...files, '/work/ambit.yaml': project, '/work/clusters/east/shop.yaml': sidecars + ask };
    return trace([...pays, '--fault', 'ext-authz-down'], { files: all });
  };
  const open = await declaring('{ name: opa, failOpen: true }');
  expect(open.stdout).toMatch(/^✓ ALLOWED/);
  const closed = await declaring('{ name: opa, statusOnError: "503" }');
  expect(closed.stdout).toMatch(/^✗ DENIED.*\n {2}status 503, at the sidecar of shop\/payments/);
  expect(closed.stdout).toContain('decided by   AuthorizationPolicy shop/ask\n');
  const other = await declaring('{ name: other }');
  expect(other.stdout).toContain('no extension provider is called `opa`');
});

it('takes what Ambit wrote before and would no longer write as pruned', async () => {
  const old = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: old-deny, namespace: shop, labels: { app.kubernetes.io/managed-by: ambit } }
spec: { action: DENY, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`;
  const path = '/work/clusters/east/shop.yaml';
  const files = { ...smallProject('/work'), [path]: manifests + old };
  expect((await trace(pays, { files })).stdout).toMatch(/^✓ ALLOWED/);
  expect((await trace(['-f', 'clusters/east', ...pays], { files })).stdout).toMatch(/^✗ DENIED/);
});

it.each([
  ['verified=true', 'denied'],
  ['verified="true"', 'allowed'],
  ['verified=7', 'denied'],
  ['verified=yes', 'allowed'],
])('reads `--claim %s` with the type that JSON gives it: %s', async (claim, verdict) => {
  const policies = `
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec: { jwtRules: [{ issuer: id, jwksUri: "https://id.example/keys" }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: verified, namespace: shop }
spec: { rules: [{ when: [{ key: "request.auth.claims[verified]", values: ["true", "7", "yes"] }] }] }
`;
  const injected = manifests.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
  const files = { '/work/shop.yaml': `${injected}${policies}` };
  const asked = [
    '-f',
    'shop.yaml',
    '--from',
    'shop/payments',
    '--to',
    'shop/checkout:80',
    '--claim',
    'iss="id"',
    '-o',
    'json',
  ];
  const { stdout } = await trace([...asked, '--claim', claim], { files });
  expect(JSON.parse(stdout)).toMatchObject({ verdict });
});

it('sends a token where those of its issuer are looked for', async () => {
  const policies = `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec: { jwtRules: [{ issuer: id, jwksUri: "https://id.example/keys", fromCookies: [session] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: members, namespace: shop }
spec: { rules: [{ from: [{ source: { requestPrincipals: ["id/*"] } }] }] }
`;
  const injected = manifests.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
  const files = { '/work/shop.yaml': `${injected}${policies}` };
  const asked = ['-f', 'shop.yaml', '--from', 'shop/payments', '--to', 'shop/checkout:80', '-o', 'json'];
  const claims = ['--claim', 'iss=id', '--claim', 'sub=ann'];
  const verdicts = await Promise.all(
    [asked, [...asked, ...claims]].map(async (argv) => JSON.parse((await trace(argv, { files })).stdout).verdict),
  );
  expect(verdicts).toEqual(['denied', 'allowed']);
});
