import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';
import { unwrapped } from '../support/page.js';

/** Two applications with sidecars; before one of them somebody changes the proxy. */
const manifests = `apiVersion: v1
kind: Namespace
metadata: { name: attic, labels: { istio-injection: enabled } }
${application('chest')}${application('mirror')}${filter('polish')}`;

function application(name: string): string {
  return `---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: attic }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: attic }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: attic }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
`;
}

function filter(name: string, app = 'mirror'): string {
  return `---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: ${name}, namespace: attic }
spec:
  workloadSelector: { labels: { app: ${app} } }
  configPatches:
    - applyTo: HTTP_FILTER
      match: { context: SIDECAR_INBOUND }
      patch: { operation: INSERT_BEFORE, value: { name: envoy.filters.http.lua } }
`;
}

function intents(accept = ''): string {
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: attic }
spec:
  scope: { namespace: attic }
  authorization:
    default: Deny
    ${accept}
    allow:
      - { name: looks, from: [{ workload: chest }], to: [{ service: mirror, port: http }] }
      - { name: opens, from: [{ workload: mirror }], to: [{ service: chest, port: http }] }
`;
}

function guardrail(target: string): string {
  return `---
apiVersion: ambit.dev/v1alpha1
kind: Guardrail
metadata: { name: g }
spec: { never: [{ name: outside, from: [{ outside: { namespaces: [attic] } }], to: [{ service: ${target}, port: http }] }] }
`;
}

const mesh = `---
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec: { clusters: [{ name: east }] }
`;

async function run(argv: readonly string[], text: string, more = '') {
  const files = { '/work/intents.yaml': text + mesh, '/work/manifests.yaml': manifests + more };
  const host = memoryHost({ files });
  const exitCode = await runCli([...argv, '-f', 'intents.yaml', '-f', 'manifests.yaml'], host);
  return { exitCode, stdout: host.stdout(), stderr: unwrapped(host.stderr()), last: host.stderr().split('\n').at(-2) };
}

const until = 'until: 2099-01-31, reason: it sets a header that no rule reads';
const accepting = (more = '') => intents(`accept: [{ code: AMB5005${more}, ${until} }]`);

describe('a doubt on which no check hangs', () => {
  it('is a warning, and the last line counts it', async () => {
    const { exitCode, stdout, stderr, last } = await run(['compile', '--stdout'], intents() + guardrail('attic/chest'));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('kind: AuthorizationPolicy');
    expect(stderr).toContain('warning[AMB5005]: not proved for `attic/mirror`: what EnvoyFilter attic/polish changes');
    expect(last).toMatch(/^1 workload and 1 guardrail proved \(\d+ ways in\), 1 workload undecided$/);
  });

  it('stops a run with --deny-warnings, unless it is accepted', async () => {
    const denied = await run(['compile', '--stdout', '--deny-warnings'], intents());
    expect([denied.exitCode, denied.stdout]).toEqual([1, '']);
    expect(denied.last).toMatch(/^1 workload proved \(\d+ ways in\), 1 workload undecided$/);
    const accepted = await run(['compile', '--stdout', '--deny-warnings'], accepting());
    expect(accepted.exitCode, accepted.stderr).toBe(0);
    expect(accepted.last).toMatch(/^1 workload proved \(\d+ ways in\), 1 workload undecided, 1 doubt accepted$/);
  });

  it('is accepted by its name, which covers no other', async () => {
    const argv = ['compile', '--stdout', '--deny-warnings'];
    const named = accepting(', about: EnvoyFilter attic/polish');
    expect((await run(argv, named)).exitCode).toBe(0);
    const { exitCode, stderr } = await run(argv, named, filter('varnish', 'chest'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('not proved for `attic/chest`: what EnvoyFilter attic/varnish changes');
    expect(stderr).not.toContain('what EnvoyFilter attic/polish changes');
    const other = await run(argv, accepting(', about: EnvoyFilter attic/wax'));
    expect(other.stderr).toMatch(/AMB3025/);
  });

  it('is counted for programs', async () => {
    const { stderr } = await run(
      ['--diagnostics', 'json', 'compile', '--stdout'],
      accepting() + guardrail('attic/chest'),
    );
    expect(JSON.parse(stderr).counts).toMatchObject({
      workloads: { proved: 1, undecided: 1, refuted: 0 },
      guardrails: { proved: 1, undecided: 0, refuted: 0 },
      unmentioned: { undecided: 0, refuted: 0 },
      accepted: 1,
    });
  });
});

describe('where somebody asks, undecided is an answer: exit code 3', () => {
  it('of a guardrail that hangs on it', async () => {
    const { exitCode, stdout, stderr, last } = await run(
      ['compile', '--stdout'],
      intents() + guardrail('attic/mirror'),
    );
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain('error[AMB5202]');
    expect(last).toMatch(/^1 workload proved \(\d+ ways in\), 1 workload and 1 guardrail undecided$/);
  });

  it('of a test', async () => {
    const { exitCode, stdout } = await run(['test'], intents() + guardrail('attic/mirror'));
    expect(exitCode).toBe(3);
    expect(stdout).toContain('UNDECIDED');
  });

  it('of a trace', async () => {
    const trace = ['trace', '--from', 'attic/chest', '--to', 'attic/mirror:80', '--exit-code'];
    expect((await run(trace, intents())).exitCode).toBe(3);
  });

  it('of a verification against intents, unless it is accepted', async () => {
    const nobody = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: attic }
spec: {}
`;
    const allows = (name: string, from: string) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: attic }
spec:
  selector: { matchLabels: { app: ${name} } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/attic/sa/${from}] } }], to: [{ operation: { ports: ['8080'] } }] }]
`;
    const written = nobody + allows('chest', 'mirror') + allows('mirror', 'chest');
    const { exitCode, stdout } = await run(['verify'], intents(), written);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^undecided: every request is treated as the intents say, undecided where 1 fact/);
    const accepted = await run(['verify'], accepting(), written);
    expect(accepted.exitCode, accepted.stderr).toBe(0);
    expect(accepted.stdout).toMatch(/^proved: every request is treated as the intents say, undecided where 1 fact/);
    const { stdout: json } = await run(['verify', '-o', 'json'], intents(), written);
    expect(JSON.parse(json)).toMatchObject({ proved: false, counts: { workloads: { proved: 1, undecided: 1 } } });
  });

  it('of a verification where a NetworkPolicy may stop what is allowed', async () => {
    const byAddress = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: by-address, namespace: attic }
spec:
  podSelector: { matchLabels: { app: chest } }
  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/16 } }] }]
`;
    const settings = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: chest }
spec:
  scope: { service: attic/chest }
  authorization:
    default: Deny
    allow: [{ name: opens, from: [{ workload: mirror }] }]
`;
    const allows = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: chest, namespace: attic }
spec:
  selector: { matchLabels: { app: chest } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/attic/sa/mirror] } }], to: [{ operation: { ports: ['8080'] } }] }]
`;
    const { exitCode, stdout } = await run(['verify'], settings, allows + byAddress);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^undecided: every request is treated as the intents say, undecided where 1 fact/);
    const { last } = await run(['compile', '--stdout'], settings, byAddress);
    expect(last).toMatch(/^nothing proved \(\d+ ways in\), 1 workload undecided$/);
  });
});
