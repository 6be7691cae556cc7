import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { totalOf } from '../../src/adopt/fates.js';
import { handOver } from '../../src/adopt/hand-over.js';
import { isProved } from '../../src/adopt/import-objects.js';
import type { Source } from '../../src/parse/parse-sources.js';
import { handOverToMarkdown } from '../../src/report/import/hand-over.js';
import { importFindings } from '../../src/report/import/text.js';
import { bookshop, bookshopWith, dumpOf, importFrom, rulesIn, textsOf } from './adopting.js';

function policy(name: string, spec: string, metadata = ''): string {
  return `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: bookshop${metadata} }
spec: ${spec}
`;
}

const forCatalog = 'selector: { matchLabels: { app: catalog } }';
const fromStorefront = 'from: [{ source: { principals: [cluster.local/ns/bookshop/sa/storefront] } }]';

function fatesOf(sources: readonly Source[]) {
  const imported = importFrom(sources);
  expect(isProved(imported.round)).toBe(true);
  const { said, merged, dead, left } = totalOf(imported.fates);
  expect(said + merged + dead + left).toBe(rulesIn(sources));
  return { imported, texts: textsOf(imported), said, merged, dead, left };
}

describe('the bookshop', () => {
  const { imported, texts, ...counts } = fatesOf(bookshop);

  it('is said whole, in fewer lines than its policies have', () => {
    expect(counts).toEqual({ said: 11, merged: 0, dead: 0, left: 0 });
    const lines = (text: string) => text.split('\n').length;
    const before = lines(bookshop.find(({ path }) => path.endsWith('policies.yaml'))?.text ?? '');
    const after = Object.values(texts).reduce((sum, text) => sum + lines(text), 0);
    expect(after).toBeLessThan(before / 2);
  });

  it('names no identity and no number of a port', () => {
    const all = Object.values(texts).join('');
    expect(all).not.toMatch(/cluster\.local|8080|principal/);
    expect(all).toContain('from: [{ gateway: ingress/public }]');
    expect(all).toContain('owner: team-reviews');
    expect(all).toContain('reason: only the catalog knows what is in stock');
  });

  it('is handed over without a request that is treated otherwise in between', () => {
    const { steps, left } = handOver(imported);
    expect(steps.map(({ kind }) => kind)).toEqual(['add', 'replace', 'delete']);
    expect(steps.flatMap(({ changes, undecided }) => [...changes, ...undecided])).toEqual([]);
    // The Gateway has no rules, and its listeners stay.
    expect(left.map(({ object }) => `${object.kind} ${object.name}`)).toEqual(['Gateway public']);
  });

  it('reads the same whatever the order of the files', () => {
    expect(textsOf(importFrom([...bookshop].reverse()))).toEqual(texts);
  });

  it('is imported from a dump as well, which has no comments', () => {
    const { said, merged, left } = fatesOf([{ path: 'dump.yaml', text: dumpOf(bookshop) }]);
    expect({ said, merged, left }).toEqual({ said: 10, merged: 1, left: 0 });
  });

  it('is imported again beside what was written', () => {
    const written = imported.round.files.map(({ path, text }) => ({ path: `intents/${path}`, text }));
    expect(textsOf(importFrom([...bookshop, ...written]))).toEqual(texts);
  });
});

