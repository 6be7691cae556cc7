/** A mesh in which every namespace takes rules of the mesh over, half of them as `Replace` and half as `Stricter`. */
export const inheritanceCase = { namespaces: 1000, rules: 10 };

/** The files of a project by path; `inheritance`: whether namespaces say anything else than `Add`. */
export function generateInheritance({ namespaces, rules }, inherits) {
  const names = range(namespaces).map((index) => `team-${String(index).padStart(4, '0')}`);
  return new Map([
    ['ambit.yaml', projectText()],
    ['cluster/mesh.yaml', names.map(namespaceText).join('---\n')],
    ['intents/platform.yaml', platformText()],
    [
      'intents/teams.yaml',
      range(namespaces)
        .map((index) => teamText(names, index, rules, inherits))
        .join('---\n'),
    ],
  ]);
}

function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}

function projectText() {
  return `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: bench }
spec: { intents: [intents/], output: out/ }
---
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: bench }
spec:
  clusters:
  - { name: east, network: east, istio: { version: "1.29", revision: default }, manifests: [cluster/] }
`;
}

function namespaceText(name) {
  return `apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: ${name} }
spec: { selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: ${name} }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { serviceAccountName: api, containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }] }] }
`;
}

/** What every namespace takes over: whom the mesh lets call, what it never does, and a rule that nobody may replace. */
function platformText() {
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: platform }
spec:
  scope: mesh
  mtls: { mode: Strict, mandate: true }
  authorization:
    default: Deny
    allow:
    - { name: teams, from: [{ namespaces: "team-*" }], to: [{ methods: [GET, POST, PUT], paths: [/v1/*, /healthz] }] }
    - { name: first, from: [{ serviceAccount: team-0000/api }] }
    deny:
    - { name: no-debugging, mandate: true, to: [{ paths: [/debug/*] }] }
    - { name: no-last, from: [{ namespace: team-0001 }] }
`;
}

function teamText(names, index, rules, inherits) {
  const inheritance = inherits ? `    inheritance: ${index % 2 === 0 ? 'Replace' : 'Stricter'}\n` : '';
  const allowed = range(rules).map((rule) => {
    const caller = names[(index + 1 + rule * 37) % names.length];
    return `    - { name: rule-${rule}, from: [{ serviceAccount: ${caller}/api }], to: [{ service: api, methods: [GET, PUT], paths: [/v1/items-${rule}/*] }] }\n`;
  });
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ${names[index]} }
spec:
  scope: { namespace: ${names[index]} }
  authorization:
    default: Deny
${inheritance}    allow:
${allowed.join('')}`;
}
