/** The pods of a gateway of Istio's own API, in a namespace of theirs. */
export const frontPods = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: edge }
spec:
  selector: { matchLabels: { istio: front } }
  template:
    metadata:
      labels: { istio: front, sidecar.istio.io/inject: 'true' }
      annotations: { inject.istio.io/templates: gateway }
    spec: { serviceAccountName: front, containers: [{ name: istio-proxy, image: auto }] }
`;

/** The namespace and the pods, with nothing in front of them. */
export const frontAlone = `---
apiVersion: v1
kind: Namespace
metadata: { name: edge }
${frontPods}`;

/** The same behind a Service with these ports. */
export function frontBehind(ports: string): string {
  return `---
apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: v1
kind: Service
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, ports: ${ports} }
${frontPods}`;
}

/** Behind a Service for HTTP and TLS. */
export const front = frontBehind(
  '[{ name: http, port: 80, targetPort: 8080 }, { name: tls, port: 443, targetPort: 8443 }]',
);
