import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-code.js';
import { runCli } from '../../src/cli/run-cli.js';
import { memoryHost } from '../support/memory-host.js';
import { boutique, withAmbient } from './projects.js';
import { checkWith } from './shop.js';

function policy(spec: string, metadata = 'name: by-hand, namespace: shop'): string {
  return `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { ${metadata} }
spec: ${spec}
`;
}

function codesOf(manifests: string, namespaces: readonly string[] = []): readonly string[] {
  return checkWith(manifests, namespaces, 'sidecar').diagnostics.map(({ code }) => code);
}

const principal = (account: string) => `"cluster.local/ns/shop/sa/${account}"`;

describe('on the way back to sidecars', () => {
  it.each([
    ['a Service', 'Service', '""', 'api', 'shop'],
    ['a Gateway, for all that is behind it', 'Gateway', 'gateway.networking.k8s.io', 'waypoint', 'shop'],
    ['a class, for all waypoints', 'GatewayClass', 'gateway.networking.k8s.io', 'istio-waypoint', 'istio-system'],
  ])('a policy that names %s is passed by', (_, kind, group, name, namespace) => {
    const targets = `targetRefs: [{ group: ${group}, kind: ${kind}, name: ${name} }]`;
    const { diagnostics } = checkWith(
      policy(`{ ${targets}, action: DENY, rules: [{}] }`, `name: deny-all, namespace: ${namespace}`),
      [],
      'sidecar',
    );
    expect(diagnostics.map(({ code, parameters }) => [code, parameters.waypoint, parameters.subject])).toEqual([
      ['AMB7138', 'shop/waypoint', 'shop/api'],
    ]);
  });

  it('likewise one for a host outside the mesh that is called through a waypoint', () => {
    const entry = `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: shop, labels: { istio.io/use-waypoint: waypoint } }
spec: { hosts: [api.bank.example], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`;
    const targets = 'targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: bank }]';
    const deny = policy(
      `{ ${targets}, action: DENY, rules: [{ from: [{ source: { principals: [${principal('web')}] } }] }] }`,
    );
    expect(codesOf(entry + deny)).toEqual(['AMB7138']);
  });

  it('a policy at pods stands for one with targets only if it does the same and knows more than the waypoint', () => {
    const targets = 'targetRefs: [{ group: "", kind: Service, name: api }]';
    const rules = (...accounts: readonly string[]) =>
      `rules: [{ from: [{ source: { principals: [${accounts.map(principal).join(', ')}] } }] }]`;
    const atWaypoint = policy(`{ ${targets}, ${rules('web')} }`);
    const atPods = (spec: string) =>
      policy(`{ selector: { matchLabels: { app: api } }, ${spec} }`, 'name: pods, namespace: shop');
    expect(codesOf(atWaypoint + atPods(rules('web', 'waypoint')))).toEqual([]);
    expect(codesOf(atWaypoint + atPods(`action: DENY, ${rules('other')}`))).toEqual(['AMB7138']);
    expect(codesOf(atWaypoint + atPods(rules('waypoint')))).toEqual(['AMB7138', 'AMB7140']);
  });

  it.each([
    ['principals', `principals: [${principal('waypoint')}]`, 'ALLOW'],
    ['accounts', 'serviceAccounts: [shop/waypoint]', 'ALLOW'],
    ['a denial for all others', `notPrincipals: [${principal('waypoint')}]`, 'DENY'],
  ])('a guard by %s knows the waypoint alone', (_, source, action) => {
    const guard = policy(
      `{ selector: { matchLabels: { app: api } }, action: ${action}, rules: [{ from: [{ source: { ${source} } }] }] }`,
    );
    expect(codesOf(guard)).toEqual(['AMB7140']);
    const open = policy(
      `{ selector: { matchLabels: { app: api } }, rules: [{ from: [{ source: { principals: [${principal('web')}] } }] }] }`,
      'name: open, namespace: shop',
    );
    expect(codesOf(guard + open)).toEqual(action === 'ALLOW' ? [] : ['AMB7140']);
  });

  it('nothing is found where nothing moves, and nothing of what Ambit writes anew', () => {
    const deny = '{ targetRefs: [{ group: "", kind: Service, name: api }], action: DENY, rules: [{}] }';
    expect(codesOf(policy(deny), ['elsewhere'])).toEqual([]);
    const labels = 'labels: { app.kubernetes.io/managed-by: ambit }';
    expect(codesOf(policy(deny, `name: by-ambit, namespace: shop, ${labels}`))).toEqual([]);
  });

  it('a plan is not written either, until somebody accepts what is found', async () => {
    const byHand = policy(
      '{ targetRefs: [{ group: "", kind: Service, name: orders }], action: DENY, rules: [{ to: [{ operation: { methods: [TRACE] } }] }] }',
      'name: by-hand, namespace: orders',
    );
    const sources = [...withAmbient(boutique), { path: 'by-hand.yaml', text: byHand }];
    const files = Object.fromEntries(sources.map(({ path, text }) => [`/work/${path}`, text]));
    const paths = sources.flatMap(({ path }) => ['-f', path]);
    const host = memoryHost({ files });
    expect(await runCli(['migrate', 'plan', ...paths, '--to', 'sidecar'], host)).toBe(exitCodes.refused);
    expect(host.stderr()).toContain('error[AMB7138]');
  });
});
