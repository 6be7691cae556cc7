import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { offersAt } from '../../src/language-server/completion.js';
import { nextKnown } from '../../src/language-server/known.js';
import type { Schema } from '../../src/language-server/schema.js';
import { compile, type Source } from '../../src/pipeline.js';
import { filesBelow } from '../support/cases.js';

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
];
const known = nextKnown(compile(sources, { today: '2026-11-20' }), undefined);

/** What is offered at the bar in a text. */
function offered(marked: string): readonly string[] {
  return offersAt(marked.replace('|', ''), marked.indexOf('|'), schema, known).map(({ label }) => label);
}

const settings = (spec: string) =>
  `apiVersion: ambit.dev/v1alpha1\nkind: SecuritySettings\nmetadata:\n  name: payments\nspec:\n${spec}`;
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
