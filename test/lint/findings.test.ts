import { expect, test } from 'vitest';
import { peerAuthentication, policy, waypoint } from '../mesh/support/mesh.js';
import { lintWith } from './shop.js';

interface Case {
  readonly law: string;
  readonly manifests: readonly string[];
  readonly found: readonly string[];
}

const api = 'selector: { matchLabels: { app: api } }';
const catalog = 'selector: { matchLabels: { app: catalog } }';
const atCatalog = 'targetRefs: [{ group: "", kind: Service, name: catalog }]';
const guard = policy(
  'books',
  'guard',
  `{ ${catalog}, rules: [{ from: [{ source: { serviceAccounts: [waypoint] } }] }] }`,
);
const from = (source: string) => `from: [{ source: { ${source} } }]`;
const to = (operation: string) => `to: [{ operation: { ${operation} } }]`;

const cases: readonly Case[] = [
  {
    law: 'a policy that is tried without effect is not judged, only that ambient pods do not try it',
    manifests: [
      policy(
        'shop',
        'p',
        `{ ${api}, action: DENY, rules: [{ ${to('paths: [/a]')} }] }`,
        '{ istio.io/dry-run: "true" }',
      ),
    ],
    found: ['record-lost-at-ztunnel'],
  },
  {
    law: 'a policy that the cluster would refuse is told, and not judged',
    manifests: [policy('shop', 'p', `{ ${api}, action: DENY, rules: [{ ${to('path: [/a]')} }] }`)],
    found: ['policy-not-accepted'],
  },
  {
    law: 'a DENY of other methods than some is open at ztunnel too',
    manifests: [policy('shop', 'p', `{ ${api}, action: DENY, rules: [{ ${to('notMethods: [GET]')} }] }`)],
    found: ['denial-lost-at-ztunnel'],
  },
  {
    law: 'each rule is judged by itself',
    manifests: [
      policy(
        'shop',
        'p',
        `{ ${api}, action: DENY, rules: [{ ${to('paths: [/a]')} }, { ${from('namespaces: [books]')} }, { ${to('methods: [PUT]')} }] }`,
      ),
    ],
    found: ['denial-lost-at-ztunnel', 'denial-lost-at-ztunnel'],
  },
  {
    law: 'an L4 policy at ztunnel is sound',
    manifests: [
      policy('shop', 'p', `{ ${api}, rules: [{ ${from('serviceAccounts: [web]')}, ${to('ports: ["8080"]')} }] }`),
    ],
    found: [],
  },
  {
    law: 'a DENY that another policy makes good is no finding',
    manifests: [
      policy('shop', 'p', `{ ${api}, action: DENY, rules: [{ ${to('paths: [/a]')} }] }`),
      policy('shop', 'q', `{ ${api} }`),
    ],
    found: [],
  },
  {
    law: 'a DENY of everybody but the waypoint is a guard as well',
    manifests: [
      policy(
        'books',
        'guard',
        `{ ${catalog}, action: DENY, rules: [{ ${from('notPrincipals: [prod.example/ns/books/sa/waypoint]')} }] }`,
      ),
      policy('books', 'p', `{ ${atCatalog}, rules: [{ ${to('methods: [GET]')} }] }`),
    ],
    found: [],
  },
  {
    law: 'a DENY of a caller whom the waypoint names as well is meant for the ways around it',
    manifests: [
      policy('books', 'direct', `{ ${catalog}, action: DENY, rules: [{ ${from('serviceAccounts: [web]')} }] }`),
      policy(
        'books',
        'p',
        `{ ${atCatalog}, action: DENY, rules: [{ ${from('serviceAccounts: [web]')}, ${to('paths: [/a]')} }] }`,
      ),
      guard,
    ],
    found: [],
  },
  {
    law: 'policies for a Gateway and for all waypoints are passed by like those for a Service',
    manifests: [
      policy(
        'books',
        'p',
        `{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }], action: DENY, rules: [{ ${to('paths: [/a]')} }] }`,
      ),
      policy(
        'istio-system',
        'q',
        `{ targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], action: DENY, rules: [{ ${to('paths: [/b]')} }] }`,
      ),
    ],
    found: ['way-around-waypoint', 'way-around-waypoint'],
  },
  {
    law: 'ALLOW policies decide together, so one way around them is told once',
    manifests: [
      policy('books', 'p', `{ ${atCatalog}, rules: [{ ${to('methods: [GET]')} }] }`),
      policy('books', 'q', `{ ${atCatalog}, rules: [{ ${to('methods: [HEAD]')} }] }`),
    ],
    found: ['way-around-waypoint'],
  },
  {
    law: 'an external authorizer at a waypoint is passed by too',
    manifests: [policy('books', 'p', `{ ${atCatalog}, action: CUSTOM, provider: { name: x }, rules: [{}] }`)],
    found: ['way-around-waypoint'],
  },
  {
    law: 'token checks for a Service without a waypoint are made nowhere',
    manifests: [
      policy(
        'shop',
        'p',
        '{ targetRefs: [{ group: "", kind: Service, name: api }], jwtRules: [{ issuer: i, jwksUri: https://i }] }',
      ).replace('kind: AuthorizationPolicy', 'kind: RequestAuthentication'),
    ],
    found: ['target-without-waypoint'],
  },
  {
    law: 'a waypoint of another namespace is no target',
    manifests: [
      waypoint('shop', 'other'),
      policy('books', 'p', '{ targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: other }] }'),
    ],
    found: ['policy-for-nothing'],
  },
  {
    law: 'a misspelt label is told with the nearest one',
    manifests: [
      peerAuthentication('shop', 'p', '{ selector: { matchLabels: { app: apis } }, mtls: { mode: STRICT } }'),
    ],
    found: ['policy-for-nothing'],
  },
  {
    law: 'a host of which the port is the usual one misses nobody in an ALLOW',
    manifests: [policy('legacy', 'p', `{ ${api}, rules: [{ ${to('hosts: [api.example]')} }] }`)],
    found: [],
  },
  {
    law: 'a wildcard host of a DENY misses the port as well',
    manifests: [
      policy('legacy', 'p', `{ ${api}, action: DENY, rules: [{ ${to('ports: ["8080"], hosts: ["*.example"]')} }] }`),
    ],
    found: ['host-without-port'],
  },
  {
    law: 'a port that is the pod’s own is no mistake, whatever Services call it',
    manifests: [policy('legacy', 'p', `{ ${api}, rules: [{ ${to('ports: ["5432"]')} }] }`)],
    found: [],
  },
  {
    law: 'a condition is reported at its value',
    manifests: [
      policy(
        'shop',
        'p',
        `{ ${api}, rules: [{ when: [{ key: source.principal, values: ["spiffe://prod.example/ns/shop/sa/web"] }] }] }`,
      ),
    ],
    found: ['spiffe-principal'],
  },
  {
    law: 'a rule that wants a token where nobody validates any is about tokens that nobody reads',
    manifests: [policy('legacy', 'p', `{ ${api}, rules: [{ ${from('requestPrincipals: ["*"]')} }] }`)],
    found: ['token-not-read'],
  },
  {
    law: 'a single target in the older spelling is a target too',
    manifests: [policy('shop', 'p', '{ targetRef: { group: "", kind: Service, name: apy } }')],
    found: ['policy-for-nothing'],
  },
  {
    law: 'a negative value that nobody can have is a mistake too',
    manifests: [
      policy(
        'shop',
        'p',
        `{ ${api}, action: DENY, rules: [{ ${from('notPrincipals: ["spiffe://prod.example/ns/shop/sa/web"]')} }] }`,
      ),
    ],
    found: ['spiffe-principal'],
  },
  {
    law: 'the API server has no certificate, whatever protocol the port of a webhook declares',
    manifests: [
      policy('istio-system', 'none', '{}'),
      `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: orders }
webhooks: [{ name: orders.legacy.example, clientConfig: { service: { name: undeclared, namespace: legacy } } }]
---
apiVersion: v1
kind: Service
metadata: { name: undeclared, namespace: legacy }
spec: { selector: { app: api }, ports: [{ name: web, port: 443, targetPort: 9443 }] }
`,
    ],
    found: ['api-server-refused'],
  },
  {
    law: 'what two policies say alike is no finding, what a wider one covers is',
    manifests: [
      policy('legacy', 'p', `{ ${api}, rules: [{ ${from('serviceAccounts: [web]')} }] }`),
      policy('legacy', 'q', `{ ${api}, rules: [{ ${from('serviceAccounts: [web]')} }] }`),
      policy(
        'legacy',
        'r',
        `{ ${api}, rules: [{ ${from('serviceAccounts: [web, api]')}, ${to('methods: [GET]')} }, { ${from('serviceAccounts: [api]')} }] }`,
      ),
    ],
    found: ['rule-redundant'],
  },
];

test.each(cases)('$law', ({ manifests, found }) => {
  expect(lintWith(manifests.join('')).map(({ name }) => name)).toEqual(found);
});

test('a finding underlines what its author wrote, and shows a request that the mesh decides so', () => {
  const [finding] = lintWith(policy('shop', 'p', `{ ${api}, action: DENY, rules: [{ ${to('paths: [/admin/*]')} }] }`));
  expect(finding?.span?.file.text.slice(finding.span.start, finding.span.end)).toBe('[/admin/*]');
  expect(finding?.witness).toBe('GET /admin/ from books/catalog to shop/api:80 is let through: no policy denies it');
});
