import { describe, expect, it } from 'vitest';
import { ask, type Question } from '../../src/trace/ask/question.js';
import { meshOf, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

const mesh = meshOf(`${threeNamespaces}
${workload('amb', 'server-canary', ', canary: "yes"').replaceAll('app: server-canary', 'app: server')}
${waypoint('amb', 'public').replace('istio-waypoint', 'istio')}
${service('amb', 'idle').replace('app: idle', 'app: nobody')}
---
apiVersion: v1
kind: Service
metadata: { name: elsewhere, namespace: amb }
spec: { type: ExternalName, externalName: example.com, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: amb }
spec: { hosts: [api.partner.example, '*.files.example'], ports: [{ name: https, number: 443, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: twice, namespace: amb }
spec: { hosts: [a.twice.example], ports: [{ name: http, number: 80, protocol: HTTP }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: again, namespace: side }
spec: { hosts: [a.twice.example], ports: [{ name: http, number: 80, protocol: HTTP }] }
`);

const question: Question = {
  from: 'amb/client',
  fromIp: undefined,
  to: 'amb/server:http',
  cluster: undefined,
  podIp: false,
  tcp: false,
  method: undefined,
  path: undefined,
  host: undefined,
  headers: {},
  token: undefined,
};

const asked = (more: Partial<Question>) => ask(mesh, { ...question, ...more });

describe('who calls', () => {
  it.each([
    ['amb/client', { kind: 'workload', cluster: 'east', workload: 'amb/client' }],
    ['gateway:amb/public', { kind: 'gateway', cluster: 'east', gateway: 'amb/public' }],
    ['outside', { kind: 'outside', name: 'anyone' }],
  ])('%s', (from, source) => {
    expect(asked({ from }).value?.first.source).toEqual(source);
  });

  it('is every pod behind a Service, the workload of its name first', () => {
    const { value } = asked({ from: 'amb/server', to: 'side/server:http' });
    const sources = [value?.first, ...(value?.others ?? [])].map((request) => request?.source);
    expect(sources).toMatchObject([{ workload: 'amb/server' }, { workload: 'amb/server-canary' }]);
  });

  it('has the address that is said', () => {
    expect(asked({ from: 'outside', fromIp: '203.0.113.9' }).value?.first.source).toMatchObject({ ip: '203.0.113.9' });
  });
});

describe('who is called', () => {
  it.each([
    ['amb/server:http', false, { kind: 'service', service: 'amb/server', port: 80, workload: 'amb/server' }],
    ['amb/server:81', false, { kind: 'service', service: 'amb/server', port: 81 }],
    ['amb/server:http', true, { kind: 'pod', workload: 'amb/server', port: 8080 }],
    ['amb/server:web', true, { kind: 'pod', workload: 'amb/server', port: 8080 }],
    ['amb/server:7777', true, { kind: 'pod', workload: 'amb/server', port: 7777 }],
    ['amb/client:8080', true, { kind: 'pod', workload: 'amb/client', port: 8080 }],
    ['gateway:amb/public:443', false, { kind: 'gateway', gateway: 'amb/public', port: 443 }],
    [
      'api.partner.example:443',
      false,
      { kind: 'external', entry: 'amb/partner', host: 'api.partner.example', port: 443 },
    ],
    ['api.partner.example', false, { kind: 'external', entry: 'amb/partner', port: 443 }],
    ['my.files.example:https', false, { kind: 'external', entry: 'amb/partner', host: 'my.files.example', port: 443 }],
  ])('%s, by pod IP: %s', (to, podIp, destination) => {
    expect(asked({ to, podIp }).value?.first.destination).toMatchObject({ cluster: 'east', ...destination });
  });

  it('is asked about once for each pod behind it', () => {
    expect(asked({}).value?.others.map(({ destination }) => destination)).toMatchObject([
      { workload: 'amb/server-canary' },
    ]);
  });
});

describe('what is sent', () => {
  it('is `GET /` to the short name of the Service, where nothing is said', () => {
    const { value } = asked({});
    expect(value?.first.payload).toEqual({ kind: 'http', method: 'GET', path: '/', host: 'server.amb', headers: {} });
    expect(value?.assumedHost).toBe('server.amb');
  });

  it('is bytes on a port that carries bytes, unless a request is described', () => {
    expect(asked({ to: 'amb/server:tcp' }).value?.first.payload).toEqual({ kind: 'tcp' });
    expect(asked({ to: 'amb/server:tcp', path: '/x' }).value?.first.payload).toMatchObject({
      kind: 'http',
      path: '/x',
    });
    expect(asked({ to: 'amb/server:http', tcp: true }).value?.first.payload).toEqual({ kind: 'tcp' });
    expect(asked({ to: 'api.partner.example:443' }).value?.first.payload).toEqual({ kind: 'tcp' });
  });

  it('names the host that is said', () => {
    expect(asked({ host: 'shop.example' }).value).toMatchObject({
      first: { payload: { host: 'shop.example' } },
      assumedHost: undefined,
    });
  });
});

it.each([
  [{ from: 'amb/nobody' }, 'unknown-caller'],
  [{ from: 'external:office' }, 'unknown-caller'],
  [{ from: 'amb/public' }, 'unknown-caller'],
  [{ from: 'amb/idle' }, 'nothing-behind-service'],
  [{ to: 'amb/serve:http' }, 'unknown-callee'],
  [{ to: 'amb/server' }, 'port-missing'],
  [{ to: 'amb/server:' }, 'port-missing'],
  [{ to: 'amb/server:8080' }, 'no-such-port'],
  [{ to: 'amb/server:grpc', podIp: true }, 'no-such-port'],
  [{ to: 'amb/client:8080' }, 'workload-needs-pod-ip'],
  [{ to: 'amb/idle:http' }, 'nothing-behind-service'],
  [{ to: 'gateway:amb/public:https' }, 'port-of-gateway'],
  [{ to: 'amb/server:http', atGateway: true }, 'usage'],
  [{ to: 'amb/elsewhere:http' }, 'not-modelled'],
  [{ to: 'amb/partner:443' }, 'unknown-callee'],
  [{ to: 'api.partner.example:80' }, 'no-such-port'],
  [{ to: 'api.partner.example:443', podIp: true }, 'unknown-callee'],
  [{ to: 'a.twice.example:80' }, 'not-modelled'],
  [{ to: 'files.example:443' }, 'unknown-callee'],
] satisfies ReadonlyArray<[Partial<Question>, string]>)('refuses %j: %s', (more, name) => {
  const { value, diagnostics } = asked(more);
  expect(value).toBeUndefined();
  expect(diagnostics.map((diagnostic) => diagnostic.name)).toEqual([name]);
});

it('suggests what may have been meant', () => {
  const help = (more: Partial<Question>) => asked(more).diagnostics[0]?.help;
  expect(help({ from: 'amb/public' })).toBe('did you mean `gateway:amb/public`?');
  expect(help({ from: 'amb/clietn' })).toContain('`amb/client`');
  expect(help({ to: 'amb/client:8080' })).toContain('--pod-ip');
  expect(help({ to: 'amb/partner:443' })).toBe(
    'name a host of the ServiceEntry: `*.files.example`, `api.partner.example`',
  );
  expect(help({ to: 'server.amb:80' })).toBe('did you mean `amb/server`?');
  expect(help({ to: 'server.amb.svc.cluster.local:80' })).toBe('did you mean `amb/server`?');
  expect(help({ to: 'api.partner.exmple:443' })).toBe('did you mean `api.partner.example`?');
  expect(help({ to: 'amb/server:htp' })).toBe('did you mean `http`? its ports are `http`, `tcp`, `auto`');
});

it('refuses a method that nobody sends', () => {
  expect(asked({ method: 'POTS' }).diagnostics).toMatchObject([{ code: 'AMB2022', help: 'did you mean `POST`?' }]);
  expect(asked({ method: 'PURGE' }).diagnostics).toEqual([]);
});
