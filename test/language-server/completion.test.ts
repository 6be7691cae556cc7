import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { offersAt } from '../../src/language-server/completion.js';
import { nextKnown } from '../../src/language-server/known.js';
import type { Schema } from '../../src/language-server/schema.js';
import { skeletonsAt } from '../../src/language-server/skeletons.js';
import { schemaFaults } from '../../src/parse/check-schema.js';
import type { Kind } from '../../src/parse/kinds.js';
import { readYaml } from '../../src/parse/read-yaml.js';
import { compile, type Source } from '../../src/pipeline.js';
import { filesBelow } from '../support/cases.js';

/** What an editor inserts where nobody fills in anything. */
const filledIn = (snippet: string) => snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1');

const schema: Schema = JSON.parse(readFileSync('schemas/ambit.schema.json', 'utf8'));
const shop = 'examples/hybrid-shop';
const sources: readonly Source[] = [
  { path: 'ambit.yaml', text: readFileSync(`${shop}/ambit.yaml`, 'utf8') },
  ...filesBelow(`${shop}/intents`).map((path) => ({ path, text: readFileSync(path, 'utf8') })),
  ...['east', 'west'].flatMap((cluster) =>
    filesBelow(`${shop}/clusters/${cluster}`).map((path) => ({ path, text: readFileSync(path, 'utf8'), cluster })),
  ),
  {
    path: 'partner.yaml',
    text: `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
`,
    cluster: 'east',
  },
  {
    path: 'web.yaml',
    text: `apiVersion: ambit.dev/v1alpha1
kind: TrafficSettings
metadata: { name: web }
spec:
  scope: { service: shop/web }
  versions: { canary: { labels: { version: v1-canary } } }
  split: { canary: 1 }
`,
  },
  ...['east', 'west'].map((cluster) => ({
    path: `${cluster}/web-canary.yaml`,
    text: `apiVersion: apps/v1
kind: Deployment
metadata: { name: web-canary, namespace: shop }
spec:
  template:
    metadata: { labels: { app: web, version: v1-canary } }
    spec: { serviceAccountName: web, containers: [{ name: web }] }
`,
    cluster,
  })),
];
const known = nextKnown(compile(sources, { today: '2026-11-20', verify: false }), undefined);

/** What is offered at the bar in a text. */
function offered(marked: string): readonly string[] {
  return offersAt(marked.replace('|', ''), marked.indexOf('|'), schema, known).map(({ label }) => label);
}

const settings = (spec: string) =>
  `apiVersion: ambit.dev/v1alpha1\nkind: SecuritySettings\nmetadata:\n  name: payments\nspec:\n${spec}`;
const traffic = (spec: string) =>
  `apiVersion: ambit.dev/v1alpha1\nkind: TrafficSettings\nmetadata: { name: a }\nspec:\n  scope: { service: payments/ledger }\n${spec}`;
const inShop = (rest: string) => settings(`  scope: { namespace: shop }\n  authorization:\n    default: Deny\n${rest}`);