describe('dry runs', () => {
  const onTrial = ', annotations: { istio.io/dry-run: "true" }';
  const profiles = `selector: { matchLabels: { app: catalog } }
  action: DENY
  rules:
    # Profiles show what readers bought.
    - to: [{ operation: { ports: ["8080"], paths: [/profile*] } }]`;
  const denial = policy('no-profiles', `\n  ${profiles}`, onTrial);
  const reads = `{ ${forCatalog}, rules: [{ ${fromStorefront}, to: [{ operation: { methods: [GET] } }] }] }`;

  it('are settings of stage Shadow, also beside denials that are enforced', () => {
    const debug = `{ ${forCatalog}, action: DENY, rules: [{ to: [{ operation: { ports: ["8080"], paths: [/debug/*] } }] }] }`;
    const { texts, left } = fatesOf(bookshopWith([denial, policy('no-debug', debug)].join('---\n')));
    expect(left).toBe(0);
    expect(texts['bookshop.yaml']).toContain('name: catalog-shadow');
    expect(texts['bookshop.yaml']).toContain('stage: Shadow\n  scope: { service: bookshop/catalog }');
    expect(texts['bookshop.yaml']).toContain('reason: Profiles show what readers bought.');
  });

  it('that allow something are, where nothing else is allowed', () => {
    const { texts, left } = fatesOf(bookshopWith(policy('reads', reads, onTrial)));
    expect(left).toBe(0);
    expect(texts['bookshop.yaml']).toContain('stage: Shadow');
    expect(texts['bookshop.yaml']).toContain('default: Deny');
  });

  it('stay beside what is allowed already, which would be watched with them', () => {
    const writes = `{ ${forCatalog}, rules: [{ ${fromStorefront}, to: [{ operation: { methods: [PUT] } }] }] }`;
    const { imported, left, said } = fatesOf(
      bookshopWith([policy('reads', reads, onTrial), policy('writes', writes)].join('---\n')),
    );
    expect({ left, said }).toEqual({ left: 1, said: 1 });
    const [dryRun] = imported.fates.filter(({ counts }) => counts.left > 0);
    expect(dryRun?.key).toBe('AuthorizationPolicy bookshop/reads');
    expect(dryRun?.because).toMatch(/^as dry runs: as intents it would let in .*PUT/);
  });

  it('of tokens stay with what validates them', () => {
    const { left, said } = fatesOf(
      bookshopWith(
        [
          policy(
            'readers',
            `{ ${forCatalog}, rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }`,
            onTrial,
          ),
          'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: readers, namespace: bookshop }\nspec: { jwtRules: [{ issuer: "https://issuer.example" }] }\n',
        ].join('---\n'),
      ),
    );
    expect({ left, said }).toEqual({ left: 2, said: 0 });
  });
});

describe('what stays', () => {
  const principal = (name: string) => `from: [{ source: { principals: [${name}] } }]`;

  it.each([
    ['`trustDomain`', principal('corp.example/ns/bookshop/sa/catalog')],
    ['`tokenIssuers`', 'from: [{ source: { requestPrincipals: ["https://issuer.example/anna"] } }]'],
    ['give the manifests of who calls', principal('cluster.local/ns/bookshop/sa/gone')],
  ])('is told with what would make it sayable: %s', (help, rule) => {
    const imported = importFrom(bookshopWith(policy('p', `{ ${forCatalog}, rules: [{ ${rule} }] }`)));
    const [finding] = importFindings(imported).filter(({ name }) => name === 'import-left');
    expect(finding?.help).toContain(help);
    expect(handOverToMarkdown(handOver(imported), (path) => path)).toContain(finding?.help);
  });
});

