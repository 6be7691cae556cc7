import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/migrate/status/status.js';
import { statusToText } from '../../src/report/migration/status-text.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: mesh }
spec:
  clusters: [{ name: east, istio: { version: "1.30", sidecarsListenHbone: true } }]
`;

const intents = `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: api }
spec:
  scope: { service: shop/api }
  authorization:
    default: Deny
    allow:
      - { name: web-reads, from: [{ service: shop/web }], to: [{ methods: [GET] }] }
`;

/** A running Deployment with one pod, and its Service. */
function running(name: string, plane: 'sidecar' | 'ambient', service = ''): string {
  const annotation =
    plane === 'sidecar' ? `sidecar.istio.io/status: '{"revision":"default"}'` : 'ambient.istio.io/redirection: enabled';
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: ${name}, containers: [{ name: app, image: app }] } }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: ${name}-1, namespace: shop, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: ${name}, controller: true }] }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: ${name}, containers: [{ name: app, image: app }] } }
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}-1-x
  namespace: shop
  labels: { app: ${name}${plane === 'sidecar' ? ', networking.istio.io/tunnel: http' : ''} }
  annotations: { ${annotation} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: ${name}-1, controller: true }]
spec: { nodeName: one, serviceAccountName: ${name}, containers: [{ name: app, image: app }] }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop${service} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
}

const ambientNamespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`;

const waypoint = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;

/** Old and new side by side, as the plan leaves them while pods are restarted. */
const beside = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-allow-until-moved, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [GET], ports: ["8080"] } }] }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-allow, namespace: shop }
spec:
  targetRefs: [{ group: "", kind: Service, name: api }]
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }], to: [{ operation: { methods: [GET], ports: ["80"] } }] }]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`;

const guard = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-guard, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/waypoint] } }], to: [{ operation: { ports: ["8080"] } }] }]
`;

const bound = ', labels: { istio.io/use-waypoint: waypoint }';

function statusIn(...dump: readonly string[]) {
  const { value, diagnostics } = statusOf(
    [
      { path: 'mesh.yaml', text: mesh },
      { path: 'intents.yaml', text: intents },
      { path: 'dump.yaml', text: dump.join('') },
    ],
    { target: 'ambient', today: '2026-06-01' },
  );
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { ...value, diagnostics, text: statusToText(value) };
}

describe('the status of a dump', () => {
  it('is told of a namespace that is being restarted, callers first', () => {
    const { text, findings } = statusIn(
      ambientNamespace,
      running('web', 'ambient'),
      running('api', 'sidecar', bound),
      waypoint,
      beside,
      guard,
    );
    expect(findings.map(({ message }) => message)).toEqual([]);
    expect(text).toBe(`shop: being restarted (1 of 2 workloads on ambient)
  to do: restart Deployment \`api\`
  safe to go on
  safe to go back
now: nothing is otherwise than the intents
`);
  });

  it('names the request where callers were left for last', () => {
    const { text } = statusIn(
      ambientNamespace,
      running('web', 'sidecar'),
      running('api', 'ambient', bound),
      waypoint,
      beside,
      guard,
    );
    expect(text).toContain('to do: restart Deployment `web`');
    expect(text).toContain('safe to go on');
    expect(text).toMatch(/now: \d+ findings? against the intents/);
  });

  it('says that a label leads to no waypoint, and what going on would open', () => {
    const { text } = statusIn(ambientNamespace, running('web', 'ambient'), running('api', 'sidecar', bound), beside);
    expect(text).toContain('waypoint `shop/waypoint` does not serve: calls go straight to pods');
    expect(text).toMatch(/not safe to go on: \d+ finding/);
  });

  it('lists what is left to delete once everything has moved', () => {
    const { text } = statusIn(
      ambientNamespace,
      running('web', 'ambient'),
      running('api', 'ambient', bound),
      waypoint,
      beside,
      guard,
    );
    expect(text).toContain('shop: moved, and old objects are left (2 of 2 workloads on ambient)');
    expect(text).toContain('to do: delete AuthorizationPolicy `api-allow-until-moved`');
  });

  it('says what a dump without some kinds cannot tell', () => {
    const { diagnostics } = statusIn(ambientNamespace, running('web', 'ambient'), running('api', 'ambient'));
    const lacking = diagnostics.filter(({ name }) => name === 'migration-dump-lacks');
    expect(lacking.map(({ parameters }) => parameters.kind)).toEqual(['AuthorizationPolicy', 'Gateway']);
  });

  it('warns of two tools that write one object', () => {
    const managed = ambientNamespace.replace(
      'name: shop,',
      'name: shop, managedFields: [{ manager: argocd-controller }, { manager: kubectl-label }, { manager: helm }],',
    );
    const { diagnostics } = statusIn(managed, running('web', 'ambient'), running('api', 'ambient'));
    expect(diagnostics.filter(({ name }) => name === 'migration-two-tools').map(({ message }) => message)).toEqual([
      'Namespace `shop` is written by argocd-controller and helm: each may take back what the other does',
    ]);
  });
});
