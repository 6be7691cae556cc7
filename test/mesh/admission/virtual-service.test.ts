import { describe, expect, it } from 'vitest';
import { type Refused, refused } from './support.js';

const to = 'route: [{ destination: { host: web } }]';
const ofRule = (rule: string) => `{ hosts: [web], http: [{ ${rule} }] }`;
const ofMatch = (match: string) => ofRule(`match: [{ ${match} }], ${to}`);
const ofDestination = (destination: string) => ofRule(`route: [${destination}]`);

describe('a VirtualService that Istio takes', () => {
  it.each([
    ofRule(to),
    `{ http: [{ ${to} }] }`,
    `{ hosts: ["*"], gateways: [shop/public], http: [{ ${to} }] }`,
    `{ hosts: [10.0.0.1, "*.example.com"], gateways: [public], http: [{ ${to} }] }`,
    `{ hosts: [outbound_.80_._.web.shop.svc.cluster.local], gateways: [public], tls: [{ match: [{ sniHosts: [outbound_.80_._.web.shop.svc.cluster.local] }], ${to} }] }`,
    '{ hosts: [web], tcp: [{ match: [{ port: 80, destinationSubnets: [10.0.0.0/8] }], route: [{ destination: { host: web } }] }] }',
    ofRule('redirect: { uri: /new, redirectCode: 308, derivePort: FROM_REQUEST_PORT }'),
    ofRule('directResponse: { status: 503, body: { string: closed } }'),
    ofRule(`${to}, retries: { attempts: 2, retryOn: "5xx,503", perTryTimeout: 1s }, timeout: 1.5s`),
    ofRule(`${to}, fault: { abort: { httpStatus: 500, percentage: { value: 0.5 } }, delay: { fixedDelay: 5s } }`),
    ofRule(`${to}, corsPolicy: { allowOrigins: [{ regex: ".*" }], allowMethods: [GET], maxAge: 24h }`),
    ofRule(`${to}, rewrite: { uriRegexRewrite: { match: "^/a/(.*)", rewrite: "/\\\\1" } }`),
    ofRule(`${to}, headers: { request: { set: { ":authority": other }, add: { x-port: "%DOWNSTREAM_LOCAL_PORT%" } } }`),
    ofMatch('headers: { x-user: { exact: "" } }, withoutHeaders: { x-debug: {} }, queryParams: { q: { exact: a } }'),
    ofMatch('uri: { regex: "/v[12]/.*" }, sourceLabels: { app: web }, gateways: [mesh]'),
  ])('%s', (spec) => {
    expect(refused('VirtualService', spec)).toEqual([]);
  });
});

