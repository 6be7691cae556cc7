import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/mesh/decide.js';
import { endsOf } from '../../../src/mesh/ends.js';
import { namespacesTellingApart } from '../../../src/mesh/paths/visibility.js';
import { differences, settings } from '../support/intents.js';
import { meshOf, policy, service, threeNamespaces, workload } from '../support/mesh.js';
import { get, requestOf } from '../support/requests.js';

const base = `${threeNamespaces}---
apiVersion: v1
kind: Namespace
metadata: { name: other, labels: { istio-injection: enabled } }
${workload('other', 'client')}${workload('side', 'away')}${service('side', 'away')}`;

const byRoute = (http: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: other }
spec: { hosts: [server.side.svc.cluster.local], http: [${http}] }
`;

const sidecar = (hosts: string, policy = '') => `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: other }
spec: { egress: [{ hosts: [./*${hosts}] }]${policy && `, outboundTrafficPolicy: { mode: ${policy} }`} }
`;

/** Where a request of `other/client` to `side/server` ends, and how. */
function end(text: string, path = '/', port = 80): string {
  const mesh = meshOf(base + text);
  const { source, destination, payload } = requestOf(
    'other/client',
    `side/server:${port}`,
    get(path, { host: 'server.side.svc.cluster.local' }),
  );
  const [first] = endsOf(mesh, source, destination, payload);
  if (first === undefined) return 'nowhere';
  const { verdict } = decide(mesh, { source, destination: first, payload });
  if (verdict.kind !== 'denied') return `${'workload' in first ? first.workload : first.kind} ${verdict.kind}`;
  return verdict.response === 'answered' ? String(verdict.status) : verdict.response;
}

describe('T-97 a Service that the sidecar of the client does not import', () => {
  const toServer =
    '{ match: [{ uri: { prefix: /in } }], route: [{ destination: { host: server.side.svc.cluster.local } }] }';
  const toAway = '{ route: [{ destination: { host: away.side.svc.cluster.local, port: { number: 80 } } }] }';

  it('is passed on past its routes where the sidecar has no listener for requests to the port', () => {
    expect(end(sidecar('') + byRoute(toServer), '/out')).toBe('side/server allowed');
    expect(end(sidecar('') + byRoute(toAway))).toBe('side/server allowed');
  });

  it('is sent nowhere there by REGISTRY_ONLY, though a route leads to it', () => {
    expect(end(sidecar('', 'REGISTRY_ONLY') + byRoute(toServer), '/in')).toBe('no-path');
  });

  it('is led by its routes where another host that it imports has the port for requests', () => {
    const imported = ', amb/server.amb.svc.cluster.local';
    expect(end(sidecar(imported) + byRoute(toServer), '/out')).toBe('404');
    expect(end(sidecar(imported) + byRoute(toAway))).toBe('side/away allowed');
  });

  it('is led by its routes where the Sidecar has the port for requests, and by none where it has it for bytes', () => {
    const listening = (protocol: string) =>
      sidecar('').replace(
        'egress: [',
        `egress: [{ port: { number: 80, protocol: ${protocol}, name: own }, hosts: [./*] }, `,
      );
    expect(end(listening('HTTP') + byRoute(toServer), '/out')).toBe('404');
    expect(end(listening('TCP') + byRoute(toServer), '/out')).toBe('side/server allowed');
  });

  it('is led by the Host header there too where its own port is detected', () => {
    const listening = `---
apiVersion: v1
kind: Service
metadata: { name: listening, namespace: other }
spec: { selector: { app: client }, ports: [{ name: http, port: 82 }] }
`;
    expect(end(sidecar('') + listening + byRoute(toAway), '/', 82)).toBe('side/away allowed');
    expect(end(sidecar('') + byRoute(toAway), '/', 82)).toBe('side/server allowed');
  });
});

describe('T-97 callers of a Service that is not exported to them', () => {
  const lone = (namespace: string, name: string, exportTo: string) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace}, annotations: { networking.istio.io/exportTo: '${exportTo}' } }
spec: { selector: { app: server }, ports: [{ name: http, port: 8500 }] }
`;
  const routed = byRoute(toLone()).replace('namespace: other', 'namespace: side').replace('server.side', 'lone.side');

  function toLone(): string {
    return '{ route: [{ destination: { host: lone.side.svc.cluster.local } }] }';
  }

  function toldApart(others: string): readonly string[] {
    const mesh = meshOf(base + lone('side', 'lone', 'side') + routed + others).clusters.get('east');
    const addressed = mesh?.cluster.services.get('side/lone');
    if (mesh === undefined || addressed === undefined) throw new Error('there is no Service');
    return namespacesTellingApart(mesh, addressed);
  }

  it('are told apart by whom other Services are exported to that have its port for requests', () => {
    expect(toldApart('')).not.toContain('other');
    expect(toldApart(lone('amb', 'peer', 'other'))).toContain('other');
    expect(toldApart(lone('amb', 'peer', 'other') + lone('amb', 'open', '*'))).not.toContain('other');
  });
});

describe('T-97 namespaces whose Sidecars import the same', () => {
  const clients = ['first', 'second'].map(
    (name) => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { istio-injection: enabled } }
${workload(name, 'client')}---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: ${name} }
spec: { egress: [{ hosts: [shared/*] }] }
`,
  );
  const server = `${threeNamespaces}---
apiVersion: v1
kind: Namespace
metadata: { name: shared }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: shared }
spec: { hosts: [server.side], http: [{ route: [{ destination: { host: server.side.svc.cluster.local } }] }] }
${policy('side', 'callers', '{ rules: [{ from: [{ source: { serviceAccounts: [first/client, second/client] } }] }] }')}`;
  const rules = settings(
    '{ service: side/server }',
    'authorization: { default: Deny, allow: [{ name: a, from: [{ workload: first/client }, { workload: second/client }] }] }',
  );

  function lostWhereExportedTo(exportTo: string): readonly string[] {
    const imported = `---
apiVersion: v1
kind: Service
metadata: { name: server, namespace: shared, annotations: { networking.istio.io/exportTo: '${exportTo}' } }
spec: { selector: { app: server }, ports: [{ name: http, port: 80 }] }
`;
    const found = differences(server + clients.join('') + imported, rules);
    return found.filter((each) => each.includes(':80')).map((each) => each.split(' to side/')[0] ?? '');
  }

  // Who has no listener sends requests in plaintext, past the route that would send them as its own.
  it.each([
    ['*', []],
    ['first', ['too-little: anything from second/client']],
    ['second', ['too-little: anything from first/client']],
    ['side', ['too-little: anything from first/client, second/client']],
  ])('are told apart by what is exported to one of them: to %s', (exportTo, lost) => {
    expect(lostWhereExportedTo(exportTo)).toEqual(lost);
  });
});

describe('T-92 bytes that are no request', () => {
  const onlyClient = '{ rules: [{ from: [{ source: { serviceAccounts: [side/client] } }] }] }';
  const bytes = (port: number) => {
    const mesh = meshOf(base + policy('amb', 'client', onlyClient));
    return decide(mesh, requestOf('side/client', `amb/server:${port}`, { kind: 'tcp' })).verdict.kind;
  };

  it('pass the listener of a port that is declared HTTP in plaintext, and that of one for bytes as the caller’s', () => {
    expect(bytes(80)).toBe('denied');
    expect(bytes(81)).toBe('allowed');
  });
});

describe('I-09 a request to the address of a pod', () => {
  const strict = `---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: side }
spec: { mtls: { mode: STRICT } }
`;
  const others = `---
apiVersion: v1
kind: Service
metadata: { name: again, namespace: side }
spec: { selector: { app: server }, ports: [{ name: http, port: 8080 }, { name: tcp, port: 9000 }] }
---
apiVersion: v1
kind: Service
metadata: { name: away, namespace: side }
spec: { selector: { app: away }, ports: [{ name: http, port: 8080 }, { name: http-too, port: 9000, targetPort: 8080 }] }
${workload('side', 'away')}`;

  function from(caller: string, to: string, host: string, more = ''): string {
    const mesh = meshOf(threeNamespaces + strict + others + more);
    const { verdict, because } = decide(mesh, requestOf(caller, `pod side/server:${to}`, get('/', { host })));
    return verdict.kind === 'allowed'
      ? verdict.kind
      : `${'response' in verdict ? verdict.response : verdict.kind}: ${because}`;
  }

  it('is led by its Host header where the sidecar of the caller has a listener for requests to the port', () => {
    expect(from('side/client', '8080', 'again.side')).toBe('allowed');
    expect(from('side/client', '8080', 'away:8080')).toContain('its way leads to `side/away`');
  });

  it('meets nothing at the pod where it is led elsewhere', () => {
    const denied = policy('side', 'all', '{ selector: { matchLabels: { app: server } }, action: DENY, rules: [{}] }');
    expect(from('side/client', '8080', 'again.side', denied)).toMatch(/^forbidden: /);
    expect(from('side/client', '8080', 'away.side', denied)).toBe('no-path: its way leads to `side/away`');
  });

  it('passes in plaintext where its Host names nothing at the port, or the sidecar has no such listener', () => {
    expect(from('side/client', '8080', '')).toMatch(/^closed: /);
    expect(from('side/client', '8080', 'server.side')).toMatch(/^closed: /);
    expect(from('side/client', '9000', 'again.side')).toMatch(/^closed: /);
    expect(from('side/client', '8082', 'again.side')).toMatch(/^closed: /);
    expect(from('plain/client', '8080', 'again.side')).toMatch(/^closed: /);
  });

  it('is led by routes for its Host', () => {
    const route = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: side }
spec: { hosts: [again.side.svc.cluster.local], http: [{ directResponse: { status: 418 } }] }
`;
    expect(from('side/client', '8080', 'again.side', route)).toMatch(/^answered: /);
  });

  it('is left to the listener that a Service without virtual IP puts at the pod', () => {
    const headless = `---
apiVersion: v1
kind: Service
metadata: { name: peers, namespace: side }
spec: { clusterIP: None, selector: { app: server }, ports: [{ name: tcp, port: 9000 }] }
`;
    expect(from('side/client', '9000', 'away.side')).toContain('its way leads to `side/away`');
    expect(from('side/client', '9000', 'away.side', headless)).toBe('allowed');
  });

  it('comes to the pod where its Host names a Service without virtual IP, if that is one of its own', () => {
    const headless = `---
apiVersion: v1
kind: Service
metadata: { name: peers, namespace: side }
spec: { clusterIP: None, selector: { app: server }, ports: [{ name: http, port: 8080 }] }
`;
    expect(from('side/client', '8080', 'peers.side', headless)).toBe('allowed');
    expect(from('side/client', '8080', 'peers.side', headless.replace('app: server', 'app: away'))).toMatch(
      /^not-modelled: a Service without virtual IP/,
    );
  });
});

describe('T-91 a destination that is not exported to the proxy', () => {
  const hidden = (text: string) =>
    text.replace(
      service('side', 'away'),
      service('side', 'away').replace(
        'namespace: side',
        "namespace: side, annotations: { networking.istio.io/exportTo: 'plain' }",
      ),
    );

  it.each([
    ['HTTPRoute', 500],
    ['VirtualService', 503],
  ])('is answered as one that does not exist: %s %i', (kind, status) => {
    const route =
      kind === 'VirtualService'
        ? byRoute('{ route: [{ destination: { host: away.side.svc.cluster.local, port: { number: 80 } } }] }')
        : `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: route, namespace: other }
spec:
  parentRefs: [{ group: "", kind: Service, name: server, namespace: side }]
  rules: [{ backendRefs: [{ name: away, namespace: side, port: 80 }] }]
`;
    const mesh = meshOf(hidden(base) + route);
    const { source, destination, payload } = requestOf('other/client', 'side/server:80');
    const { verdict } = decide(mesh, requestOf('other/client', 'side/server:80'));
    expect(endsOf(mesh, source, destination, payload)).toHaveLength(1);
    expect(verdict).toMatchObject({ kind: 'denied', status });
  });
});
