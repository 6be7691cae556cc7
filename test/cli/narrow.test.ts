import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';

const team = (namespace: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: ${namespace} }
spec: { template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: main }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: ${namespace} }
spec: { selector: { app: api }, ports: [{ name: http, port: 80 }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-deletes, namespace: ${namespace} }
spec: { action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }] }
`;

async function run(...argv: readonly string[]) {
  const host = memoryHost({ files: { '/work/mesh.yaml': ['red', 'blue'].map(team).join('---') } });
  const exitCode = await runCli([...argv, '-f', 'mesh.yaml'], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}

it('shows the part of a deployment that is asked about', async () => {
  const { stdout } = await run('topology', '-n', 'red');
  expect(stdout).toContain('namespace red\n');
  expect(stdout).not.toContain('namespace blue');
  const named = JSON.parse((await run('topology', 'blue/api', '-o', 'json')).stdout);
  expect(named.clusters).toMatchObject([
    { namespaces: [{ name: 'blue' }], workloads: [{ name: 'api' }], services: [{ name: 'api' }] },
  ]);
  expect(JSON.parse((await run('topology', 'api', '-o', 'json')).stdout).clusters[0].services).toHaveLength(2);
});

it('tells what is found there, counts the rest, and answers for what it tells', async () => {
  const { exitCode, stderr } = await run('verify', '-n', 'red', '-n', 'red');
  expect(exitCode).toBe(1);
  expect(stderr.match(/`\w+\/no-deletes`/g)).toEqual(['`red/no-deletes`']);
  expect(stderr).toMatch(/\n\n1 warning, 1 remark, 1 elsewhere\n$/);
  const other = await run('verify', 'api');
  expect(other.exitCode).toBe(0);
  expect(other.stderr).toMatch(/\n1 remark, 2 elsewhere\n$/);
});

it('refuses a name that nothing has', async () => {
  for (const command of ['topology', 'verify']) {
    const namespace = await run(command, '-n', 'rde');
    expect([namespace.exitCode, namespace.stdout]).toEqual([2, '']);
    expect(namespace.stderr).toContain('there is no namespace `rde` among the manifests');
    expect(namespace.stderr).toContain('did you mean `red`?');
    expect((await run(command, 'red/apo')).stderr).toContain('did you mean `red/api`?');
  }
});
