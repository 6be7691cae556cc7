/** A small project that compiles, as files below a directory. */
export function smallProject(
  directory: string,
  project = 'intents: [intents/]\n  output: out/',
): Record<string, string> {
  return {
    [`${directory}/ambit.yaml`]: `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata:
  name: shop
spec:
  ${project}
---
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata:
  name: mesh
spec:
  clusters:
    - name: east
      manifests: [clusters/east/]
`,
    [`${directory}/intents/shop.yaml`]: `apiVersion: ambit.dev/v1alpha1
kind: SecuritySettings
metadata:
  name: shop
spec:
  scope: { namespace: shop }
  authorization:
    default: Deny
    allow:
      - name: checkout-pays
        from: [{ service: checkout }]
        to: [{ service: payments, port: http }]
`,
    [`${directory}/clusters/east/shop.yaml`]: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { istio.io/dataplane-mode: ambient }
${application('checkout')}${application('payments')}`,
  };
}

/** What runs one application of the namespace `shop`. */
export function application(name: string): string {
  return `---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ${name}, namespace: shop }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  clusterIP: 10.0.0.1
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
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
      containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }]
`;
}
