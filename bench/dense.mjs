import { projectText } from './documents.mjs';

/** A mesh of workloads that all call each other, each by a rule of its own that says what the others say. */
export const denseCase = { namespaces: 8, workloads: 60 };

/** The files of a project by path. */
export function generateDense({ namespaces, workloads }) {
  const all = range(namespaces).map((team) => ({
    namespace: `team-${team}`,
    names: range(workloads).map((index) => `app-${index}`),
  }));
  return new Map([
    ['ambit.yaml', projectText([{ name: 'east' }])],
    ['clusters/east/mesh.yaml', all.map(namespaceText).join('---\n')],
    ['intents/callers.yaml', callersText(all)],
    ['intents/teams.yaml', all.map(teamText).join('---\n')],
  ]);
}

function range(count) {
  return Array.from({ length: count }, (_, index) => index);
}

function namespaceText({ namespace, names }) {
  const head = `apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: { istio.io/dataplane-mode: ambient } }
`;
  return [head, ...names.map((name) => workloadText(namespace, name))].join('---\n');
}

function workloadText(namespace, name) {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }] }] }
`;
}

function callersText(all) {
  const members = all.flatMap(({ namespace, names }) => names.map((name) => `  - { service: ${namespace}/${name} }\n`));
  return `apiVersion: ambit.dev/v1alpha1
kind: CallerGroup
metadata: { name: everybody }
spec:
  members:
${members.join('')}`;
}

function teamText({ namespace, names }) {
  const rules = names.map(
    (name) => `    - { name: ${name}, from: [{ group: everybody }], to: [{ service: ${name}, port: http }] }\n`,
  );
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata: { name: ${namespace} }
spec:
  scope: { namespace: ${namespace} }
  mtls: { mode: Strict }
  authorization:
    default: Deny
    allow:
${rules.join('')}`;
}
