import { describe, expect, it } from 'vitest';
import { copiesOf, decide, decideThrough } from '../../../src/mesh/decide.js';
import { endsOf } from '../../../src/mesh/ends.js';
import type { HttpRequest } from '../../../src/mesh/request.js';
import { frontAlone } from '../support/classic-gateway.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  requestAuthentication,
  type Settings,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../support/mesh.js';
import { get, requestOf } from '../support/requests.js';

const route = (kind: string, namespace: string, spec: string, name = 'route', created = '') => `---
apiVersion: ${kind === 'VirtualService' || kind === 'DestinationRule' ? 'networking.istio.io' : 'gateway.networking.k8s.io'}/v1
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace}${created && `, creationTimestamp: "${created}"`} }
spec: ${spec}
`;
const virtualService = (namespace: string, rules: string, more = '', name = 'route', created = '') =>
  route(
    'VirtualService',
    namespace,
    `{ hosts: [server.${namespace}.svc.cluster.local], ${more} http: [${rules}] }`,
    name,
    created,
  );
const httpRoute = (namespace: string, rules: string, name = 'route') =>
  route(
    'HTTPRoute',
    namespace,
    `{ parentRefs: [{ group: "", kind: Service, name: server, port: 80 }], rules: [${rules}] }`,
    name,
  );
const to = (host: string, more = '') => `route: [{ destination: { host: ${host}${more} } }]`;
const toServer = to('server');
const other = (namespace: string) => workload(namespace, 'other') + service(namespace, 'other');

/** The pods at which a request ends, and what is said of it there: `side/server allowed`, `404`. */
function ends(text: string, from: string, at: string, payload: HttpRequest = get(), settings: Settings = {}): string {
  const mesh = meshOf(text, settings);
  const { source, destination, payload: sent } = requestOf(from, at, payload);
  const told = endsOf(mesh, source, destination, sent).map((end) => {
    const { verdict, because } = decide(mesh, { source, destination: end, payload: sent });
    if (verdict.kind === 'not-modelled') return `not-modelled: ${because}`;
    if (verdict.kind === 'denied' && verdict.response === 'answered') return String(verdict.status);
    return `${'workload' in end ? end.workload : ''} ${verdict.kind}`;
  });
  return told.join(', ');
}

/** What the last enforcement point sees of the request. */
function seen(text: string, from: string, at: string, payload: HttpRequest = get()): string {
  const { trace } = decide(meshOf(text), requestOf(from, at, payload));
  const http = trace.at(-1)?.sees.http;
  return http === undefined ? 'nothing' : `${http.path} at ${http.host}`;
}