describe('a mesh that is half imported', () => {
  const written = importFrom(bookshop).round.files.map(({ path, text }) => ({ path: `intents/${path}`, text }));
  const monitoring = policy('nobody', '{}').replace('namespace: bookshop', 'namespace: monitoring');

  it('goes on to do what its intents say, and what is left of its policies', () => {
    const { imported, said, left, texts } = fatesOf([...bookshopWith(monitoring), ...written]);
    expect({ said, left }).toEqual({ said: 1, left: 0 });
    expect(Object.keys(texts)).toEqual(['monitoring.yaml']);
    expect(imported.ground.before.objects.map(({ object }) => object.name)).toContain('catalog-allow');
  });

  it('does with traffic what its intents say, beside routes that are imported later', () => {
    const said = `apiVersion: ambit.dev/v1alpha1
kind: TrafficSettings
metadata: { name: catalog }
spec: { scope: { service: bookshop/catalog }, routes: [{ name: rest, to: [{ service: bookshop/catalog }], timeout: 3s }] }
`;
    const route = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: bookshop }
spec: { hosts: [reviews], http: [{ timeout: 2s, route: [{ destination: { host: reviews } }] }] }
`;
    const {
      imported,
      said: count,
      left,
    } = fatesOf([...bookshopWith(route), { path: 'mine/catalog.yaml', text: said }]);
    expect([count, left, imported.fates[0]?.because]).toEqual([1, 0, undefined]);
    const steps = handOver(imported).steps.map(({ kind, objects }) => [
      kind,
      ...objects.map(({ object }) => object.name),
    ]);
    expect(steps).toEqual([['replace', 'reviews']]);
  });

  it('is told of intents that cannot stand beside policies', () => {
    const renamed = written.map(({ path, text }) => ({ path: `mine/${path}`, text }));
    expect(() => importFrom([...bookshop, ...renamed])).toThrow(/also allows requests to service/);
  });
});

describe('what stays', () => {
  it('is a policy that the language has no words for, with what adds up with it', () => {
    const odd = policy(
      'odd',
      `{ ${forCatalog}, rules: [{ when: [{ key: connection.sni, values: [a.example.com] }] }] }`,
    );
    const plain = policy('plain', `{ ${forCatalog}, rules: [{ ${fromStorefront} }] }`);
    const other = policy('stock', `{ selector: { matchLabels: { app: stock } }, rules: [{ ${fromStorefront} }] }`);
    const { imported, said, left } = fatesOf(bookshopWith([odd, plain, other].join('---\n')));
    expect({ said, left }).toEqual({ said: 1, left: 2 });
    expect(imported.fates.map(({ because }) => because)).toEqual([
      'rules say nothing of `connection.sni`',
      'it adds up with `bookshop/odd`, which stays',
      undefined,
    ]);
  });

  it('is a policy that selects nothing', () => {
    const { imported, left } = fatesOf(
      bookshopWith(policy('nobody', `{ selector: { matchLabels: { app: nobody } }, rules: [{ ${fromStorefront} }] }`)),
    );
    expect(left).toBe(1);
    expect(imported.fates[0]?.because).toBe('it selects nothing');
  });

  it.each(['ServiceEntry', 'Service'])('is a policy for a %s that no waypoint serves', (kind) => {
    const group = kind === 'Service' ? '""' : 'networking.istio.io';
    const text = policy(
      'api',
      `{ targetRefs: [{ group: ${group}, kind: ${kind}, name: api }], rules: [{ ${fromStorefront} }] }`,
    );
    const { imported, left } = fatesOf(bookshopWith(text));
    expect(left).toBe(1);
    expect(imported.fates[0]?.because).toBe(`no waypoint and no gateway reads it for ${kind} \`api\``);
  });

  it('is a policy at a waypoint for callers that still have sidecars, and go past it until they have moved', () => {
    const pods = (name: string, labels: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: bookshop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, ${labels} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: main, image: example }] }
`;
    const half = [
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: bookshop, labels: { istio.io/dataplane-mode: ambient } }\n',
      pods('storefront', 'sidecar.istio.io/inject: "true"'),
      pods('stock', 'tier: back'),
      `apiVersion: v1
