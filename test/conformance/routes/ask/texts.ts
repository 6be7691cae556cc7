/** Texts that the regular expressions of generated routes match, and some that they nearly do. */
export const texts: Readonly<Record<string, readonly string[]>> = {
  '/cart/.*': ['/cart/', '/cart/1', '/cart'],
  '/api/v[0-9]+': ['/api/v1', '/api/v12', '/api/v1/'],
  '/api/v[0-9]+/.*': ['/api/v1/items', '/api/v2/', '/api/v1'],
  '.*\\.html': ['/page.html', '/page.html?v=2', '/html'],
  '/(cart|api)(/.*)?': ['/cart', '/api/v1', '/apis'],
  '/c.*t': ['/cart', '/c/a/t', '/cat/'],
  '.+': ['/', '/any'],
  'a.*': ['alice', 'a', 'bob'],
  'GET|POST': ['GET', 'POST', 'DELETE'],
  '[0-9]+': ['2', '12', '2a'],
  '.*example.*': ['shop.example.com', 'web.shop'],
  'shop\\..*': ['shop.Cart', 'shop.', 'shopCart'],
  'shop\\.C.*': ['shop.Cart', 'shop.Catalog', 'shop.Other'],
  'Get|Put': ['Get', 'Put', 'List'],
};

export function textsLike(expression: string): readonly string[] {
  const found = texts[expression];
  if (found === undefined) throw new Error(`no texts for ${expression}`);
  return found;
}
