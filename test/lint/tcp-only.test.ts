import { expect, test } from 'vitest';
import { policy, service, workload } from '../mesh/support/mesh.js';
import { lintWith } from './shop.js';

/** A Service whose pods end TLS themselves. */
const vault = `${workload('legacy', 'vault').replace(', ports: [{ name: web, containerPort: 8080 }]', '')}${service(
  'legacy',
  'vault',
)
  .replace(/ {4}- \{ name: (tcp|auto).*\n/g, '')
  .replace('{ name: http, port: 80, targetPort: web }', '{ name: https, port: 443, targetPort: 8443 }')}`;

const atVault = 'selector: { matchLabels: { app: vault } }';
const readers = (scope: string) =>
  policy('legacy', 'readers', `{ ${scope}rules: [{ to: [{ operation: { methods: [GET], hosts: ["*"] } }] }] }`);

test.each([
  {
    law: 'a rule about requests for pods that speak nothing but TLS admits nobody',
    manifests: [vault, readers(`${atVault}, `)],
    found: ['AMB5306'],
  },
  {
    law: 'beside a default deny as well',
    manifests: [vault, readers(`${atVault}, `), policy('legacy', 'none', '{}')],
    found: ['AMB5306'],
  },
  {
    law: 'a rule for the whole namespace shuts such pods by accident',
    manifests: [vault, readers('')],
    found: ['AMB5306'],
  },
  {
    law: 'unless a policy says that nobody is to get in',
    manifests: [vault, readers(''), policy('legacy', 'none', `{ ${atVault} }`)],
    found: [],
  },
  {
    law: 'or another rule lets somebody in',
    manifests: [
      vault,
      readers(''),
      policy('legacy', 'web', `{ ${atVault}, rules: [{ from: [{ source: { serviceAccounts: [web] } }] }] }`),
    ],
    found: [],
  },
  {
    law: 'pods that serve requests beside a TCP port are what the rule is about',
    manifests: [readers('selector: { matchLabels: { app: api } }, ')],
    found: [],
  },
])('$law', ({ manifests, found }) => {
  expect(lintWith(manifests.join('')).map(({ code }) => code)).toEqual(found);
});

test('TLS that ends in the pods is told as the reason', () => {
  const [finding] = lintWith(`${vault}${readers(`${atVault}, `)}`);
  expect(finding?.witness).toMatch(/^a TCP connection from .* to legacy\/vault:443 is refused/);
  expect(finding?.notes?.map(({ message }) => message)).toContain(
    'port 443 of Service `legacy/vault` carries TLS that only its pods can read',
  );
});