describe('at the sidecar of the client', () => {
  const base = threeNamespaces + other('side');

  it('I-01 a VirtualService leads to another Service, whose policies meet the caller there (T-23)', () => {
    const rules = `{ match: [{ uri: { prefix: /v2 } }], ${to('other')} }, { ${toServer} }`;
    const closed = policy(
      'side',
      'p',
      '{ selector: { matchLabels: { app: other } }, rules: [{ from: [{ source: { serviceAccounts: [side/server] } }] }] }',
    );
    const text = base + virtualService('side', rules) + closed;
    expect(ends(text, 'side/client', 'side/server:80', get('/v2/x'))).toBe('side/other denied');
    expect(ends(text, 'side/server', 'side/server:80', get('/v2/x'))).toBe('side/other allowed');
    expect(ends(text, 'side/client', 'side/server:80', get('/home'))).toBe('side/server allowed');
  });

  it('T-90 a prefix is text, and its rewrite replaces what it named', () => {
    const rules = `{ match: [{ uri: { prefix: /v1 } }], rewrite: { uri: /new }, ${toServer} }, { ${toServer} }`;
    const text = base + virtualService('side', rules);
    expect(seen(text, 'side/client', 'side/server:80', get('/v10?a=b'))).toBe('/new0 at server.side');
    expect(seen(text, 'side/client', 'side/server:80', get('/v2'))).toBe('/v2 at server.side');
  });

  it('T-90 a prefix of the Gateway API goes by elements', () => {
    const filter =
      '{ type: URLRewrite, urlRewrite: { hostname: in.example, path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }';
    const backend = 'backendRefs: [{ name: server, port: 80 }]';
    const text =
      base +
      httpRoute('side', `{ matches: [{ path: { value: /v1 } }], filters: [${filter}], ${backend} }, { ${backend} }`);
    expect(seen(text, 'side/client', 'side/server:80', get('/v1/x'))).toBe('/x at in.example');
    expect(seen(text, 'side/client', 'side/server:80', get('/v1'))).toBe('/ at in.example');
    expect(seen(text, 'side/client', 'side/server:80', get('/v10'))).toBe('/v10 at server.side');
  });

  it('T-90 parameters are compared as they are written, and the first of a name counts', () => {
    const rules = `{ match: [{ queryParams: { v: { exact: "2" } } }], ${to('other')} }, { ${toServer} }`;
    const text = base + virtualService('side', rules);
    const endsAt = (path: string) => ends(text, 'side/client', 'side/server:80', get(path));
    expect(endsAt('/a?w=1&v=2')).toBe('side/other allowed');
    expect(endsAt('/a?v=2&v=1')).toBe('side/other allowed');
    expect(endsAt('/a?v=1&v=2')).toBe('side/server allowed');
    expect(endsAt('/a?v=%32')).toBe('side/server allowed');
    expect(endsAt('/a?%76=2')).toBe('side/server allowed');
  });

  it('§8.1 a fragment is left out before routes look at a request, with what looks like parameters in it', () => {
    const rules = `{ match: [{ queryParams: { v: { exact: "2" } } }], ${to('other')} }, { ${toServer} }`;
    const text = base + virtualService('side', rules);
    expect(ends(text, 'side/client', 'side/server:80', get('/a?v=2#b'))).toBe('side/other allowed');
    expect(ends(text, 'side/client', 'side/server:80', get('/a#b?v=2'))).toBe('side/server allowed');
    expect(seen(text, 'side/client', 'side/server:80', get('/a#b'))).toBe('/a at server.side');
  });

  it('T-91 a destination without a port is at the port that was addressed, whatever ports it has', () => {
    const single = `---
apiVersion: v1
kind: Service
metadata: { name: single, namespace: side }
spec: { selector: { app: other }, ports: [{ name: http, port: 80, targetPort: web }] }
`;
    const text = base + single + virtualService('side', `{ ${to('single')} }`);
    expect(ends(text, 'side/client', 'side/server:80')).toBe('side/other allowed');
    expect(ends(text, 'side/client', 'side/server:82')).toBe('503');
  });

  it('T-91 a sidecar knows what the routes that it imports lead to, whatever else it imports', () => {
    const sidecar = `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: narrow, namespace: side }
spec: { egress: [{ hosts: [side/*] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`;
    const onlyClient = policy('amb', 'p', '{ rules: [{ from: [{ source: { serviceAccounts: [side/client] } }] }] }');
    const text = base + sidecar + onlyClient + virtualService('side', `{ ${to('server.amb.svc.cluster.local')} }`);
    expect(ends(text, 'side/client', 'side/server:80')).toBe('amb/server allowed');
    expect(ends(text, 'side/client', 'amb/server:80', get('/', { host: 'server.amb' }))).toBe('amb/server denied');
  });

  it('T-92 a VirtualService for the very name by which a Service is called has it before the Service', () => {
    const named = (rules: string, created: string) =>
      route('VirtualService', 'side', `{ hosts: [server.side], http: [${rules}] }`, 'named', created);
    const text = base + named(`{ ${to('other')} }`, '2026-01-02T00:00:00Z');
    const endsAs = (all: string, host: string) => ends(all, 'side/client', 'side/server:80', get('/', { host }));
    expect(endsAs(text, 'server.side')).toBe('side/other allowed');
    expect(endsAs(text, 'SERVER.side:80')).toBe('side/other allowed');
    expect(endsAs(text, 'server')).toBe('side/server allowed');
    expect(endsAs(text, 'server.side.svc.cluster.local')).toBe('side/server allowed');
    const owner = (created: string) =>
      virtualService('side', '{ directResponse: { status: 410 } }', '', 'own', created);
    expect(endsAs(text + owner('2026-01-01T00:00:00Z'), 'server.side')).toBe('410');
    expect(endsAs(text + owner('2026-01-03T00:00:00Z'), 'server.side')).toBe('side/other allowed');
    expect(endsAs(text + owner(''), 'server.side')).toContain('not-modelled');
  });

  it('I-01b a wildcard counts where no route names the host, and of wildcards only the closest and oldest', () => {
    const wide = (rules: string, name: string, created: string, host = '*.side.svc.cluster.local') =>
      route('VirtualService', 'side', `{ hosts: ["${host}"], http: [${rules}] }`, name, created);
    const endsAt = (text: string, from = 'side/client', path = '/') =>
      ends(base + text, from, 'side/server:80', get(path));
    const answers = wide('{ directResponse: { status: 410 } }', 'wide', '2026-01-02T00:00:00Z');
    expect(endsAt(answers)).toBe('410');
    const elsewhere = `{ parentRefs: [{ group: "", kind: Service, name: server, namespace: side }], rules: [{ matches: [{ path: { value: /x } }], backendRefs: [{ name: server, namespace: side, port: 80 }] }] }`;
    expect(endsAt(answers + route('HTTPRoute', 'none', elsewhere))).toBe('side/server allowed');
    const atOtherPort = `{ match: [{ port: 81 }], ${toServer} }`;
    expect(endsAt(answers + wide(atOtherPort, 'older', '2026-01-01T00:00:00Z'))).toBe('side/server allowed');
    expect(endsAt(answers + wide(atOtherPort, 'younger', '2026-01-03T00:00:00Z'))).toBe('410');
  });

  it('T-92 a wildcard that is for Services is for no other name', () => {
    const wide = (host: string) =>
      base + route('VirtualService', 'side', `{ hosts: ["${host}"], http: [{ directResponse: { status: 410 } }] }`);
    const endsAs = (text: string, host: string) => ends(text, 'side/client', 'side/server:80', get('/', { host }));
    expect(endsAs(wide('*.side.svc.cluster.local'), 'nobody.side.svc.cluster.local')).toBe('side/server allowed');
    expect(endsAs(wide('*.example'), 'some.example')).toBe('410');
  });

  it('T-92 on a port for bytes all routes count that are for the host, by a wildcard as well', () => {
    const rules = (port: number) => `tcp: [{ match: [{ port: ${port} }], ${to('other', ', port: { number: 81 }')} }]`;
    const near = `{ hosts: [server.side.svc.cluster.local], ${rules(80)} }`;
    const wide = `{ hosts: ["*.side.svc.cluster.local"], ${rules(81)} }`;
    const text = base + route('VirtualService', 'side', near, 'near') + route('VirtualService', 'side', wide, 'wide');
    const { source, destination } = requestOf('side/client', 'side/server:81', get());
    expect(endsOf(meshOf(text), source, destination, { kind: 'tcp' })).toMatchObject([{ workload: 'side/other' }]);
  });

  describe('F-11 where a DestinationRule keeps the address that the client chose', () => {
    const notFollowed = 'not-modelled: a DestinationRule lets connections go';
    const keeping = (host: string, subsets = '') => {
      const spec = `{ host: ${host}.side.svc.cluster.local, trafficPolicy: { loadBalancer: { simple: PASSTHROUGH } }${subsets} }`;
      return base + route('DestinationRule', 'side', spec);
    };

    it('a route to another Service is not followed', () => {
      const text = keeping('other') + virtualService('side', `{ ${to('other')} }`);
      expect(ends(text, 'side/client', 'side/server:80')).toContain(notFollowed);
      expect(ends(keeping('other'), 'side/client', 'side/other:80', get('/', { host: 'other' }))).toBe(
        'side/other allowed',
      );
    });

    it('nor one to a Service without pods', () => {
      const idle = `---
apiVersion: v1
kind: Service
metadata: { name: idle, namespace: side }
spec: { selector: { app: nobody }, ports: [{ name: http, port: 80 }] }
`;
      const text = idle + virtualService('side', `{ ${to('idle')} }`);
      expect(ends(base + text, 'side/client', 'side/server:80')).toContain('503');
      expect(ends(keeping('idle') + text, 'side/client', 'side/server:80')).toContain(notFollowed);
    });

    it('nor one to a version of the Service', () => {
      const subsets = ', subsets: [{ name: none, labels: { version: none } }, { name: all, labels: { app: server } }]';
      const leading = (subset: string) =>
        keeping('server', subsets) + virtualService('side', `{ ${to('server', `, subset: ${subset}`)} }`);
      expect(ends(leading('none'), 'side/client', 'side/server:80')).toContain(notFollowed);
      expect(ends(leading('all'), 'side/client', 'side/server:80')).toContain('not-modelled: how subset `all`');
    });
  });

  describe('F-11 where a Service has no virtual IP', () => {
    const notFollowed = 'not-modelled: a Service without virtual IP';
    const headless = service('side', 'other').replace('spec:', 'spec:\n  clusterIP: None');
    const withOther = threeNamespaces + workload('side', 'other') + headless;

    it('a route to it from another Service is not followed', () => {
      const text = withOther + virtualService('side', `{ ${to('other')} }`);
      expect(ends(text, 'side/client', 'side/server:80')).toContain(notFollowed);
      expect(ends(text, 'side/client', 'side/other:80', get('/', { host: 'other' }))).toBe('side/other allowed');
    });

    it('nor one by the address', () => {
      const toOther = '{ match: [{ port: 81 }], route: [{ destination: { host: other, port: { number: 81 } } }] }';
      const spec = `{ hosts: [server.side.svc.cluster.local], tcp: [${toOther}] }`;
      const { source, destination } = requestOf('side/client', 'side/server:81', get());
      const asked = { source, destination, payload: { kind: 'tcp' } } as const;
      const decided = (text: string) => decide(meshOf(text + route('VirtualService', 'side', spec)), asked);
      expect(decided(threeNamespaces + other('side')).verdict.kind).toBe('denied');
      expect(`${decided(withOther).verdict.kind}: ${decided(withOther).because}`).toContain(notFollowed);
    });

    it('nor a request that names it and is sent to another', () => {
      expect(ends(withOther, 'side/client', 'side/server:80', get('/', { host: 'other' }))).toContain(notFollowed);
    });
  });

  it('T-31 policies of the server see the headers that a route writes', () => {
    const needs = policy(
      'side',
      'p',
      '{ selector: { matchLabels: { app: server } }, rules: [{ when: [{ key: "request.headers[x]", values: [night] }] }] }',
    );
    const text = base + needs + virtualService('side', `{ headers: { request: { set: { X: night } } }, ${toServer} }`);
    expect(ends(text, 'side/client', 'side/server:80')).toBe('side/server allowed');
    expect(ends(base + needs, 'side/client', 'side/server:80')).toBe('side/server denied');
  });

  it.each([
    ['T-10 no rule matches', `{ match: [{ uri: { exact: /a } }], ${toServer} }`, '404'],
    ['a direct answer', '{ directResponse: { status: 410 } }', '410'],
    ['a redirect', '{ redirect: { uri: /new, redirectCode: 308 } }', '308'],
    [
      'every request is aborted',
      `{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, ${toServer} }`,
      '418',
    ],
    [
      'some are aborted',
      `{ fault: { abort: { httpStatus: 418, percentage: { value: 5 } } }, ${toServer} }`,
      'side/server allowed',
    ],
    ['T-91 a host that nothing has', `{ ${to('gone')} }`, '503'],
    ['T-91 a port that the Service has not', `{ ${to('server', ', port: { number: 99 }')} }`, '503'],
    ['T-07 a subset of no DestinationRule', `{ ${to('server', ', subset: v9')} }`, '503'],
  ])('%s', (_, rules, expected) =>
    expect(ends(base + virtualService('side', rules), 'side/client', 'side/server:80')).toBe(expected),
  );

  it('T-91 a missing backend of an HTTPRoute is answered with 500', () => {
    const text = base + httpRoute('side', '{ backendRefs: [{ name: gone, port: 80 }] }');
    expect(ends(text, 'side/client', 'side/server:80')).toBe('500');
  });

  const versions =
    workload('side', 'one', ', set: all, version: v1') + workload('side', 'two', ', set: all, version: v2');
  const all = service('side', 'all').replace('{ app: all }', '{ set: all }');
  const subsets = (namespace: string, list: string, name = 'subsets') =>
    route('DestinationRule', namespace, `{ host: all.side.svc.cluster.local, ${list} }`, name);
  const split = route(
    'VirtualService',
    'side',
    `{ hosts: [all], http: [{ route: [{ destination: { host: all, subset: v1 }, weight: 10 }, { destination: { host: all, subset: v2 }, weight: 90 }] }] }`,
  );
  const asked = (text: string, from = 'side/client') => {
    const mesh = meshOf(threeNamespaces + versions + all + text);
    const { source, payload } = requestOf(from, 'side/server:80', get('/', { host: 'all.side' }));
    const destination = {
      kind: 'service',
      cluster: 'east',
      service: 'side/all',
      port: 80,
      workload: 'side/one',
    } as const;
    return endsOf(mesh, source, destination, payload).flatMap((end) => {
      const { verdict } = decide(mesh, { source, destination: end, payload });
      return 'workload' in end ? `${end.workload} ${verdict.kind}` : [];
    });
  };

  it('T-20 the version that gets most requests is named first', () => {
    const both = subsets(
      'side',
      'subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]',
    );
    expect(asked(split + both)).toEqual(['side/two allowed', 'side/one allowed']);
  });

  it('T-91 nobody has the labels of a version', () => {
    const none = subsets(
      'side',
      'subsets: [{ name: v1, labels: { version: v8 } }, { name: v2, labels: { version: v9 } }]',
    );
    expect(asked(split + none)).toEqual(['side/one denied']);
  });

  it.each([
    ['their own labels fit', '{ version: v1, topology.kubernetes.io/zone: north }', 'side/one not-modelled'],
    ['their own labels do not fit', '{ version: v8, topology.kubernetes.io/zone: north }', 'side/one denied'],
    ['the label is written on none, and is empty', '{ version: v1, topology.istio.io/subzone: "" }', 'side/one denied'],
  ])('T-91 istiod adds labels of their nodes to pods, which no manifest tells: %s', (_, labels, expected) => {
    const one = split.replace('subset: v2', 'subset: v1');
    expect(asked(one + subsets('side', `subsets: [{ name: v1, labels: ${labels} }]`))).toContain(expected);
  });

  it('T-07 a rule of the client’s namespace hides the subsets of the Service’s', () => {
    const both = subsets(
      'side',
      'subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]',
    );
    const hiding = subsets('plain', 'trafficPolicy: { loadBalancer: { simple: RANDOM } }', 'pool');
    const inPlain =
      '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: near, labels: { istio-injection: enabled } }\n' +
      workload('near', 'client');
    expect(asked(split + both + inPlain, 'near/client')).toEqual(['side/two allowed', 'side/one allowed']);
    expect(
      asked(split + both + inPlain + hiding.replace('namespace: plain', 'namespace: near'), 'near/client'),
    ).toEqual(['side/one denied']);
  });
});

