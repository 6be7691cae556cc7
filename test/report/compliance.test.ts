import { describe, expect, it } from 'vitest';
import type { EvidenceQuery } from '../../src/parse/framework.js';
import { answerFramework } from '../../src/report/compliance/answer.js';
import type { Facts } from '../../src/report/compliance/found.js';
import type { AccessReport, Answer, RuleReport } from '../../src/report/mesh/mesh-report.js';

const access: AccessReport = {
  who: 'shop/web',
  kind: 'identity',
  callers: ['shop/web'],
  clusters: ['east'],
  planes: ['ambient'],
  nobodyYet: false,
  verdict: 'all',
  through: [],
  asks: [],
  because: null,
  encryption: 'mutual-tls',
  needsToken: false,
  rules: ['shop/web-pays'],
};

const rule: RuleReport = {
  id: 'shop/web-pays',
  effect: 'allow',
  says: 'shop/web may call payments/ledger',
  file: 'intents/shop.yaml',
  line: 7,
  owner: 'team-shop',
  reason: 'it sells',
  ticket: null,
  enforcedBy: [],
  tests: ['paying/1'],
};

function facts(each: readonly Partial<AccessReport>[], others: Partial<Facts> = {}): Facts {
  const points = [{ name: 'ztunnel', policies: [] }];
  const way = { by: 'Service payments/ledger:80', podPort: 80, carries: 'requests', points } as const;
  const ways = [{ ...way, access: each.map((part) => ({ ...access, ...part })) }];
  const base = { cluster: 'east', namespace: 'payments', name: 'ledger', plane: 'ambient', because: '', services: [] };
  return {
    title: 'mesh',
    day: '2026-11-29',
    state: 'after-apply',
    clusters: [],
    findings: { errors: 0, warnings: 0 },
    proved: null,
    workloads: [
      { ...base, ways },
      { ...base, namespace: 'shop', name: 'web', ways: [] },
    ],
    crossings: [],
    entries: [],
    gateways: [],
    hosts: [],
    rules: [rule],
    tests: [],
    accepted: [],
    waypoints: [],
    ...others,
  };
}

function answer(query: EvidenceQuery, given: Facts, namespaces: readonly string[] = []): Answer | undefined {
  const span = { file: { path: '', text: '' }, start: 0, end: 0 };
  const control = { id: { value: 'N-1', span }, says: '', evidence: [{ query, namespaces }] };
  return answerFramework({ name: 'ours', title: '', controls: [control] }, given).controls[0]?.answers[0];
}

const anyone = { who: 'anyone outside', kind: 'outside', callers: ['anyone outside'], rules: [] } as const;
const plain = { ...anyone, encryption: 'plaintext' } as const;

describe.each<EvidenceQuery>(['EveryCallEncrypted', 'EveryCallAuthenticated', 'DefaultDeny'])('%s', (query) => {
  it('holds where each call is as it has to be, and cites what an auditor asks for', () => {
    expect(answer(query, facts([{}]))).toMatchObject({
      status: 'holds',
      evidence: [
        'shop/web → payments/ledger by Service payments/ledger:80 in east: anything; enforced at ztunnel; rule shop/web-pays (intents/shop.yaml:7, owner team-shop, test paying/1)',
      ],
    });
  });

  it('fails where one is not, and is not asked of other namespaces', () => {
    expect(answer(query, facts([{}, plain]))).toMatchObject({ status: 'fails', count: 1 });
    expect(answer(query, facts([{}, plain]), ['shop'])?.status).toBe('holds');
  });

  it('never holds where calls between clusters are not judged', () => {
    const given = facts([{}], { crossings: ['how a gateway reaches another network'] });
    expect(answer(query, given)).toMatchObject({
      status: 'undecided',
      evidence: ['how a gateway reaches another network'],
    });
  });
});

it('claims nothing of a namespace that has no workload, nor of a mesh without any', () => {
  for (const query of ['EveryCallEncrypted', 'DefaultDeny', 'CallsOutClosed', 'CallsOutEncrypted'] as const) {
    expect(answer(query, facts([{}]))?.status).toBe('holds');
    expect(answer(query, facts([{}]), ['shop', 'paymnts'])).toMatchObject({
      status: 'undecided',
      says: expect.stringContaining('but there is no workload in namespace paymnts'),
    });
    expect(answer(query, facts([], { workloads: [] }))?.status).toBe('undecided');
  }
});

