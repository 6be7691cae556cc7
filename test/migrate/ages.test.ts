import { expect, it } from 'vitest';
import { withAges } from '../../src/migrate/plan/ages.js';

const route = {
  path: 'east/35-routes/virtualservice.shop.cart.yaml',
  text: 'kind: VirtualService\nmetadata:\n  name: cart\n',
};
const policy = { path: 'east/20-policies/authorizationpolicy.shop.cart-allow.yaml', text: 'metadata:\n  name: cart\n' };

it('dates what routes before what comes on the way', () => {
  const [old, young] = [withAges([route], [route]), withAges([route], [])];
  expect(old[0]?.text).toContain('metadata:\n  creationTimestamp: "2000-01-01T00:00:00Z"\n  name: cart\n');
  expect(young[0]?.text).toContain('metadata:\n  creationTimestamp: "2001-01-01T00:00:00Z"\n  name: cart\n');
});

it('leaves kinds of which all count alike as they are written, so that what is said of their lines is so', () => {
  expect(withAges([policy], [policy])).toEqual([policy]);
  expect(withAges([policy], [])).toEqual([policy]);
});

it('dates the same file once', () => {
  expect(withAges([route], [])[0]).toBe(withAges([route], [])[0]);
});
