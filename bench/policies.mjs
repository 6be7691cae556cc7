import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeProject } from './generate.mjs';

/** Projects with few workloads and large policies. Each says the same twice: as Istio's policies, and as intents. */
export const policyCases = {
  paths: {
    title: '500 rules of 30 paths each',
    callers: 500,
    rules: range(500).map((rule) => ({
      callers: [rule],
      methods: ['GET'],
      paths: range(30).map((path) => `/teams/${rule}/reports/${path}${path % 3 === 0 ? '/*' : ''}`),
    })),
  },
  claims: {
    title: '200 values of one claim',
    callers: 20,
    claims: range(200).map((value) => `group-${value}`),
    rules: range(20).map((rule) => ({ callers: [rule], methods: ['GET'], paths: [`/teams/${rule}/*`] })),
  },
  headers: {
    title: '100 denials with a header of their own',
    callers: 1,
    rules: [{ callers: [0] }],
    denials: range(100).map((rule) => ({
      hosts: [`team-${rule}.example`],
      paths: [`/teams/${rule}/*`],
      headers: { [`x-team-${rule}`]: [`from-${rule}*`, `*-to-${rule}`] },
    })),
  },
  templates: {
    title: '50 template paths in each of 50 rules',
    callers: 50,
    rules: range(50).map((rule) => ({
      callers: [rule],
      methods: ['GET'],
      paths: range(50).map((path) => `/teams/${rule}/{*}/parts-${path}/{*}`),
    })),
  },
  callers: {
    title: '2,000 callers of one service',
    callers: 2000,
    rules: range(100).map((rule) => ({
      callers: range(20).map((caller) => rule * 20 + caller),
      methods: ['GET'],
      paths: [`/teams/${rule}/*`],
    })),
  },
  mixed: {
    title: '10 paths of every kind in each of 30 rules',
    callers: 30,
    rules: range(30).map((rule) => ({
      callers: [rule],
      methods: ['GET', 'POST'],
      paths: [
        ...range(3).map((path) => `/teams/${rule}/reports/${path}`),
        ...range(3).map((path) => `/teams/${rule}/files/${path}/*`),
        ...range(2).map((path) => `*.team-${rule}-${path}`),
        ...range(2).map((path) => `/teams/${rule}/{*}/parts-${path}/{**}`),
      ],
    })),
  },
};

function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** The files of one case by path: its project, and the same rules as Istio's policies in `policies.yaml`. */
export function generateCase(name) {
  const { callers, rules, denials = [], claims = [] } = policyCases[name];
  const existing = claims.length === 0 ? '' : claimsText(claims);
  return new Map([
    ['ambit.yaml', projectText()],
    ['cluster/mesh.yaml', meshText(callers) + existing],
    ['intents/shop.yaml', settingsText(rules, denials, claims.length > 0)],
    ['policies.yaml', meshText(callers) + existing + istioText('ALLOW', rules) + istioText('DENY', denials)],
  ]);
}

function projectText() {
  return `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: bench }
spec:
  intents: [intents/]
  output: out/
---
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: bench }
spec:
  clusters:
    - { name: east, network: east, istio: { version: "1.29", revision: default }, manifests: [cluster/] }
`;
}

function meshText(callers) {
  const namespaces = `apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
  return namespaces + ['api', ...range(callers).map((caller) => `caller-${caller}`)].map(workloadText).join('');
}

function workloadText(name) {
  return `---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: main, image: "registry.example/${name}:1", ports: [{ containerPort: 8080 }] }]
`;
}

function claimsText(claims) {
  return `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  jwtRules: [{ issuer: "https://id.example", jwksUri: "https://id.example/keys" }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: groups, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  action: ALLOW
  rules:
    - { when: [{ key: "request.auth.claims[groups]", values: ${JSON.stringify(claims)} }] }
${claims.map((claim) => `    - { to: [{ operation: { paths: ["/of/${claim}"] } }], when: [{ key: "request.auth.claims[groups]", notValues: ["${claim}"] }] }\n`).join('')}`;
}

function istioText(action, rules) {
  if (rules.length === 0) return '';
  return `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: api-${action.toLowerCase()}, namespace: shop }
spec:
  selector: { matchLabels: { app: api } }
  action: ${action}
  rules:
${rules.map((rule) => `    - ${JSON.stringify(istioRule(rule))}\n`).join('')}`;
}

function istioRule({ callers, headers = {}, ...operation }) {
  const principals = callers?.map((caller) => `cluster.local/ns/shop/sa/caller-${caller}`);
  const when = Object.entries(headers).map(([name, values]) => ({ key: `request.headers[${name}]`, values }));
  return {
    ...(principals && { from: [{ source: { principals } }] }),
    ...(Object.keys(operation).length > 0 && { to: [{ operation }] }),
    ...(when.length > 0 && { when }),
  };
}

function settingsText(allow, deny, acceptsPolicies) {
  const accept = [{ path: 'existingPolicies', until: '2099-01-31', reason: 'they know of tokens' }];
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: shop }
spec:
  scope: { namespace: shop }
  mtls: { mode: Strict }
  authorization:
    default: Deny
${acceptsPolicies ? `    accept: ${JSON.stringify(accept)}\n` : ''}${rulesText('allow', allow)}${rulesText('deny', deny)}`;
}

function rulesText(field, rules) {
  if (rules.length === 0) return '';
  return `    ${field}:\n${rules.map((rule, index) => `      - ${JSON.stringify(intentRule(rule, `${field}-${index}`))}\n`).join('')}`;
}

function intentRule({ callers, ...conditions }, name) {
  const from = callers?.map((caller) => ({ workload: `shop/caller-${caller}` }));
  return { name, ...(from && { from }), to: [{ service: 'api', port: 'http', ...conditions }] };
}

function main() {
  const [name, directory] = process.argv.slice(2);
  if (directory === undefined || policyCases[name] === undefined) {
    console.error(`usage: node bench/policies.mjs ${Object.keys(policyCases).join('|')} <directory>`);
    process.exitCode = 2;
    return;
  }
  writeProject(generateCase(name), resolve(directory));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