kind: Service
metadata: { name: stock, namespace: bookshop, labels: { istio.io/use-waypoint: waypoint } }
spec: { selector: { app: stock }, ports: [{ name: http, port: 80 }] }
`,
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: bookshop }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`,
      policy(
        'stock',
        `{ targetRefs: [{ group: "", kind: Service, name: stock }], rules: [{ ${fromStorefront}, to: [{ operation: { methods: [GET] } }] }] }`,
      ),
      policy(
        'guard',
        '{ selector: { matchLabels: { app: stock } }, rules: [{ from: [{ source: { serviceAccounts: [bookshop/waypoint] } }] }] }',
      ),
    ].join('---\n');
    const { imported, said, dead, left } = fatesOf([{ path: 'half.yaml', text: half }]);
    expect({ said, dead, left }).toEqual({ said: 0, dead: 0, left: 2 });
    expect(imported.fates.map(({ because }) => because)).toEqual([
      'it adds up with `bookshop/stock`, which stays',
      '`bookshop/storefront` runs a sidecar and cannot go through the waypoint of service `bookshop/stock`',
    ]);
  });

  it('is no more than what a policy for waypoints that are still to come stands in the way of', () => {
    const ambient = bookshopWith(
      [
        policy('catalog', `{ ${forCatalog}, rules: [{ ${fromStorefront} }] }`),
        policy('no-posts', `{ ${forCatalog}, action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }] }`),
        policy('stock', `{ selector: { matchLabels: { app: stock } }, rules: [{ ${fromStorefront} }] }`),
        policy(
          'everywhere',
          `{ targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], rules: [{ ${fromStorefront} }] }`,
        ).replace('namespace: bookshop', 'namespace: istio-system'),
      ].join('---\n'),
    ).map((source) => ({
      ...source,
      text: source.text.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
    }));
    const { imported, said, left } = fatesOf(ambient);
    expect(said).toBeGreaterThan(0);
    expect(left).toBeLessThan(4);
    expect(imported.fates.map(({ because }) => because)).not.toContain('nothing was found that means the same');
  });

  describe('where a gateway is let in at pods, and intents would lead it through their waypoint, which stops bytes', () => {
    const path = new URL('../../golden/lint/gateway-that-is-let-in-at-the-pods/manifests.yaml', import.meta.url)
      .pathname;
    const http = '{ name: http, port: 80, protocol: HTTP }';
    const text = readFileSync(path, 'utf8');
    const leading = `apiVersion: gateway.networking.k8s.io/v1
kind: TCPRoute
metadata: { name: bytes, namespace: shop }
spec: { parentRefs: [{ name: public, namespace: ingress }], rules: [{ backendRefs: [{ name: api, port: 80 }] }] }
`;

    it('is all, where a rule of the gateway for connections leads there', () => {
      const withTcp = text.replace(
        http,
        `${http}, { name: tcp, port: 9000, protocol: TCP, allowedRoutes: { namespaces: { from: All } } }`,
      );
      const mesh =
        'apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: m }\nspec: { clusters: [{ name: main, istio: { version: "1.31" } }] }\n';
      const { imported, left, said } = fatesOf([
        { path: 'mesh.yaml', text: mesh },
        { path, text: `${withTcp}---\n${leading}` },
      ]);
      expect({ left, said }).toEqual({ left: 2, said: 1 });
      const told = importFindings(imported).map(({ code, message }) => `${code} ${message}`);
      const because = 'as intents it would keep out anyone: bytes that are no HTTP request to shop/api:80';
      expect(told.filter((each) => each.startsWith('AMB7001'))).toEqual([
        `AMB7001 AuthorizationPolicy shop/api stays as it is: ${because}`,
        `AMB7001 AuthorizationPolicy shop/api-pods stays as it is: ${because}`,
      ]);
    });

    it('is nothing, where no rule does', () => {
      const { left, said } = fatesOf([{ path, text }]);
      expect({ left, said }).toEqual({ left: 0, said: 2 });
    });
  });

  it('is a policy for a caller that no manifest shows', () => {
    const text = policy(
      'visitors',
      `{ ${forCatalog}, rules: [{ from: [{ source: { principals: [cluster.local/ns/bookshop/sa/nobody] } }] }] }`,
    );
    expect(fatesOf(bookshopWith(text)).imported.fates[0]?.because).toBe(
      'no manifest has ServiceAccount `bookshop/nobody`',
    );
  });
});

describe('what had no effect', () => {
  it('is a rule about requests at a port that has none', () => {
    const rule = '{ to: [{ operation: { ports: ["5432"], methods: [GET] } }] }';
    const text = policy(
      'stock',
      `{ selector: { matchLabels: { app: stock } }, rules: [{ ${fromStorefront} }, ${rule}] }`,
    );
    const { said, dead, texts } = fatesOf(bookshopWith(text));
    expect({ said, dead }).toEqual({ said: 1, dead: 1 });
    expect(texts['bookshop.yaml']).not.toContain('GET');
  });

  it('is no denial that swallows a port', () => {
    const rule = '{ to: [{ operation: { ports: ["5432"], methods: [GET] } }] }';
    const text = policy('stock', `{ selector: { matchLabels: { app: stock } }, action: DENY, rules: [${rule}] }`);
    expect(fatesOf(bookshopWith(text))).toMatchObject({ dead: 0, left: 1 });
  });
});

