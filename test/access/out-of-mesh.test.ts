import { expect, it } from 'vitest';
import { type AccessGraph, accessGraph } from '../../src/access/access-graph.js';
import { classesOf } from '../../src/algebra/callers.js';
import { decide } from '../../src/mesh/decide.js';
import { meshOf, policy, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

function serviceEntry(namespace: string, name: string, spec: string, labels = '{}'): string {
  return `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace}, labels: ${labels} }
spec: ${spec}
`;
}

const ports =
  '[{ name: http, number: 80, protocol: HTTP }, { name: tls, number: 443, protocol: TLS }, { name: db, number: 5432, protocol: TCP }]';

const mesh = meshOf(
  `${threeNamespaces}
${workload('amb', 'other')}
---
apiVersion: v1
kind: Namespace
metadata: { name: apart, labels: { istio-injection: enabled } }
${workload('apart', 'client')}
${workload('apart', 'other')}
${waypoint('amb')}
${serviceEntry('istio-system', 'partner', `{ hosts: [api.partner.example], ports: ${ports}, resolution: DNS }`)}
${serviceEntry('side', 'own', `{ hosts: [own.example], ports: ${ports}, resolution: DNS, exportTo: ["."] }`)}
${serviceEntry('amb', 'guarded', '{ hosts: [guarded.example], ports: [{ name: http, number: 80, protocol: HTTP }], resolution: DNS }', '{ istio.io/use-waypoint: waypoint }')}
${policy('amb', 'readers', '{ targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: guarded }], rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }], to: [{ operation: { methods: [GET] } }] }] }')}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: side }
spec:
  host: api.partner.example
  trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: amb }
spec:
  podSelector: { matchLabels: { app: other } }
  policyTypes: [Egress]
  egress: [{ ports: [{ port: 443 }] }]
`,
  { outboundTrafficPolicy: 'REGISTRY_ONLY' },
);
const graph = accessGraph(mesh);

function told(access: AccessGraph['out'][number]['access']) {
  return access.map(({ who, kind, through, encryption, points }) =>
    [who.label, kind, through.join(), encryption, points.join()].join(' | '),
  );
}

function out(host: string, port: number) {
  return graph.out.filter((way) => way.host === host && way.port.number === port).map(({ access }) => told(access));
}

it('names callers of a host in the fewest words, and says how what they send is encrypted', () => {
  expect(out('api.partner.example', 443)).toEqual([
    [
      'workload in the mesh | all |  | client-tls | NetworkPolicy amb/closed,REGISTRY_ONLY of the mesh',
      'pods outside the mesh | all |  | client-tls | ',
    ],
  ]);
  expect(out('api.partner.example', 80)).toEqual([
    [
      'amb/other | none |  | unknown | NetworkPolicy amb/closed',
      'namespace side | all |  | tls | REGISTRY_ONLY of the mesh',
      'workload in the mesh | all |  | plaintext | REGISTRY_ONLY of the mesh',
      'pods outside the mesh | all |  | plaintext | ',
    ],
  ]);
  expect(out('api.partner.example', 5432)[0]?.[1]).toBe(
    'workload in the mesh | all |  | unknown | REGISTRY_ONLY of the mesh',
  );
});

it('tells namespaces apart to which a ServiceEntry is exported', () => {
  expect(out('own.example', 443)).toEqual([
    [
      'namespace apart | none |  | unknown | REGISTRY_ONLY of the mesh',
      'workload in the mesh | all |  | client-tls | NetworkPolicy amb/closed,REGISTRY_ONLY of the mesh',
      'pods outside the mesh | all |  | client-tls | ',
    ],
  ]);
});

it('tells what a waypoint before a host lets through', () => {
  expect(out('guarded.example', 80)[0]).toEqual([
    'amb/client | some | GET | plaintext | waypoint amb/waypoint',
    'amb/other | none |  | unknown | NetworkPolicy amb/closed',
    'amb/server | none |  | unknown | waypoint amb/waypoint',
    'workload in the mesh | all |  | plaintext | REGISTRY_ONLY of the mesh',
    'pods outside the mesh | all |  | plaintext | ',
  ]);
});

it('tells who may call what no ServiceEntry makes known', () => {
  expect(graph.unknownHosts.map(({ access }) => told(access))).toEqual([
    [
      'amb/client | all |  | unknown | ',
      'amb/other | some | port 443 | unknown | NetworkPolicy amb/closed',
      'amb/server | all |  | unknown | ',
      'pods outside the mesh | all |  | unknown | ',
    ],
  ]);
});

/** Each caller by itself, as a trace decides one request of it. */
it('says of each caller what one request of it meets', () => {
  let compared = 0;
  for (const { host, entry, port, payload, access } of graph.out) {
    for (const { source, caller } of classesOf(mesh)) {
      if (caller.cluster !== 'east') continue;
      const sent =
        payload === 'tcp'
          ? ({ kind: 'tcp' } as const)
          : ({ kind: 'http', method: 'GET', path: '/', host, headers: {} } as const);
      const destination = { kind: 'external', cluster: 'east', entry, host, port: port.number } as const;
      const { verdict } = decide(mesh, { source, destination, payload: sent });
      const near = access.filter(({ who }) => {
        if (caller.identity === null) return who.kind === 'outside';
        if (caller.speaks === 'gateway') return who.label === 'gateway';
        if (who.kind === 'identity') return who.name === `${caller.namespace}/${caller.identity.serviceAccount}`;
        return who.kind === 'namespace' ? who.name === caller.namespace : who.label === 'workload in the mesh';
      });
      const ranks = ['identity', 'namespace', 'rest', 'outside'];
      const [nearest] = [...near].sort((left, right) => ranks.indexOf(left.who.kind) - ranks.indexOf(right.who.kind));
      const kind = nearest?.kind ?? 'none';
      expect([host, port.number, source, kind === 'none' ? 'denied' : 'allowed']).toEqual([
        host,
        port.number,
        source,
        verdict.kind,
      ]);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(30);
});