describe('T-92 sidecars go by the Host header', () => {
  const base = threeNamespaces + other('side');
  const strict = peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }');
  const hosts = (host: string, from = 'side/client') => ends(base + strict, from, 'side/server:80', get('/', { host }));

  it.each([
    'server',
    'server.side',
    'server.side:8000',
    'SERVER.side.svc',
    'server.side.svc.cluster.local',
    'server.side.svc.cluster.local.',
  ])('%s names the Service', (host) => expect(hosts(host)).toBe('side/server allowed'));

  it('another Service’s name leads to that', () => expect(hosts('other.side')).toBe('side/other allowed'));
  it('a short name is of the namespace of the client', () => {
    const near =
      '---\napiVersion: v1\nkind: Namespace\nmetadata: { name: near, labels: { istio-injection: enabled } }\n' +
      workload('near', 'client');
    expect(ends(base + strict + near, 'near/client', 'side/server:80', get('/', { host: 'server' }))).toBe(
      'side/server denied',
    );
  });
  it('what nothing is called leaves in plaintext, which STRICT refuses', () => {
    expect(hosts('www.example.com')).toBe('side/server denied');
    expect(ends(base, 'side/client', 'side/server:80', get('/', { host: 'www.example.com' }))).toBe(
      'side/server allowed',
    );
  });
  it('ambient callers go by the address', () => {
    expect(ends(base, 'amb/client', 'side/server:80', get('/', { host: 'other.side' }))).toBe('side/server allowed');
  });
  it('so do sidecars where the protocol is detected', () => {
    expect(ends(base + strict, 'side/client', 'side/server:82', get('/', { host: 'other.side' }))).toBe(
      'side/server allowed',
    );
  });
  it('a host of a VirtualService is one more name', () => {
    const named = route('VirtualService', 'side', `{ hosts: [shop.example], http: [{ ${toServer} }] }`);
    expect(ends(base + strict + named, 'side/client', 'side/other:80', get('/', { host: 'shop.example' }))).toBe(
      'side/server allowed',
    );
  });
});