describe('a route that nobody reads', () => {
  const catalog = policy('catalog', `{ ${forCatalog}, rules: [{ ${fromStorefront} }] }`);
  const route = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: bookshop }
spec: { hosts: [catalog], http: [{ timeout: 3s, route: [{ destination: { host: catalog } }] }] }
`;
  const isAmbient = (text: string) => text.replaceAll('istio-injection: enabled', 'istio.io/dataplane-mode: ambient');

  it('stays by itself, and keeps no policy', () => {
    const sources = bookshopWith([catalog, route].join('---\n')).map(({ path, text }) => ({
      path,
      text: isAmbient(text),
    }));
    const { imported, said } = fatesOf(sources);
    expect(said).toBe(1);
    const stays = imported.fates.filter(({ counts }) => counts.left > 0);
    expect(stays.map(({ key }) => key)).toEqual(['VirtualService bookshop/catalog']);
  });
});

describe('one caller that no manifest shows', () => {
  const stranger = 'from: [{ source: { principals: [cluster.local/ns/elsewhere/sa/nobody] } }]';
  const toPath = (path: string) => `{ operation: { ports: ["8080"], methods: [GET], paths: [${path}] } }`;
  const { said, left, texts } = fatesOf(
    bookshopWith(
      [
        policy('deny-all', '{}'),
        policy('storefront', `{ selector: { matchLabels: { app: storefront } }, rules: [{ ${stranger} }] }`),
        policy('catalog', `{ ${forCatalog}, rules: [{ ${fromStorefront}, to: [${toPath('/a')}, ${toPath('/b')}] }] }`),
      ].join('---\n'),
    ),
  );

  it('keeps what closes the namespace, and no policy of others', () => {
    expect({ said, left }).toEqual({ said: 1, left: 2 });
    expect(texts['bookshop.yaml']).toContain(
      'scope: { service: bookshop/catalog }\n  authorization:\n    default: Deny',
    );
  });

  it('and requests that differ in one list alone are said together', () => {
    expect(texts['bookshop.yaml']).toContain('to: [{ port: http, methods: [GET], paths: [/a, /b] }]');
  });
});

describe('of two Services that lead to the same pods', () => {
  const further = (name: string, of: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: bookshop }
spec: { selector: { app: ${of} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
  const rules = (name: string, caller: string) =>
    policy(
      name,
      `{ selector: { matchLabels: { app: ${name} } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/bookshop/sa/${caller}] } }] }] }`,
    );

  it('the one with their name is named, whether they call or are called', () => {
    const objects = [further('a-catalog', 'catalog'), rules('catalog', 'storefront'), rules('stock', 'catalog')];
    const { texts } = fatesOf(bookshopWith(objects.join('---\n')));
    expect(texts['bookshop.yaml']).toContain('service: bookshop/catalog');
    expect(texts['bookshop.yaml']).toContain('from: [{ service: catalog }]');
    expect(texts['bookshop.yaml']).not.toContain('a-catalog');
  });
});

describe('callers that are repeated', () => {
  it('become a group', () => {
    const accounts = ['storefront', 'reviews', 'ratings'].map((name) => `cluster.local/ns/bookshop/sa/${name}`);
    const from = `from: [{ source: { principals: [${accounts.join(', ')}] } }]`;
    const rules = (name: string) =>
      policy(name, `{ selector: { matchLabels: { app: ${name} } }, rules: [{ ${from} }] }`);
    const { texts } = fatesOf(bookshopWith([rules('catalog'), rules('stock')].join('---\n')));
    expect(texts['callers.yaml']).toContain('name: callers-of-catalog');
    expect(texts['bookshop.yaml']?.match(/from: \[\{ group: callers-of-catalog \}\]/g)).toHaveLength(2);
  });
});

describe('modes of mutual TLS', () => {
  const peers = (name: string, spec: string) =>
    `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: bookshop }