const cases: readonly Refused[] = [
  ['{ hosts: [web] }', 'L-10', ''],
  [`{ gateways: [public], http: [{ ${to} }] }`, 'L-10', 'gateways'],
  [`{ hosts: 3, http: [{ ${to} }] }`, 'L-09', 'hosts'],
  [`{ hosts: [3], http: [{ ${to} }] }`, 'L-09', 'hosts.0'],
  [`{ hosts: [web], gateways: public, http: [{ ${to} }] }`, 'L-09', 'gateways'],
  [`{ hosts: [web], tcp: [{ ${to} }], http: { ${to} } }`, 'L-09', 'http'],
  [`{ hosts: ["*"], http: [{ ${to} }] }`, 'L-11', 'hosts.0'],
  [`{ hosts: [web, web], http: [{ ${to} }] }`, 'L-11', 'hosts.1'],
  [`{ hosts: ["*.example.com", a.example.com], http: [{ ${to} }] }`, 'L-11', 'hosts.1'],
  [`{ hosts: [web_1], http: [{ ${to} }] }`, 'L-11', 'hosts.0'],
  [`{ hosts: [a.*.com], http: [{ ${to} }] }`, 'L-11', 'hosts.0'],
  [`{ hosts: [web], gateways: [shop/a/b], http: [{ ${to} }] }`, 'L-11', 'gateways.0'],
  [ofRule('name: nothing'), 'L-12', 'http.0'],
  [ofRule(`${to}, redirect: { uri: / }`), 'L-12', 'http.0.route'],
  [ofRule(`${to}, directResponse: { status: 200 }`), 'L-12', 'http.0.route'],
  [ofRule(`${to}, delegate: { name: other }`), 'L-12', 'http.0.route'],
  ['{ http: [{ delegate: { name: other } }] }', 'L-12', 'http.0.delegate'],
  [ofDestination('{ weight: 1 }'), 'L-09', 'http.0.route.0'],
  [ofDestination('{ destination: { host: web }, weight: "1" }'), 'L-09', 'http.0.route.0.weight'],
  [ofDestination('{ destination: { host: "*" } }'), 'L-13', 'http.0.route.0.destination.host'],
  [ofDestination('{ destination: { host: web, subset: v_1 } }'), 'L-13', 'http.0.route.0.destination.subset'],
  [ofDestination('{ destination: { host: web, port: { number: 0 } } }'), 'L-13', 'http.0.route.0.destination.port'],
  [ofDestination('{ destination: { host: web }, weight: -1 }'), 'L-13', 'http.0.route.0.weight'],
  [
    ofDestination('{ destination: { host: a }, weight: 0 }, { destination: { host: b }, weight: 0 }'),
    'L-13',
    'http.0.route',
  ],
  [ofRule(`${to}, mirror: { host: a }, mirrors: [{ destination: { host: b } }]`), 'L-13', 'http.0'],
  [ofRule(`${to}, mirror: { host: a }, mirrorPercentage: { value: 101 }`), 'L-13', 'http.0'],
  [ofRule(`${to}, timeout: 500us`), 'L-14', 'http.0.timeout'],
  [ofRule(`${to}, timeout: soon`), 'L-14', 'http.0.timeout'],
  [ofRule(`${to}, fault: {}`), 'L-15', 'http.0.fault'],
  [ofRule(`${to}, fault: { abort: { httpStatus: 100 } }`), 'L-15', 'http.0.fault.abort.httpStatus'],
  [ofRule(`${to}, fault: { abort: { grpcStatus: GONE } }`), 'L-15', 'http.0.fault.abort.grpcStatus'],
  [
    ofRule(`${to}, fault: { delay: { fixedDelay: 1s, percentage: { value: 0.00001 } } }`),
    'L-15',
    'http.0.fault.delay.percentage',
  ],
  [ofRule(`${to}, retries: { attempts: -1 }`), 'L-16', 'http.0.retries.attempts'],
  [ofRule(`${to}, retries: { attempts: 0, perTryTimeout: 1s }`), 'L-16', 'http.0.retries'],
  [ofRule(`${to}, retries: { attempts: 1, retryOn: never }`), 'L-16', 'http.0.retries.retryOn'],
  [ofRule('redirect: { redirectCode: 301 }'), 'L-17', 'http.0.redirect'],
  [ofRule('redirect: { uri: /, redirectCode: 200 }'), 'L-17', 'http.0.redirect.redirectCode'],
  [ofRule('redirect: { scheme: ftp }'), 'L-17', 'http.0.redirect.scheme'],
  [ofRule(`${to}, rewrite: {}`), 'L-17', 'http.0.rewrite'],
  [
    ofRule(`${to}, rewrite: { uriRegexRewrite: { match: "(?!a)", rewrite: b } }`),
    'L-17',
    'http.0.rewrite.uriRegexRewrite.match',
  ],
  [ofRule('directResponse: { status: 99 }'), 'L-18', 'http.0.directResponse.status'],
  [ofRule(`${to}, corsPolicy: { allowOrigins: [{ exact: "" }] }`), 'L-19', 'http.0.corsPolicy.allowOrigins.0'],
  [ofRule(`${to}, corsPolicy: { allowMethods: [get] }`), 'L-19', 'http.0.corsPolicy.allowMethods.0'],
  [ofRule(`${to}, corsPolicy: { maxAge: 1500ms }`), 'L-19', 'http.0.corsPolicy.maxAge'],
  [ofRule(`${to}, headers: { request: { set: { ":path": /a } } }`), 'L-20', 'http.0.headers.request.set.:path'],
  [ofRule(`${to}, headers: { response: { add: { host: a } } }`), 'L-20', 'http.0.headers.response.add.host'],
  [ofRule(`${to}, headers: { request: { set: { x-part: "50%" } } }`), 'L-20', 'http.0.headers.request.set.x-part'],
  [ofRule(`${to}, rewrite: { authority: a }, headers: { request: { set: { host: b } } }`), 'L-20', 'http.0.headers'],
  [ofMatch('uri: { regex: "*" }'), 'L-21', 'http.0.match.0.uri.regex'],
  [ofMatch('uri: { exact: /a, prefix: /a }'), 'L-09', 'http.0.match.0.uri'],
  [ofMatch('headers: { x-user: { prefix: a, regex: a.* } }'), 'L-09', 'http.0.match.0.headers.x-user'],
  [ofMatch('headers: { "x y": { exact: a } }'), 'L-21', 'http.0.match.0.headers.x y'],
  [ofMatch('headers: { x-user: { prefix: "" } }'), 'L-21', 'http.0.match.0.headers.x-user'],
  [ofMatch('port: 70000'), 'L-21', 'http.0.match.0.port'],
  [ofMatch('sourceNamespace: "*"'), 'L-21', 'http.0.match.0.sourceNamespace'],
  [ofMatch('sourceLabels: { app: "a b" }'), 'L-21', 'http.0.match.0.sourceLabels.app'],
  [`{ hosts: [web], tls: [{ ${to} }] }`, 'L-09', 'tls.0'],
  [`{ hosts: [web], tls: [{ match: [{ port: 443 }], ${to} }] }`, 'L-09', 'tls.0.match.0'],
  [`{ hosts: [a.com], tls: [{ match: [{ sniHosts: [b.com] }], ${to} }] }`, 'L-22', 'tls.0.match.0.sniHosts.0'],
  ['{ hosts: [web], tcp: [{ match: [{ port: 80 }] }] }', 'L-22', 'tcp.0'],
  [
    `{ hosts: [web], tcp: [{ match: [{ destinationSubnets: [web] }], ${to} }] }`,
    'L-22',
    'tcp.0.match.0.destinationSubnets.0',
  ],
  [`{ hosts: [web], exportTo: [., shop], http: [{ ${to} }] }`, 'L-24', 'exportTo'],
  [`{ hosts: [web], exportTo: ["*", a], http: [{ ${to} }] }`, 'L-24', 'exportTo'],
  [`{ hosts: [web], exportTo: ["~"], http: [{ ${to} }] }`, 'L-24', 'exportTo.0'],
  [
    ofMatch('headers: { "@request.auth.claims.role": { exact: a } }'),
    'L-25',
    'http.0.match.0.headers.@request.auth.claims.role',
  ],
];

describe('a VirtualService that Istio refuses', () => {
  it.each(cases)('%s (%s)', (spec, law, place) => {
    expect(refused('VirtualService', spec)).toEqual([`${law} ${place}`.trim()]);
  });

  it('takes a redirect of a prefix from 1.31 on', () => {
    const spec = ofRule('redirect: { prefixRewrite: /new }');
    expect(refused('VirtualService', spec, '1.30')).toEqual(['L-17 http.0.redirect']);
    expect(refused('VirtualService', spec, '1.31')).toEqual([]);
  });
});