describe('which route owns a host at sidecars', () => {
  const base = threeNamespaces + other('side');
  const answers = (status: number) => `{ directResponse: { status: ${status} } }`;
  const asked = (text: string, from = 'side/client') => ends(base + text, from, 'side/server:80');

  it('I-01b the oldest, and it is not known which where manifests have no dates', () => {
    const [first, second] = ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'];
    const dated =
      virtualService('side', answers(410), '', 'b', first) + virtualService('side', answers(411), '', 'a', second);
    expect(asked(dated)).toBe('410');
    expect(
      asked(virtualService('side', answers(410), '', 'b') + virtualService('side', answers(411), '', 'a')),
    ).toContain('which of VirtualService side/a, VirtualService side/b is the oldest');
    expect(asked(virtualService('side', answers(410), '', 'b') + virtualService('side', answers(410), '', 'a'))).toBe(
      '410',
    );
  });

  it('T-04 what is exported to the namespace alone goes before what all see, and `~` hides', () => {
    const all = virtualService('side', answers(410), '', 'all', '2020-01-01T00:00:00Z');
    expect(asked(all + virtualService('side', answers(411), 'exportTo: ["."],', 'own', '2025-01-01T00:00:00Z'))).toBe(
      '411',
    );
    expect(asked(virtualService('side', answers(411), 'exportTo: ["~"],'))).toBe('side/server allowed');
  });

  it('an exact host goes before a wildcard, and a longer one before a shorter', () => {
    const wide = (host: string, status: number, name: string) =>
      route('VirtualService', 'side', `{ hosts: ["${host}"], http: [${answers(status)}] }`, name);
    const both = wide('*.local', 410, 'short') + wide('*.side.svc.cluster.local', 411, 'long');
    expect(asked(both)).toBe('411');
    expect(asked(both + virtualService('side', answers(412), '', 'exact'))).toBe('412');
  });

  it('T-14 one that lists gateways without `mesh` is none', () => {
    expect(asked(virtualService('side', answers(410), 'gateways: [public],'))).toBe('side/server allowed');
    expect(asked(virtualService('side', answers(410), 'gateways: [public, mesh],'))).toBe('410');
  });

  it('matches by the labels and the namespace of the client count', () => {
    const labelled = virtualService(
      'side',
      `{ match: [{ sourceLabels: { app: client } }], directResponse: { status: 410 } }, { ${toServer} }`,
    );
    expect(asked(labelled)).toBe('410');
    expect(asked(labelled, 'side/other')).toBe('side/server allowed');
    const named = virtualService(
      'side',
      `{ match: [{ sourceNamespace: amb }], directResponse: { status: 410 } }, { ${toServer} }`,
    );
    expect(asked(named)).toBe('side/server allowed');
  });
});

