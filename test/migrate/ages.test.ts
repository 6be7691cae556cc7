import { expect, it } from 'vitest';
import { diagnostic } from '../../src/diagnostics/create.js';
import { withAges } from '../../src/migrate/plan/ages.js';
import { gapDiagnostic } from '../../src/migrate/plan/gaps.js';

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

it('names what is found in a dated file by its place in the file as it is applied', () => {
  const [file = route] = withAges([route], []);
  const placeIn = ({ path, text }: typeof route) => {
    const start = text.indexOf('cart');
    return { file: { path, text }, start, end: start + 4 };
  };
  const found = diagnostic('rule-out-of-reach', { policy: 'shop/cart' }, placeIn(file), {
    notes: [{ message: 'as it says here', span: placeIn(file) }, { message: 'of what else is applied' }],
  });
  const { span, notes } = gapDiagnostic({ finding: found, since: undefined, until: undefined });
  expect([span, ...notes.map((each) => each.span)]).toEqual([placeIn(route), placeIn(route), undefined]);
  const ofPolicy = diagnostic('rule-out-of-reach', { policy: 'shop/cart' }, placeIn(policy));
  expect(gapDiagnostic({ finding: ofPolicy, since: undefined, until: undefined }).span).toEqual(placeIn(policy));
});

it('dates the same file once', () => {
  expect(withAges([route], [])[0]).toBe(withAges([route], [])[0]);
});