describe('fields', () => {
  it('of an object that is not written yet', () => {
    expect(offered(settings('  |\n'))).toEqual(expect.arrayContaining(['scope', 'mtls', 'authorization', 'egress']));
  });

  it('that are not there already', () => {
    expect(offered(settings('  scope: mesh\n  |\n'))).not.toContain('scope');
  });

  it('of a rule, above others that are whole', () => {
    const rules = inShop('    allow:\n      - name: one\n        |\n      - name: two\n');
    expect(offered(rules)).toEqual(expect.arrayContaining(['from', 'to', 'reason']));
  });

  it('in braces that nobody has closed', () => {
    expect(offered(inShop('    allow:\n      - name: one\n        to: [{ service: web, po|\n'))).toContain('port');
  });

  it('where what stands below cannot be read', () => {
    expect(offered(inShop('    allow:\n      - name: one\n        |\n  : : [\n'))).toContain('from');
  });

  it('in the second document of a file', () => {
    expect(offered(`nonsense: [\n---\n${settings('  |\n')}`)).toContain('scope');
  });

  it('of every kind, until a document says which it is', () => {
    expect(offered('|')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  });

  it('of no document that is not Ambit’s', () => {
    expect(offered('apiVersion: v1\nkind: Service\nmetadata:\n  |\n')).toEqual([]);
    expect(offered('services:\n  web:\n    |\n')).toEqual([]);
    expect(offered('services: {}\n|\n')).toEqual([]);
  });

  it('with what each is for, in place of the word that is there', () => {
    const text = inShop('    allow:\n      - name: one\n        fro\n');
    const offset = text.indexOf('fro\n') + 2;
    const [from] = offersAt(text, offset, schema, known).filter(({ label }) => label === 'from');
    expect(from).toMatchObject({ text: 'from:', start: offset - 2, end: offset + 1 });
    expect(from?.description).toContain('callers');
  });
});

describe('words', () => {
  it.each([
    [inShop('').replace('Deny', '|'), ['Allow', 'Deny']],
    [settings('  scope: |\n'), ['mesh']],
    ['apiVersion: ambit.dev/v1alpha1\nkind: |\n', expect.arrayContaining(['Mesh', 'AccessTest'])],
  ])('that a field takes: %j', (text, words) => {
    expect(offered(text)).toEqual(words);
  });
});

describe('names', () => {
  const rule = (text: string) => inShop(`    allow:\n      - name: one\n        ${text}\n`);

  it.each([
    ['Services, short in the own namespace', rule('to: [{ service: | }]'), ['checkout', 'payments/ledger']],
    ['workloads', rule('from: [{ workload: mon|'), ['monitoring/prometheus']],
    ['namespaces', rule('from: [{ namespace: | }]'), ['orders', 'payments', 'shop']],
    ['gateways', rule('from: [{ gateway: | }]'), ['ingress/public']],
    [
      'hosts outside the mesh',
      settings('  scope: { namespace: shop }\n  egress:\n    allow:\n      - to: [{ host: | }]\n'),
      ['api.partner.example'],
    ],
    ['callers from outside', rule('from: [{ external: | }]'), ['load-balancer']],
    ['ports of the Service beside it', rule('to: [{ service: payments/ledger, port: | }]'), ['http']],
    ['ports of the workload beside it', rule('to: [{ workload: web, port: | }]'), ['metrics']],
  ])('%s', (_, text, names) => {
    expect(offered(text)).toEqual(expect.arrayContaining(names));
  });

  it.each([
    ['routes', 'routes:\n    - name: rest\n      to: [{ version: | }]', ['blue', 'green']],
    ['mirrors', 'routes:\n    - name: rest\n      mirror: [{ version: | }]', ['blue', 'green']],
    [
      'routes, of the Service named beside it',
      'routes:\n    - name: rest\n      to: [{ service: shop/web, version: | }]',
      ['canary'],
    ],
    ['the fields of a split', 'split: { green: 9, | }', ['blue']],
    ['a rollout', 'rollout: { from: | }', ['blue', 'green']],
    ['a rollout, at its end', 'rollout: { from: blue, to: | }', ['blue', 'green']],
  ])('of versions in %s', (_, text, names) => {
    const versions = '  versions: { blue: { labels: { version: v1 } }, green: { labels: { version: v2 } } }';
    expect(offered(traffic(`${versions}\n  ${text}\n`))).toEqual(names);
  });

  it('of versions that a test may reach', () => {
    const test = 'apiVersion: ambit.dev/v1alpha1\nkind: AccessTest\nmetadata: { name: a }\nspec:\n  cases:\n';
    expect(offered(`${test}    - { expect: allow, to: "shop/web:http", version: [|] }`)).toEqual(['canary']);
    expect(offered(`${test}    - { expect: allow, to: "shop/web:http", destination: [|] }`)).toContain('shop/web');
  });

  it('of versions are those that pods have by their labels, where they are declared', () => {
    const web = (spec: string) => traffic(spec).replace('payments/ledger', 'shop/web');
    expect(offered(web('  versions: { | }\n'))).toEqual(['v1-canary']);
    expect(offered(web('  versions: { blue: { labels: { version: | } } }\n'))).toEqual(['v1-canary']);
  });

  it('of versions are none of Istio', () => {
    expect(
      offered('apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nspec: { clusters: [{ istio: { version: | } }] }'),
    ).not.toContain('canary');
  });

  it('of ports are the fields of settings for single ones', () => {
    expect(offered(traffic('  ports: { | }\n'))).toEqual(['http']);
  });

  it('of ports are those of the host beside it', () => {
    const egress = settings(
      '  scope: { namespace: shop }\n  egress:\n    allow:\n      - to: [{ host: api.partner.example, port: | }]\n',
    );
    expect(offered(egress)).toEqual(['443']);
  });

  it('of rules and objects where something is accepted', () => {
    expect(offered(rule('accept: [{ code: AMB3031, about: | }]'))).toContain('payments/desk-charges');
    const project =
      'apiVersion: ambit.dev/v1alpha1\nkind: Project\nmetadata: { name: a }\nspec: { accept: [{ object: | }] }\n';
    expect(offered(project)).toEqual(
      expect.arrayContaining(['ServiceEntry/shop/partner', 'AuthorizationPolicy/payments/ledger-allow']),
    );
    expect(offered(project)).not.toContain('payments/desk-charges');
  });

  it('of ports are none of another Service', () => {
    expect(offered(rule('to: [{ service: payments/ledger, port: | }]'))).toEqual(['http']);
  });

  it('of who sends in an AccessTest, and in no rule', () => {
    const test = 'apiVersion: ambit.dev/v1alpha1\nkind: AccessTest\nmetadata: { name: a }\nspec:\n  cases:\n';
    expect(offered(`${test}    - { expect: deny, from: | }`)).toEqual(expect.arrayContaining(['shop/web', 'outside']));
    expect(offered(`${test}    - { to: "payments/|" }`)).toContain('payments/ledger:http');
    expect(offered(`${test}    - { to: "payments/|`)).toContain('payments/ledger:http');
    expect(offered(rule('from: [|]'))).not.toContain('outside');
  });

  it('of codes that can be accepted, behind the words that accept', () => {
    const codes = offered('# ambit: accept AMB5|');
    expect(codes).toContain('AMB5301');
    expect(codes).not.toContain('AMB0001');
  });

  it('are none in other comments', () => {
    expect(offered(rule('# from: [{ service: | }]'))).toEqual([]);
  });

  it('are none while nothing is known of the deployment', () => {
    const text = rule('to: [{ service: | }]');
    expect(offersAt(text.replace('|', ''), text.indexOf('|'), schema, undefined)).toEqual([]);
  });
});

describe('skeletons', () => {
  it.each(['', 'Sec', '---\n', '# what is meant\n\n', `${settings('  scope: mesh\n')}---\n`])(
    'are offered where a document says nothing yet: %j',
    (text) => {
      const kinds = skeletonsAt(text, text.length).map(({ label }) => label);
      expect(kinds).toEqual(['SecuritySettings', 'TrafficSettings', 'AccessTest', 'Guardrail', 'Mesh']);
    },
  );

  it.each(['kind: ', 'kind: Mesh\n', settings('  '), 'spec:\n  ', '# Sec'])('are not offered behind %j', (text) => {
    expect(skeletonsAt(text, text.length)).toEqual([]);
  });

  it('take the place of what is there, and have the form that they must have', () => {
    for (const { text, start, end, label } of skeletonsAt('Sec', 3)) {
      expect([start, end]).toEqual([0, 3]);
      const [document] = readYaml({ path: '', text: filledIn(text) }, 'intent').value;
      expect(schemaFaults(document?.value, label as Kind)).toEqual([]);
    }
  });
});
