/* Values that rules of policies hold, plain and odd. */

export const trustDomains = ['cluster.local', 'prod.example', 'prod.example', 'old.example', 'other.example', '*'];
export const requestPrincipals = [
  'https://iss.example/alice',
  'https://iss.example/*',
  '*',
  '*/bob',
  'https://other.example/alice',
];
export const blocks = ['10.244.0.0/16', '10.244.0.1', '203.0.113.0/24', '198.51.100.7', '10.0.0.0/8', '0.0.0.0/0'];
export const virtualAddresses = [
  '10.97.0.1',
  '10.97.0.2',
  '10.97.0.4',
  '10.97.0.0/30',
  '10.97.0.0/16',
  '10.244.0.0/16',
];
export const ports = ['80', '8080', '5432', '81', '8081', '8082', '82', '9090', '84', '9091', '443', '8443'];
export const hosts = [
  'api.shop',
  'api.shop.svc.cluster.local',
  '*.example.com',
  'x.example.com',
  'x.example.com:80',
  'api.*',
  '*',
  'API.shop',
  'web.pay:8080',
  'x.example.com:*',
];
export const paths = [
  '/a',
  '/a/b',
  '/a/*',
  '*/end',
  '*',
  '/a/{*}/c',
  '/{**}/x',
  '/a/{*}',
  '/a/{**}',
  '/A',
  '/a/b/',
  '/a//b',
  '/a.b',
  '/a%20b',
  '/x+y',
];
export const oddPaths = [
  '/v1/{*}/orders/{**}',
  '/{*}/b',
  '/a/{**}/z',
  '/a%2Fb',
  '/a;v=1',
  '/ä',
  '/a?b',
  '/a~b/*',
  '*.jpg',
  '/a\\b',
  '/%61',
];
