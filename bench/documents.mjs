/** The project file: what the mesh is, and where its manifests and intents lie. */
export function projectText(clusters) {
  return `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata:
  name: bench
spec:
  intents: [intents/]
  output: out/
---
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata:
  name: bench
spec:
  clusters:
${clusters.map(clusterText).join('')}`;
}

function clusterText({ name }) {
  return `    - name: ${name}
      network: ${name}
      istio: { version: "1.29", revision: default }
      manifests: [clusters/${name}/]
`;
}

/** One SecuritySettings: strict mTLS, and nobody but those whom a rule names. */
export function settingsText({ name, rules }) {
  return `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata:
  name: ${name}
spec:
  scope: { namespace: ${name} }
  mtls: { mode: Strict }
  authorization:
    default: Deny
${rulesText('allow', rules.allow)}${rulesText('deny', rules.deny)}`;
}

function rulesText(field, rules) {
  return rules.length === 0 ? '' : `    ${field}:\n${rules.map(ruleText).join('')}`;
}

function ruleText({ name, from, to }) {
  const callers = from === undefined ? '' : `        from: [${from.map(flowText).join(', ')}]\n`;
  return `      - name: ${name}\n${callers}        to: [${flowText(to)}]\n`;
}

function flowText(value) {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (typeof value === 'string') return value.includes('*') ? JSON.stringify(value) : value;
  return `{ ${Object.entries(value)
    .map(([key, child]) => `${key}: ${flowText(child)}`)
    .join(', ')} }`;
}