describe('at a waypoint', () => {
  const base =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    other('amb');
  const backend = (name: string) => `backendRefs: [{ name: ${name}, port: 80 }]`;

  it('T-23 a route to another Service goes past its policies, and the pods see the waypoint', () => {
    const closed = policy('amb', 'closed', "{ targetRefs: [{ group: '', kind: Service, name: other }], rules: [] }");
    const guard = policy(
      'amb',
      'guard',
      '{ selector: { matchLabels: { app: other } }, rules: [{ from: [{ source: { serviceAccounts: [amb/waypoint] } }] }] }',
    );
    const rules = `{ matches: [{ path: { value: /v2 } }], ${backend('other')} }, { ${backend('server')} }`;
    const text = base + closed + guard + httpRoute('amb', rules);
    expect(ends(text, 'amb/client', 'amb/server:80', get('/v2/x'))).toBe('amb/other allowed');
    expect(ends(text, 'amb/client', 'amb/other:80')).toBe('amb/other denied');
    expect(ends(text, 'amb/client', 'amb/server:80', get('/v20'))).toBe('amb/server allowed');
  });

  it('T-10 no rule matches, and its own policies are asked first', () => {
    const text = base + httpRoute('amb', `{ matches: [{ path: { type: Exact, value: /a } }], ${backend('server')} }`);
    expect(ends(text, 'amb/client', 'amb/server:80', get('/b'))).toBe('404');
    expect(ends(text, 'amb/client', 'amb/server:80', get('/a'))).toBe('amb/server allowed');
    const closed = policy('amb', 'closed', "{ targetRefs: [{ group: '', kind: Service, name: server }], rules: [] }");
    expect(ends(text + closed, 'amb/client', 'amb/server:80', get('/b'))).toBe('amb/server denied');
  });

  it('T-01 reads routes of its own namespace and the Service’s only', () => {
    const answer = (namespace: string) =>
      route(
        'VirtualService',
        namespace,
        '{ hosts: [server.amb.svc.cluster.local], http: [{ directResponse: { status: 410 } }] }',
      );
    expect(ends(base + answer('amb'), 'amb/client', 'amb/server:80')).toBe('410');
    expect(ends(base + answer('plain'), 'amb/client', 'amb/server:80')).toBe('amb/server allowed');
  });

  it('T-03 the rules of several are put together from 1.30 on, and before it is a matter of the patch release', () => {
    const two = (first: string, second: string) =>
      virtualService('amb', first, '', 'a', '2024-01-01T00:00:00Z') +
      virtualService('amb', second, '', 'b', '2025-01-01T00:00:00Z');
    const text =
      base +
      two(
        '{ match: [{ uri: { exact: /a } }], directResponse: { status: 410 } }',
        '{ directResponse: { status: 411 } }',
      );
    const asked = (path: string, version: Settings['version']) =>
      ends(text, 'amb/client', 'amb/server:80', get(path), { ...(version && { version }) });
    expect(asked('/a', '1.30')).toBe('410');
    expect(asked('/b', '1.30')).toBe('411');
    expect(asked('/a', '1.29')).toBe('410');
    expect(asked('/b', '1.29')).toContain('whether together');
  });

  it('T-12 a match by labels of the client is dropped, and T-13 a namespace is the waypoint’s', () => {
    const answers = (match: string) =>
      virtualService('amb', `{ match: [${match}], directResponse: { status: 410 } }, { ${toServer} }`);
    expect(ends(base + answers('{ sourceLabels: { app: client } }'), 'amb/client', 'amb/server:80')).toBe(
      'amb/server allowed',
    );
    expect(ends(base + answers('{ sourceNamespace: amb }'), 'side/client', 'amb/server:80')).toBe('amb/server allowed');
    expect(ends(base + answers('{ sourceNamespace: amb }'), 'amb/client', 'amb/server:80')).toBe('410');
  });

  it('I-02 sidecars go past it, with the same route', () => {
    const rules = `{ matches: [{ path: { value: /v2 } }], ${backend('other')} }, { ${backend('server')} }`;
    expect(ends(base + httpRoute('amb', rules), 'side/client', 'amb/server:80', get('/v2'))).toBe('amb/other allowed');
  });
});