spec: ${spec}
`;

  it('are said where they are written, with the ports that stay open', () => {
    const { texts, said } = fatesOf(
      bookshopWith(
        [
          peers('default', '{ mtls: { mode: STRICT } }'),
          peers('catalog', `{ ${forCatalog}, portLevelMtls: { "8080": { mode: PERMISSIVE } } }`),
        ].join('---\n'),
      ),
    );
    expect(said).toBe(2);
    expect(texts['bookshop.yaml']).toContain(
      'plaintext: [{ name: catalog-http, from: [anyone], to: [{ port: http }] }]',
    );
  });

  it('are said of each namespace, and of pods, where nothing tells which policy is older', () => {
    const { texts, said, left } = fatesOf(
      bookshopWith(
        [
          peers('default', '{ mtls: { mode: STRICT } }'),
          peers('default', '{ mtls: { mode: PERMISSIVE } }').replace('namespace: bookshop', 'namespace: monitoring'),
          peers('catalog', `{ ${forCatalog}, mtls: { mode: PERMISSIVE } }`),
          peers('stock', '{ selector: { matchLabels: { app: stock } }, mtls: { mode: STRICT } }'),
        ].join('---\n'),
      ),
    );
    expect({ said, left }).toEqual({ said: 4, left: 0 });
    expect(texts['monitoring.yaml']).toContain('mtls: { mode: Permissive }');

    const rivals = fatesOf(
      bookshopWith(
        [peers('one', '{ mtls: { mode: STRICT } }'), peers('two', '{ mtls: { mode: PERMISSIVE } }')].join('---\n'),
      ),
    );
    expect(rivals.left).toBe(2);
    expect(rivals.imported.fates.map(({ because, help }) => [because, help])).toEqual([
      [
        expect.stringContaining('whether that is this one or `bookshop/two`'),
        expect.stringContaining('creationTimestamp'),
      ],
      [
        expect.stringContaining('whether that is this one or `bookshop/one`'),
        expect.stringContaining('creationTimestamp'),
      ],
    ]);
  });

  it('leave out what an older policy of the same scope hides', () => {
    const dated = (name: string, date: string, mode: string) =>
      peers(name, `{ mtls: { mode: ${mode} } }`).replace(
        'namespace: bookshop',
        `namespace: bookshop, creationTimestamp: "${date}"`,
      );
    const { dead, said } = fatesOf(
      bookshopWith(
        [dated('first', '2020-01-01T00:00:00Z', 'STRICT'), dated('second', '2021-01-01T00:00:00Z', 'PERMISSIVE')].join(
          '---\n',
        ),
      ),
    );
    expect({ said, dead }).toEqual({ said: 1, dead: 1 });
  });
});

describe('a science platform', () => {
  const path = new URL('./meshes/science.yaml', import.meta.url).pathname;
  const sources = [{ path: 'science.yaml', text: readFileSync(path, 'utf8') }];
  const { imported, texts, said, left } = fatesOf(sources);

  it('is said with its gateway, its tokens and its authorizer', () => {
    expect({ said, left }).toEqual({ said: 11, left: 1 });
    expect(texts['edge.yaml']).toContain('provider: oauth2-proxy');
    expect(texts['edge.yaml']).toContain('to: [{ except: [{ paths: [/dex/*, /oauth2/*] }] }]');
    expect(texts['science.yaml']).toContain('token: { issuer: sso, claims: { groups: [modellers] } }');
    expect(texts['science.yaml']).toContain('to: [{ service: notebooks, headers: { science-userid: ["*"] } }]');
    expect(texts['pipelines.yaml']?.match(/group: callers-of-api/g)).toHaveLength(2);
  });

  it('declares the issuer in the Mesh document, and changes nothing else there', () => {
    const { edit } = imported;
    const declared = `  tokenIssuers:
    - name: sso
      issuer: https://sso.science.example
      jwksUri: https://sso.science.example/keys
      forwardOriginalToken: true
