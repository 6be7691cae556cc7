import { expect, it } from 'vitest';
import { namespacesTellingApart } from '../../../src/mesh/paths/visibility.js';
import { meshOf, threeNamespaces } from '../support/mesh.js';

it.each(['server.side.svc.cluster.local', 'server.side', 'server.side.svc'])(
  'T-92 tells callers apart by the namespaces that a route asks for, by whatever name of the Service: %s',
  (host) => {
    const route = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: side }
spec: { hosts: [${host}], http: [{ match: [{ sourceNamespace: plain }], directResponse: { status: 403 } }] }
`;
    const mesh = meshOf(threeNamespaces + route).clusters.get('east');
    const service = mesh?.cluster.services.get('side/server');
    if (mesh === undefined || service === undefined) throw new Error('there is no Service');
    expect(namespacesTellingApart(mesh, service)).toContain('plain');
  },
);