describe('T-94 copies of what is forwarded', () => {
  const base =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    other('amb') +
    other('side');
  const mirrored = (rule = toServer, more = '') =>
    virtualService('side', `{ ${rule}, mirror: { host: other }${more && `, ${more}`} }`);
  /** What becomes of the copies of a request: their share, where each goes, and what is said of it there. */
  const copies = (text: string, at = 'side', payload: HttpRequest = get(), settings: Settings = {}) => {
    const mesh = meshOf(base + text, settings);
    return copiesOf(mesh, decide(mesh, requestOf(`${at}/client`, `${at}/server:80`, payload))).map(
      ({ verdict, way, trace }) => {
        const end = way?.end.kind === 'pods' ? way.end.workloads.join() : way?.end.kind;
        const http = trace.at(-1)?.sees.http;
        return `${Math.round((way?.share ?? 0) * 100)}% ${end} ${verdict.kind} ${http?.path} at ${http?.host}`;
      },
    );
  };
  const closed = policy('side', 'closed', '{ selector: { matchLabels: { app: other } }, rules: [] }');

  it('go as the request leaves the proxy, and meet the policies there', () => {
    expect(copies(mirrored())).toEqual(['100% side/other allowed / at server.side']);
    expect(copies(mirrored() + closed)).toEqual(['100% side/other denied / at server.side']);
    expect(copies(mirrored(`rewrite: { uri: /new, authority: in.example }, ${toServer}`, 'mirrorPercent: 5'))).toEqual([
      '5% side/other allowed /new at in.example',
    ]);
  });

  it('leave what the caller is told as it is', () => {
    expect(ends(base + mirrored() + closed, 'side/client', 'side/server:80')).toBe('side/server allowed');
  });

  it('are requests to the pods that they come to', () => {
    const asked = (text: string) => {
      const request = requestOf('side/client', 'side/server:80');
      const destination = { ...request.destination, workload: 'side/other' } as typeof request.destination;
      return decide(meshOf(base + text), { ...request, destination }).verdict.kind;
    };
    expect(asked('')).toBe('denied');
    expect(asked(mirrored())).toBe('allowed');
    expect(asked(mirrored() + closed)).toBe('denied');
  });

  it('are part of the drawn share, and none is made of what is answered or has nowhere to go', () => {
    const abort = 'fault: { abort: { httpStatus: 418, percentage: { value: 25 } } }';
    expect(copies(mirrored(toServer, abort))).toEqual(['75% side/other allowed / at server.side']);
    expect(copies(mirrored(to('gone')))).toEqual([]);
    expect(copies(virtualService('side', `{ ${toServer}, mirror: { host: gone } }`))).toEqual([]);
    expect(copies(virtualService('side', `{ ${toServer}, mirror: { host: other }, mirrorPercentage: {} }`))).toEqual(
      [],
    );
  });

  it('are made by the waypoint behind its own policies, and go past those of the other Service (T-23)', () => {
    const filter =
      '{ type: RequestMirror, requestMirror: { backendRef: { name: other, port: 80 }, fraction: { numerator: 1, denominator: 4 } } }';
    const text = httpRoute('amb', `{ filters: [${filter}], backendRefs: [{ name: server, port: 80 }] }`);
    const refused = (name: string) =>
      policy('amb', name, `{ targetRefs: [{ group: '', kind: Service, name: ${name} }], rules: [] }`);
    expect(copies(text + refused('other'), 'amb')).toEqual(['25% amb/other allowed undefined at undefined']);
    expect(copies(text + refused('server'), 'amb')).toEqual([]);
  });

  it('carry the address of the proxy that made them, and a name of their own where istiod is told so', () => {
    const asks = (condition: string) =>
      policy('side', 'asks', `{ selector: { matchLabels: { app: other } }, rules: [${condition}] }`);
    const forwarded = asks("{ when: [{ key: 'request.headers[x-forwarded-for]', values: ['10.1.1.1'] }] }");
    expect(copies(mirrored() + forwarded)).toEqual(['100% side/other not-modelled / at server.side']);
    const flags = { DISABLE_SHADOW_HOST_SUFFIX: false };
    const named = get('/', { host: 'server.side:80' });
    expect(copies(mirrored(), 'side', named, { flags })).toEqual([
      '100% side/other allowed / at server.side-shadow:80',
    ]);
  });
});

describe('T-50 connections', () => {
  const base =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    other('amb');
  const tcpRoute = (backends: string) =>
    route(
      'TCPRoute',
      'amb',
      `{ parentRefs: [{ group: "", kind: Service, name: server, port: 81 }], rules: [{ backendRefs: [${backends}] }] }`,
    );
  const asked = (backends: string) => {
    const { verdict } = decide(
      meshOf(base + tcpRoute(backends), { version: '1.31' }),
      requestOf('amb/client', 'amb/server:81', { kind: 'tcp' }),
    );
    return verdict.kind === 'denied' ? verdict.response : verdict.kind;
  };

  it('go where a rule leads them, and are closed where that is nowhere', () => {
    expect(asked('{ name: server, port: 81 }')).toBe('allowed');
    expect(asked('{ name: other, port: 81 }')).toBe('no-path');
    expect(asked('{ name: gone, port: 81 }')).toBe('closed');
    expect(asked('{ name: server, port: 81, weight: 0 }')).toBe('closed');
  });
});

describe('T-51 at a waypoint', () => {
  const base =
    threeNamespaces.replace(service('amb', 'server'), service('amb', 'server', '{ istio.io/use-waypoint: waypoint }')) +
    waypoint('amb') +
    other('amb');
  const asked = (kind: string, match: string) => {
    const spec = `{ hosts: [server.amb.svc.cluster.local, server.example], ${kind}: [{ match: [${match}], route: [{ destination: { host: other.amb.svc.cluster.local } }] }] }`;
    const { verdict, because } = decide(
      meshOf(base + route('VirtualService', 'amb', spec)),
      requestOf('amb/client', 'amb/server:81', { kind: 'tcp' }),
    );
    return verdict.kind === 'denied' ? because : verdict.kind;
  };

  it('a rule for the name of the Service counts for all its connections, and one for another for none', () => {
    expect(asked('tls', '{ sniHosts: [server.amb.svc.cluster.local] }')).toBe('its way leads to `amb/other`');
    expect(asked('tls', '{ sniHosts: [server.example] }')).toBe('allowed');
    expect(asked('tls', '{ sniHosts: [server.amb.svc.cluster.local, server.example] }')).toBe('allowed');
    expect(asked('tls', '{ port: 82, sniHosts: [server.amb.svc.cluster.local] }')).toBe('allowed');
    expect(asked('tcp', '{ port: 81, destinationSubnets: [10.0.0.0/8] }')).toBe('its way leads to `amb/other`');
  });
});

