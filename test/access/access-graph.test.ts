import { expect, it } from 'vitest';
import { accessGraph } from '../../src/access/access-graph.js';
import { callersOf } from '../../src/algebra/callers.js';
import { planLane } from '../../src/algebra/lane.js';
import { cellsOf } from '../../src/trace/matrix/cells.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../mesh/support/mesh.js';

const mesh = meshOf(`${threeNamespaces.replace(
  service('amb', 'server'),
  service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'),
)}
${waypoint('amb')}
${workload('amb', 'other')}
${policy('amb', 'readers', '{ targetRefs: [{ group: "", kind: Service, name: server }], rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }], to: [{ operation: { methods: [GET] } }] }, { from: [{ source: { serviceAccounts: [amb/other] } }] }] }')}
${policy('side', 'clients', '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { namespaces: [side] } }] }] }')}
${peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }')}
`);
const { ways } = accessGraph(mesh);

function accessBy(workloadName: string, address: string) {
  const way = ways.find(({ workload: { namespace, name }, address: at }) => {
    return (
      `${namespace}/${name}` === workloadName && (at.kind === 'service' ? `${at.service}:${at.port}` : '') === address
    );
  });
  return way?.access.map(({ who, kind, through, encryption }) => [
    who.kind,
    who.name,
    kind,
    through.join(),
    encryption,
  ]);
}

it('names whoever gets something through, with what, and leaves out who gets nothing', () => {
  expect(accessBy('amb/server', 'amb/server:80')).toEqual([
    ['identity', 'amb/client', 'some', 'GET', 'mutual-tls'],
    ['identity', 'amb/other', 'all', '', 'mutual-tls'],
    ['rest', '', 'all', '', 'mutual-tls'],
    ['outside', 'anyone', 'all', '', 'plaintext'],
    ['outside', 'pods', 'all', '', 'plaintext'],
  ]);
});

it('takes callers together that no rule tells apart', () => {
  expect(accessBy('side/server', 'side/server:80')).toEqual([['namespace', 'side', 'all', '', 'mutual-tls']]);
});

it('says where a way is enforced, and by which policies', () => {
  const points = ways
    .filter(({ workload: { namespace }, address }) => namespace === 'amb' && address.kind === 'service')
    .flatMap((way) => way.points.map(({ name, policies }) => `${name}: ${policies.map((each) => each.name).join()}`));
  expect([...new Set(points)]).toEqual(['waypoint amb/waypoint: readers']);
});

/** Everybody one by one, where the graph takes those together whom no policy tells apart. */
it('says of each caller what all callers asked one by one say', () => {
  const callers = callersOf(mesh);
  let compared = 0;
  for (const way of ways) {
    const { workload: of, address, payload } = way;
    const base = { cluster: of.cluster, workload: `${of.namespace}/${of.name}` };
    const port = address.kind === 'service' ? address.port : address.podPort;
    const destination =
      address.kind === 'service'
        ? ({ kind: 'service', ...base, service: address.service, port } as const)
        : ({ kind: 'pod', ...base, port } as const);
    const cells = cellsOf(mesh, callers, planLane(mesh, callers, { destination, payload }));
    for (const [index, { caller, members }] of callers.classes.entries()) {
      const named = way.access.filter(({ who }) => {
        if (!who.planes.includes(caller.speaks)) return false;
        if (caller.identity === null) return who.name === (caller.cluster === undefined ? 'anyone' : 'pods');
        const account = `${caller.identity.namespace}/${caller.identity.serviceAccount}`;
        return who.kind === 'identity' ? who.name === account : who.kind === 'rest' || who.name === caller.namespace;
      });
      const [nearest] = [...named].sort((left, right) => rank(left.who.kind) - rank(right.who.kind));
      expect([members, base.workload, port, nearest?.kind ?? 'none']).toEqual([
        members,
        base.workload,
        port,
        cells[index]?.kind,
      ]);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(100);
});

function rank(kind: string): number {
  return ['identity', 'namespace', 'rest', 'outside'].indexOf(kind);
}

it('takes nobody into all others whom a Sidecar or a NetworkPolicy of its own keeps away', () => {
  const narrow = `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: narrow, namespace: side }
spec:
  workloadSelector: { labels: { app: narrow } }
  egress: [{ hosts: ["./*"] }]
  outboundTrafficPolicy: { mode: REGISTRY_ONLY }
`;
  const labelsIn = (manifests: string) =>
    accessGraph(meshOf(manifests))
      .ways.filter(({ address }) => address.kind === 'service' && address.service === 'amb/server')
      .flatMap(({ access }) => access.filter(({ who }) => who.kind === 'rest').map(({ who }) => who.label));
  const open = `${threeNamespaces}\n${workload('side', 'narrow')}`;
  expect(labelsIn(open)).toContain('workload in the mesh');
  expect(labelsIn(`${open}\n${narrow}`)).toContain('workload in the mesh that no Sidecar or NetworkPolicy stops');
});
