/* What routes ask for and write: few words, so that rules meet each other. */

export const exactPaths = ['/', '/cart', '/cart/', '/api/v1', '/Cart', '/api/v1/items', '/a%20b'];
export const rawPrefixes = ['/', '/cart', '/cart/', '/api', '/api/v1', '/c', '/API', '/api/v'];
export const elementPrefixes = ['/', '/cart', '/cart/', '/api', '/api/v1', '/api/v1/', '/Cart'];
export const expressions = [
  '/cart/.*',
  '/api/v[0-9]+',
  '/api/v[0-9]+/.*',
  '.*\\.html',
  '/(cart|api)(/.*)?',
  '/c.*t',
  '.+',
];
export const rewritten = ['/', '/new', '/new/', '/cart', '/api/v2'];
export const plainPaths = [
  '/',
  '/cart',
  '/cart/',
  '/cart/1',
  '/carts',
  '/CART',
  '/Cart/1',
  '/cart//1',
  '//cart',
  '/cart/../api/v1',
  '/api',
  '/api/v1',
  '/api/v1/',
  '/api/v1/items',
  '/api/v12',
  '/API/v1',
  '/api%2Fv1',
  '/%63art',
  '/a%20b',
  '/page.html',
  '/zz/unmentioned',
  '/admin',
  '/cart;v=1',
];
export const queries = ['v=1', 'v=2', 'w=1&v=2', 'v=2&v=1', 'v=', 'V=2', 'v=%32', 'v', 'version=2', ''];
export const methods = ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'];
export const users = ['alice', 'al', 'alan', 'Alice', 'bob', ''];
export const grpcServices = ['shop.Cart', 'shop.Catalog', 'Cart'];
export const grpcMethods = ['Get', 'Put', 'List'];

export const meshHosts = [
  ['web'],
  ['web'],
  ['web.shop.svc.cluster.local'],
  ['web.shop.svc.cluster.local', 'cart.shop.svc.cluster.local'],
  ['web.shop.svc.cluster.local', 'shop.example.com'],
  ['web.shop'],
  ['ledger.pay.svc.cluster.local'],
  ['ledger.pay.svc.cluster.local'],
  ['*.shop.svc.cluster.local'],
  ['*.svc.cluster.local'],
  ['partner.example.net'],
  ['*.example.net'],
  ['shop.example.com'],
];
export const edgeHosts = [
  ['shop.example.com'],
  ['shop.example.com'],
  ['shop.example.com', 'api.example.com'],
  ['api.example.com'],
  ['*.example.com'],
  ['*.example.com', 'other.org'],
  ['*.com'],
  ['*'],
  ['web.shop.svc.cluster.local'],
];
export const askedHosts = [
  'shop.example.com',
  'SHOP.example.com',
  'shop.example.com:80',
  'shop.example.com:8080',
  'api.example.com',
  'x.y.example.com',
  'example.com',
  'other.org',
  'shop.example.com.',
];