describe('T-99 preflight requests', () => {
  const base = threeNamespaces + other('side');
  const cors = (policy: string, rule = toServer) => virtualService('side', `{ corsPolicy: { ${policy} }, ${rule} }`);
  const preflight = (origin: string, method = 'OPTIONS') =>
    get('/', { method, headers: { origin, 'access-control-request-method': 'PUT' } });
  const asked = (text: string, payload: HttpRequest) => ends(base + text, 'side/client', 'side/server:80', payload);
  const shop = 'allowOrigins: [{ exact: "https://shop" }, { prefix: "https://a." }]';

  it('of origins that may read answers are answered by the proxy, and others are passed on', () => {
    expect(asked(cors(shop), preflight('https://shop'))).toBe('200');
    expect(asked(cors(shop), preflight('https://a.b'))).toBe('200');
    expect(asked(cors(shop), preflight('https://else'))).toBe('side/server allowed');
    expect(asked(cors(`${shop}, unmatchedPreflights: IGNORE`), preflight('https://else'))).toBe('200');
    expect(asked(cors('allowOrigins: [{ exact: "*" }]'), preflight('https://else'))).toBe('200');
    expect(asked(cors('allowMethods: [PUT]'), preflight('https://else'))).toBe('side/server allowed');
  });

  it('are OPTIONS with what browsers send', () => {
    expect(asked(cors(shop), preflight('https://shop', 'GET'))).toBe('side/server allowed');
    expect(asked(cors(shop), get('/', { method: 'OPTIONS', headers: { origin: 'https://shop' } }))).toBe(
      'side/server allowed',
    );
  });

  it('are aborted before, and answered where the rule would redirect', () => {
    const abort = 'fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }';
    expect(asked(cors(shop, `${abort}, ${toServer}`), preflight('https://shop'))).toBe('418');
    expect(asked(cors(shop, 'redirect: { uri: /new }'), preflight('https://shop'))).toBe('200');
  });

  it('meet the policies of a waypoint first', () => {
    const bound =
      threeNamespaces.replace(
        service('amb', 'server'),
        service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'),
      ) +
      waypoint('amb') +
      virtualService('amb', `{ corsPolicy: { ${shop} }, ${toServer} }`);
    const noOptions = policy(
      'amb',
      'p',
      "{ targetRefs: [{ group: '', kind: Service, name: server }], rules: [{ to: [{ operation: { methods: [GET] } }] }] }",
    );
    const at = (text: string) => ends(text, 'amb/client', 'amb/server:80', preflight('https://shop'));
    expect(at(bound)).toBe('200');
    expect(at(bound + noOptions)).toBe('amb/server denied');
  });
});

describe('T-93 at a gateway', () => {
  const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: web, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }] }
