import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callerPool } from '../../src/algebra/caller-pool.js';
import { readMesh } from '../../src/mesh/mesh.js';
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile, verify } from '../../src/pipeline.js';
import { prove } from '../../src/proof/prove.js';
import { scopedCallers, subjectKey } from '../../src/proof/subject-key.js';
import { subjectsByNamespace, subjectsIn } from '../../src/proof/subjects.js';
import { numbered } from '../../src/proof/template.js';
import { proofToJson, proofToText } from '../../src/report/proof.js';
import { resolve } from '../../src/resolve/resolve.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { computeAnew } from '../../src/util/memory.js';
import { differences, settings } from '../mesh/support/intents.js';
import { peerAuthentication, policy, service, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';
import { filesBelow, goldenCases } from '../support/cases.js';

const root = new URL('../../', import.meta.url).pathname;
const strict = peerAuthentication('istio-system', 'default', '{ mtls: { mode: STRICT } }');

/** The output of an example, with the sources that it was compiled from. */
function example(name: string) {
  const directory = join(root, 'examples', name);
  const paths = filesBelow(directory).filter((path) => path.endsWith('.yaml') && !path.includes('/deploy/'));
  const sources = paths.map((path) => {
    const cluster = /clusters\/([^/]+)\//.exec(path)?.[1];
    return { path: path.slice(directory.length + 1), text: readFileSync(path, 'utf8'), ...(cluster && { cluster }) };
  });
  return { sources, result: compile(sources, { today: '2026-06-01', provenance: 'full' }) };
}

describe('the output of every example', () => {
  it.each(['bank', 'bookshop', 'hybrid-shop'])(
    '%s is proved, and not without any one of the policies that admit callers',
    (name) => {
      const { sources, result } = example(name);
      expect(result.proof).toMatchObject({ differences: [] });
      expect(result.proof?.lanes).toBeGreaterThan(10);
      const policies = result.files.filter(({ path }) => /-(?:allow|guard)\.yaml$/.test(path));
      const unnoticed = policies.filter((dropped) => {
        const applied = result.files.filter((file) => file !== dropped);
        return verify(sources, { today: '2026-06-01', applied }).proof?.differences.length === 0;
      });
      expect(unnoticed.map(({ path }) => path)).toEqual([]);
    },
  );
});

it('judges every golden case that compiles', () => {
  const results = goldenCases().map(({ sources, options }) => compile(sources, options));
  const written = results.filter(({ files }) => files.length > 0);
  expect(written.length).toBeGreaterThan(20);
  expect(
    written.filter(
      ({ proof }) => proof === undefined || proof.differences.some(({ byExisting }) => byExisting === undefined),
    ),
  ).toEqual([]);
});

it('is left out when it is not wanted', () => {
  const { sources } = example('bank');
  const { proof, files } = compile(sources, { today: '2026-06-01', provenance: 'none', verify: false });
  expect(proof).toBeUndefined();
  expect(files.length).toBeGreaterThan(0);
});

it('writes nothing where a proof fails, and says which line is the cause', () => {
  const { sources, result } = example('bank');
  const path = 'main/20-policies/authorizationpolicy.accounts.database-allow.yaml';
  const applied = result.files.map((file) =>
    file.path === path
      ? { path, text: file.text.replace('- accounts/statements', '- accounts/statements\n        - branch/kiosk') }
      : file,
  );
  const { diagnostics, proof } = verify(sources, { today: '2026-06-01', applied });
  const found = diagnostics.filter(({ code }) => code === 'AMB5002');
  expect(found).toHaveLength(1);
  expect(found[0]?.witness).toMatch(/^.* from branch\/kiosk to accounts\/database:5432 is allowed: /);
  const line =
    (applied
      .find((file) => file.path === path)
      ?.text.split('\n')
      .findIndex((text) => text.startsWith('  - from:')) ?? 0) + 1;
  expect(found[0]?.notes.map(({ message }) => message)).toContainEqual(expect.stringContaining(`(${path}:${line})`));
  expect(proof && proofToText(proof)).toMatch(/^not the same: 1 difference \(7 workloads, /);
  expect(proof && JSON.parse(proofToJson(proof))).toMatchObject({
    proved: false,
    differences: [
      {
        kind: 'too-much',
        cluster: 'main',
        workload: 'accounts/database',
        verdict: 'allowed',
        intent: 'accounts/default',
      },
    ],
  });
});

describe('what is not modelled', () => {
  it('is told once a fact, with whom it concerns, and excuses nothing else', () => {
    const manifests = `${threeNamespaces.replaceAll('    metadata: { labels: { app: server } }', '    metadata: { labels: { app: server }, annotations: { sidecar.istio.io/interceptionMode: NONE } }')}${strict}`;
    const sources = [
      { path: 'manifests.yaml', text: manifests },
      { path: 'intents.yaml', text: settings('{ namespace: side }', 'authorization: { default: Deny }') },
    ];
    const { diagnostics, proof } = verify(sources, { today: '2026-06-01' });
    expect(proof?.doubts).toMatchObject([
      {
        fact: 'what the sidecar takes: annotation `sidecar.istio.io/interceptionMode: NONE` of Deployment side/server',
        isCrossing: false,
      },
    ]);
    expect(diagnostics.filter(({ code }) => code === 'AMB5005')).toHaveLength(1);
    expect(proof?.differences.length).toBeGreaterThan(0);
    expect(proof && proofToText({ ...proof, differences: [] })).toContain('undecided where 1 fact is not modelled');
  });
});

/** Workloads `one` and `two` of `side`, each behind a Service of its name, with what the intents say of them. */
function twoWorkloads(policies: string, intents: string) {
  const workloads = ['one', 'two'].map((name) => workload('side', name) + service('side', name)).join('');
  const parsed = parseSources([
    { path: 'manifests.yaml', text: threeNamespaces + workloads + strict + policies },
    { path: 'intents.yaml', text: intents },
  ]).value;
  const topology = buildTopology(parsed.mesh, parsed.objects).value;
  return {
    mesh: readMesh(topology).value,
    resolved: resolve(parsed.intents, topology, { isInForce: () => true, isBeforeEnd: () => true }).value,
  };
}

function keysOf(policies: string, intents: string): ReadonlyArray<string | undefined> {
  const { mesh, resolved } = twoWorkloads(policies, intents);
  const pool = callerPool(mesh);
  const anew = { nearTo: () => [], scopedIn: scopedCallers(pool, computeAnew), recall: computeAnew };
  const alike = { pool, isExisting: () => false, numberOf: numbered(), ...anew };
  const subjects = subjectsByNamespace(mesh, resolved, computeAnew).flatMap(subjectsIn);
  return subjects.map((subject) => subjectKey(alike, subject));
}

describe('workloads that differ in names alone', () => {
  const rule = (name: string, account: string, more = '') =>
    policy(
      'side',
      name,
      `{ selector: { matchLabels: { app: ${name} } }, rules: [{ from: [{ source: { serviceAccounts: [${account}] } }]${more} }] }`,
    );
  const setting = (name: string, caller: string, more = '') =>
    settings(
      `{ service: side/${name} }`,
      `authorization: { default: Deny, allow: [{ name: a, from: [{ workload: ${caller} }]${more} }] }`,
      name,
    );
  const first = rule('one', 'side/client');
  const firstSetting = setting('one', 'side/client');

  it('have one key', () => {
    const [one, two] = keysOf(
      first + rule('two', 'side/server'),
      `${firstSetting}---\n${setting('two', 'side/server')}`,
    );
    expect(one).toBeDefined();
    expect(two).toBe(one);
  });

  it.each([
    ['one more caller of the same kind, in the policy and in the intent', 'side/server, side/other'],
    ['the same callers in another order', 'side/other, side/server'],
  ])('have one key with %s', (_, callers) => {
    const more = callers.split(', ').map((caller) => `{ workload: ${caller} }`);
    const other = workload('side', 'other');
    const intent = setting('two', 'side/server').replace('{ workload: side/server }', more.join(', '));
    const [one, two] = keysOf(`${other}${first}${rule('two', callers)}`, `${firstSetting}---\n${intent}`);
    expect(one).toBeDefined();
    expect(two).toBe(one);
  });

  it.each([
    ['another caller than the rule names', rule('two', 'side/client'), setting('two', 'side/server')],
    ['a caller of another plane', rule('two', 'amb/client'), setting('two', 'amb/client')],
    ['a caller of another namespace', rule('two', 'plain/client'), setting('two', 'plain/client')],
    [
      'a condition more',
      rule('two', 'side/server', ', to: [{ operation: { methods: [GET] } }]'),
      setting('two', 'side/server'),
    ],
    ['a caller more', rule('two', 'side/server, side/client'), setting('two', 'side/server')],
    ['a port', rule('two', 'side/server', ', to: [{ operation: { ports: ["8080"] } }]'), setting('two', 'side/server')],
    [
      'a policy of another revision',
      rule('two', 'side/server') +
        rule('two', 'side/server').replace('name: two', 'name: other, labels: { istio.io/rev: canary }'),
      setting('two', 'side/server'),
    ],
    [
      'a rule about requests',
      rule('two', 'side/server'),
      setting('two', 'side/server', ', to: [{ port: http, methods: [GET] }]'),
    ],
  ])('but not with %s', (_, policies, intents) => {
    const [one, two] = keysOf(first + policies, `${firstSetting}---\n${intents}`);
    expect(one).toBeDefined();
    expect(two).not.toBe(one);
  });

  it('have another key where a Service makes sidecars listen that do not know theirs', () => {
    const sidecar = `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: side }
spec: { egress: [{ hosts: ['amb/*'] }] }
`;
    const other = (port: string) => `---
apiVersion: v1
kind: Service
metadata: { name: other, namespace: amb }
spec: { ports: [{ name: ${port}, port: 81 }] }
`;
    const [connections, requests] = ['tcp', 'http'].map(
      (port) => keysOf(first + sidecar + other(port), firstSetting)[0],
    );
    expect(connections).toBeDefined();
    expect(requests).toBeDefined();
    expect(requests).not.toBe(connections);
  });

  it('have none where a route is for another name of the Service of one of them', () => {
    const route = (host: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: route, namespace: side }
spec: { hosts: [${host}], http: [{ directResponse: { status: 403 } }] }
`;
    const both = first + rule('two', 'side/client');
    const intents = `${firstSetting}---\n${setting('two', 'side/client')}`;
    expect(keysOf(both + route('other.side'), intents)).not.toContain(undefined);
    const [named, other] = keysOf(both + route('one.side'), intents);
    expect(named).toBeUndefined();
    expect(other).toBeDefined();
  });

  it('have none where the model lacks a fact about one of them', () => {
    const behind = '{ istio.io/use-waypoint: waypoint }';
    const pair = ['first', 'second'].map(
      (name) => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { istio.io/dataplane-mode: ambient } }
${workload(name, 'server')}${service(name, 'server', behind)}${waypoint(name)}`,
    );
    const bound = 'annotations: { ambient.istio.io/waypoint-inbound-binding: PROXY/15088 }, labels';
    const otherwise = pair.map((text) =>
      text.replace(/(name: waypoint, namespace: second), labels/, (_, named) => `${named}, ${bound}`),
    );
    const rules = ['first', 'second'].map((name) =>
      settings(`{ namespace: ${name} }`, 'authorization: { default: Deny }', name),
    );
    const factsOf = (manifests: readonly string[]) => {
      const sources = [
        { path: 'manifests.yaml', text: threeNamespaces + manifests.join('') },
        { path: 'intents.yaml', text: rules.join('---\n') },
      ];
      return compile(sources, { today: '2026-06-01' }).proof?.doubts.map(({ fact }) => fact);
    };
    expect(factsOf(pair)).toEqual([]);
    expect(factsOf(otherwise)).toEqual([
      'what annotation `ambient.istio.io/waypoint-inbound-binding` makes of the way to waypoint second/waypoint',
    ]);
  });

  it('have none where an acceptance makes names matter', () => {
    const acceptance = ', accept: [{ path: sharedIdentity, until: 2027-01-01, reason: tried }]';
    expect(keysOf(first, setting('one', 'side/client', acceptance))).toEqual([undefined]);
  });

  it('are compared one by one where that is wanted, with the same answer', () => {
    const { mesh, resolved } = twoWorkloads(
      first + rule('two', 'side/client'),
      `${firstSetting}---\n${setting('two', 'side/server')}`,
    );
    const answer = (groups: boolean) => {
      const { differences: found, ...counts } = prove(mesh, resolved, { isExisting: () => false, groups });
      return { ...counts, found: found.map(({ kind, requests }) => `${kind} ${requests}`) };
    };
    expect(answer(true)).toEqual(answer(false));
    expect(answer(true).found.length).toBeGreaterThan(0);
  });
});

it('knows a mesh that lets everything through from one that does not', () => {
  const closed = policy('side', 'none', '{}');
  const rule = settings('{ namespace: side }', 'authorization: { default: Deny }');
  expect(differences(threeNamespaces + strict + closed, rule)).toEqual([]);
  expect(differences(threeNamespaces + strict, rule).length).toBeGreaterThan(0);
});

it('takes a waypoint that Ambit wrote and no longer writes as pruned', () => {
  const own = waypoint('amb').replace('labels: {', 'labels: { app.kubernetes.io/managed-by: ambit,');
  const sources = [
    {
      path: 'manifests.yaml',
      text: `${threeNamespaces}${own}`.replace(
        'metadata: { name: server, namespace: amb, labels: {} }',
        'metadata: { name: server, namespace: amb, labels: { istio.io/use-waypoint: waypoint } }',
      ),
    },
    {
      path: 'intents.yaml',
      text: settings(
        '{ service: amb/server }',
        'authorization: { default: Deny, allow: [{ name: a, from: [{ workload: amb/client }], to: [{ port: http }] }] }',
      ),
    },
  ];
  const guard = policy(
    'amb',
    'guard',
    '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { serviceAccounts: [amb/waypoint] } }] }] }',
  );
  const admission = policy(
    'amb',
    'admission',
    '{ targetRefs: [{ kind: Service, group: "", name: server }], rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }], to: [{ operation: { ports: ["80"] } }] }] }',
  );
  const found = (...texts: readonly string[]) => {
    const applied = texts.map((text, index) => ({
      path: `default/20-policies/${index}.yaml`,
      text: text.replace('---\n', ''),
    }));
    const { proof } = verify(sources, { today: '2026-06-01', applied });
    return proof?.differences.map(({ kind, requests }) => `${kind}: ${requests}`);
  };
  expect(found(guard, admission, own)).toEqual([]);
  expect(found(guard, admission)).toContain('too-little: anything from amb/client to amb/server:80');
});