it('asks of calls out of the mesh whether they are encrypted, and whether hosts that nobody knows are closed', () => {
  const host = {
    cluster: 'east',
    host: 'api.cards.example',
    port: 443,
    protocol: 'TLS',
    serviceEntry: 'shop/cards',
    carries: 'connections',
  } as const;
  const to = (part: Partial<AccessReport>) => [{ ...access, ...part, points: ['NetworkPolicy payments/closed'] }];
  const known = (part: Partial<AccessReport>) => facts([{}], { hosts: [{ ...host, access: to(part) }] });
  expect(answer('CallsOutEncrypted', known({ encryption: 'client-tls' }))).toMatchObject({
    status: 'holds',
    says: '1 call by TLS, 1 of them by that of the client, as the port is declared',
    evidence: [
      'shop/web → api.cards.example:443 from east: anything; enforced by NetworkPolicy payments/closed; rule shop/web-pays (intents/shop.yaml:7, owner team-shop)',
    ],
  });
  expect(answer('CallsOutEncrypted', known({ encryption: 'plaintext' }))?.status).toBe('fails');
  expect(answer('CallsOutEncrypted', known({ encryption: 'plaintext' }), ['payments'])?.status).toBe('holds');
  expect(answer('CallsOutEncrypted', known({ encryption: 'unknown' }))?.status).toBe('undecided');
  expect(answer('CallsOutClosed', known({}))?.status).toBe('holds');
  const other = { ...host, host: null, port: null, protocol: null, serviceEntry: null };
  const open = (part: Partial<AccessReport>) => facts([{}], { hosts: [{ ...other, access: to(part) }] });
  expect(answer('CallsOutClosed', open({}))?.status).toBe('fails');
  expect(answer('CallsOutClosed', open({ verdict: 'undecided' }))?.status).toBe('undecided');
  expect(answer('CallsOutClosed', open({ verdict: 'none' }))?.status).toBe('holds');
});

it('leaves undecided what nobody knows', () => {
  const unknown = { ...anyone, verdict: 'undecided', encryption: 'unknown', because: 'an EnvoyFilter' } as const;
  for (const query of ['EveryCallEncrypted', 'EveryCallAuthenticated', 'DefaultDeny'] as const)
    expect(answer(query, facts([{}, unknown]))?.status).toBe('undecided');
});

it('takes a valid token for authentication, and for no encryption', () => {
  const given = facts([{ ...plain, needsToken: true }]);
  expect(answer('EveryCallAuthenticated', given)?.status).toBe('holds');
  expect(answer('EveryCallEncrypted', given)?.status).toBe('fails');
});

it('counts what gateways take in plaintext', () => {
  const entry = {
    url: 'http://shop.example.com',
    gateway: 'edge/public',
    pods: ['payments/ledger:80'],
    access: [{ who: 'anyone outside', verdict: 'all', through: [], because: null, needsToken: false }],
  } as const;
  expect(answer('EveryCallEncrypted', facts([{}], { entries: [entry] }))).toMatchObject({ status: 'fails', count: 1 });
  const encrypted = { ...entry, url: 'https://shop.example.com' };
  expect(answer('EveryCallEncrypted', facts([{}], { entries: [encrypted] }))?.status).toBe('holds');
});

it('asks rules for tests, reasons and owners, and what is accepted for a last day', () => {
  const untested = facts([{}], { rules: [rule, { ...rule, id: 'shop/other', tests: [], owner: null }] });
  expect(answer('RulesTested', untested)).toMatchObject({
    status: 'fails',
    says: '1 of 2 rules without a test that hangs on it',
  });
  expect(answer('RulesOwned', untested)?.status).toBe('fails');
  expect(answer('RulesOwned', facts([{}]))?.status).toBe('holds');
  const gap = { what: 'AMB5334', until: null, reason: 'old', owner: null, file: 'baseline.yaml', line: 3, covers: [] };
  expect(answer('GapsListed', facts([{}], { accepted: [gap] }))?.status).toBe('fails');
  expect(answer('GapsListed', facts([{}], { accepted: [{ ...gap, until: '2027-01-31' }] }))?.status).toBe('listed');
});

it('does not take a project without guardrails or intents for one whose guardrails hold', () => {
  expect(answer('GuardrailsHold', facts([{}]))?.status).toBe('fails');
  expect(answer('IntentsProved', facts([{}]))?.status).toBe('undecided');
});