---
apiVersion: v1
kind: Namespace
metadata: { name: edge }
`;
  const bound = (hostnames: string, rules: string, name: string) =>
    route(
      'HTTPRoute',
      'side',
      `{ parentRefs: [{ name: public, namespace: edge }], ${hostnames && `hostnames: [${hostnames}],`} rules: [${rules}] }`,
      name,
    );
  const toServerPort = 'backendRefs: [{ name: server, port: 80 }]';
  const asked = (text: string, host: string, path = '/') => {
    const request = requestOf('outside', 'gateway edge/public:80', get(path, { host }));
    return decideThrough(meshOf(threeNamespaces + gateway + text), request).map(({ verdict, trace }) => {
      const http = trace.at(-1)?.sees.http;
      return verdict.kind === 'denied'
        ? `denied ${verdict.status ?? verdict.response}`
        : `${verdict.kind} ${http?.path}`;
    });
  };

  it('a request goes on to the pod, as the route makes it', () => {
    const filter = '{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }';
    const text = bound(
      'shop.example',
      `{ matches: [{ path: { value: /api } }], filters: [${filter}], ${toServerPort} }`,
      'api',
    );
    expect(asked(text, 'shop.example', '/api/v1')).toEqual(['allowed /v1']);
    expect(asked(text, 'shop.example', '/other')).toEqual(['denied 404']);
    expect(asked(text, 'else.example', '/api/v1')).toEqual(['denied 404']);
  });

  it('what stands behind the gateway sees the gateway, and of its client neither address nor a token that is taken', () => {
    const text = bound('', `{ ${toServerPort} }`, 'all');
    const asClient = (held: string, source = {}) => {
      const token = { issuer: 'https://issuer', subject: 'me', audiences: [], claims: {}, valid: true };
      const request = requestOf('outside', 'gateway edge/public:80', get('/', { host: 'shop.example', token }));
      const [decision] = decideThrough(meshOf(threeNamespaces + gateway + text + held), {
        ...request,
        source: { ...request.source, ...source },
      });
      return decision?.verdict.kind;
    };
    const rule = (from: string) => policy('side', 'rule', `{ rules: [{ from: [{ source: { ${from} } }] }] }`);
    const tokens = (namespace: string, forwards: boolean) =>
      requestAuthentication(
        namespace,
        'tokens',
        `{ jwtRules: [{ issuer: https://issuer, forwardOriginalToken: ${forwards} }] }`,
      );
    expect(asClient(rule('namespaces: [edge]'))).toBe('allowed');
    expect(asClient(rule('ipBlocks: [203.0.113.0/24]'), { ip: '203.0.113.9' })).toBe('not-modelled');
    const needed = rule("requestPrincipals: ['*']") + tokens('side', true);
    expect([
      asClient(needed),
      asClient(needed + tokens('edge', true)),
      asClient(needed + tokens('edge', false)),
    ]).toEqual(['allowed', 'allowed', 'denied']);
  });

  it('the closest host has the rules', () => {
    const text =
      bound('"*.example"', '{ filters: [{ type: RequestRedirect, requestRedirect: {} }] }', 'wide') +
      bound('shop.example', `{ ${toServerPort} }`, 'near');
    expect(asked(text, 'shop.example')).toEqual(['allowed /']);
    expect(asked(text, 'else.example')).toEqual(['denied 302']);
  });

  it('a listener for some hosts takes them from those for more', () => {
    const listener = (name: string, hostname: string) =>
      `{ name: ${name}, ${hostname} port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }`;
    const three = [
      listener('a', 'hostname: a.example,'),
      listener('wide', 'hostname: "*.example",'),
      listener('all', ''),
    ];
    const several = gateway.replace(/listeners: .*\n/, `listeners: [${three.join()}] }\n`);
    const bindTo = (section: string, hostname: string) => {
      const parent = `{ name: public, namespace: edge, sectionName: ${section} }`;
      const spec = `{ parentRefs: [${parent}], hostnames: [${hostname}], rules: [{ ${toServerPort} }] }`;
      return several + route('HTTPRoute', 'side', spec) + bound('unrelated.org', `{ ${toServerPort} }`, 'unrelated');
    };
    const verdictOf = (text: string, host: string) =>
      decideThrough(
        meshOf(threeNamespaces + text),
        requestOf('outside', 'gateway edge/public:80', get('/', { host })),
      )[0]?.verdict.kind;
    expect(verdictOf(bindTo('a', 'a.example'), 'a.example')).toBe('allowed');
    expect(verdictOf(bindTo('wide', 'a.example'), 'a.example')).toBe('denied');
    expect(verdictOf(bindTo('wide', '"*.example"'), 'b.example')).toBe('allowed');
    expect(verdictOf(bindTo('all', '"*.example"'), 'b.example')).toBe('denied');
    expect(verdictOf(bindTo('all', ''), 'b.example')).toBe('allowed');
    expect(verdictOf(bindTo('all', 'other.org'), 'other.org')).toBe('allowed');
  });

  it('routes for one host are one, and those for others go before or after them, by their age', () => {
    const listener =
      '{ name: web, hostname: shop.example, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }';
    const narrow = gateway.replace(/listeners: .*\n/, `listeners: [${listener}] }\n`);
    const at = (hostname: string, path: string, status: number, day: number) =>
      route(
        'HTTPRoute',
        'side',
        `{ parentRefs: [{ name: public, namespace: edge }], hostnames: [${hostname}], rules: [{ matches: [{ path: ${path} }], filters: [{ type: RequestRedirect, requestRedirect: { statusCode: ${status} } }] }] }`,
        `at-${status}`,
        `2026-01-0${day}T00:00:00Z`,
      );
    const regex = '{ type: RegularExpression, value: "/a.*" }';
    const exact = '{ type: Exact, value: /a }';
    const verdictOf = (text: string) =>
      decideThrough(
        meshOf(threeNamespaces + narrow + text),
        requestOf('outside', 'gateway edge/public:80', get('/a', { host: 'shop.example' })),
      )[0]?.verdict;
    const older = at('"*.example"', regex, 301, 1);
    expect(verdictOf(older + at('shop.example', exact, 302, 2))).toMatchObject({ status: 301 });
    expect(verdictOf(older + at('"*.example"', exact, 302, 2))).toMatchObject({ status: 302 });
  });

  it('listeners of one port in plaintext have their rules together, whichever is declared first', () => {
    const listener = (name: string) =>
      `{ name: ${name}, hostname: ${name}.example, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }`;
    const two = gateway.replace(/listeners: .*\n/, `listeners: [${listener('a')}, ${listener('b')}] }\n`);
    const text = bound('', `{ ${toServerPort} }`, 'all');
    const request = (host: string) => requestOf('outside', 'gateway edge/public:80', get('/', { host }));
    const verdicts = ['a.example', 'b.example:80', 'c.example'].map((host) => {
      const [decision] = decideThrough(meshOf(threeNamespaces + two + text), request(host));
      return decision?.verdict.kind;
    });
    expect(verdicts).toEqual(['allowed', 'allowed', 'denied']);
  });

  describe('of Istio’s own API', () => {
    const classic = (servers: string) => `${frontAlone}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: front, namespace: edge }
spec: { selector: { istio: front }, servers: [${servers}] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: front, namespace: side }
spec: { hosts: ['*'], gateways: [edge/front], http: [{ ${toServer} }] }
`;
    const answer = (servers: string, host: string, settings: Settings = {}, headers = {}) => {
      const request = requestOf('outside', 'gateway edge/front:80', get('/', { host, headers }));
      const [decision] = decideThrough(meshOf(threeNamespaces + classic(servers), settings), request);
      return decision?.verdict.kind === 'denied' ? decision.verdict.status : decision?.verdict.kind;
    };
    const port = 'port: { number: 80, name: web, protocol: HTTP }';

    it('a host that is for the routes of other namespaces is no name in common', () => {
      const servers = `{ ${port}, hosts: [amb/a.example, side/b.example] }`;
      expect([answer(servers, 'a.example'), answer(servers, 'b.example')]).toEqual([404, 'allowed']);
    });

    it('a server that redirects to HTTPS answers with 301, if nobody in front says that it was HTTPS', () => {
      const servers = `{ ${port}, hosts: [a.example], tls: { httpsRedirect: true } }, { ${port.replace('web', 'own')}, hosts: [b.example] }`;
      expect([answer(servers, 'a.example'), answer(servers, 'b.example')]).toEqual([301, 'allowed']);
      const said = (numTrustedProxies: number) =>
        answer(servers, 'a.example', { gatewayTopology: { numTrustedProxies } }, { 'x-forwarded-proto': 'https' });
      expect([said(0), said(1)]).toEqual([301, 'not-modelled']);
    });
  });

  it('T-19 routes for one host are in the order of the Gateway API', () => {
    const text =
      bound('', `{ matches: [{ path: { value: /a } }], ${toServerPort} }`, 'a') +
      bound(
        '',
        '{ matches: [{ path: { type: Exact, value: /a/b } }], filters: [{ type: RequestRedirect, requestRedirect: {} }] }',
        'b',
      );
    expect(asked(text, 'any.example', '/a/b')).toEqual(['denied 302']);
    expect(asked(text, 'any.example', '/a/c')).toEqual(['allowed /a/c']);
  });

  it('policies of the pods see the gateway, and the changed path', () => {
    const filter = '{ type: URLRewrite, urlRewrite: { path: { type: ReplaceFullPath, replaceFullPath: /in } } }';
    const text =
      bound('', `{ filters: [${filter}], ${toServerPort} }`, 'a') +
      policy('side', 'p', '{ action: DENY, rules: [{ to: [{ operation: { paths: [/in] } }] }] }');
    expect(asked(text, 'any.example', '/out')).toEqual(['denied forbidden']);
  });
});