`;
    expect(edit?.path).toBe('science.yaml');
    expect(edit?.text).toContain(declared);
    expect(edit?.text.replace(declared, '')).toBe(sources[0]?.text);
  });

  it('leaves a denial by itself, where ports that no Service has would let in whom it refuses', () => {
    const stays = imported.fates.filter(({ counts }) => counts.left > 0);
    expect(stays.map(({ key }) => key)).toEqual(['AuthorizationPolicy science/no-anonymous-writes']);
    expect(stays[0]?.because).toContain('it would let in an unauthenticated client');
    expect(stays[0]?.because).toContain('to pod of science/profiles:65535');
  });
});

it('leaves alone what Ambit wrote', () => {
  const own = policy(
    'own',
    `{ ${forCatalog}, rules: [{ ${fromStorefront} }] }`,
    ', labels: { app.kubernetes.io/managed-by: ambit }',
  );
  expect(importFrom(bookshopWith(own)).fates).toEqual([]);
});

it('leaves what no cluster takes, and imports what stands in one', () => {
  const bad = policy('bad', '{ action: DENY }');
  const good = policy('catalog', `{ ${forCatalog}, rules: [{ ${fromStorefront} }] }`);
  const { imported, said, left } = fatesOf(bookshopWith([bad, good].join('---\n')));
  expect({ said, left }).toEqual({ said: 1, left: 1 });
  const stays = imported.fates.filter(({ counts }) => counts.left > 0);
  expect(stays.map(({ key, because, help }) => [key, because, help])).toEqual([
    [
      'AuthorizationPolicy bookshop/bad',
      expect.stringMatching(/^the cluster would refuse it: .*needs rules/),
      expect.stringContaining('`ambit compile` stops at it'),
    ],
  ]);
  expect(importFindings(imported).map(({ name }) => name)).toContain('import-left');
});

it('leaves what no cluster takes beside intents that are there', () => {
  const written = importFrom(bookshop).round.files.map(({ path, text }) => ({ path: `intents/${path}`, text }));
  const bad = policy('bad', '{ action: DENY }').replace('namespace: bookshop', 'namespace: monitoring');
  const nobody = policy('nobody', '{}').replace('namespace: bookshop', 'namespace: monitoring');
  const { said, left } = fatesOf([...bookshopWith([bad, nobody].join('---\n')), ...written]);
  expect({ said, left }).toEqual({ said: 1, left: 1 });
});

it('says a host once, which policies name with and without its port', () => {
  const hosts = '[books.example.com, "books.example.com:*"]';
  const text = policy(
    'catalog',
    `{ ${forCatalog}, rules: [{ ${fromStorefront}, to: [{ operation: { ports: ["8080"], hosts: ${hosts} } }] }] }`,
  );
  const { texts, left } = fatesOf(bookshopWith(text));
  expect(left).toBe(0);
  expect(texts['bookshop.yaml']).toContain('to: [{ port: http, hosts: [books.example.com] }]');
});

it('names whoever has no identity, and nobody where two conditions exclude each other', () => {
  const open = policy('catalog', `{ ${forCatalog}, rules: [{ to: [{ operation: { ports: ["8080"] } }] }] }`);
  const denial = (source: string) =>
    policy(
      'signed',
      `{ ${forCatalog}, action: DENY, rules: [{ from: [{ source: ${source} }], to: [{ operation: { ports: ["8080"], methods: [POST] } }] }] }`,
    );
  const { texts, left } = fatesOf(bookshopWith([open, denial('{ notPrincipals: ["*"] }')].join('---\n')));
  expect(left).toBe(0);
  expect(texts['bookshop.yaml']).toContain('from: [unauthenticated]\n        to: [{ port: http, methods: [POST] }]');
  const both = denial('{ namespaces: [bookshop], notPrincipals: ["*"] }');
  expect(fatesOf(bookshopWith([open, both].join('---\n'))).left).toBe(1);
});
