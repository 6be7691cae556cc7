import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSources } from '../../src/parse/parse-sources.js';
import { compile, verify } from '../../src/pipeline.js';
import { proofToJson, proofToText } from '../../src/report/proof.js';
import { resolve } from '../../src/resolve/resolve.js';
import { buildTopology } from '../../src/topology/build-topology.js';
import { callerPool } from '../../src/verify/algebra/caller-pool.js';
import { spaceMaker } from '../../src/verify/algebra/space.js';
import { demandsOf } from '../../src/verify/intents/demands.js';
import { readMesh } from '../../src/verify/mesh.js';
import { comparisonKey } from '../../src/verify/prove-key.js';
import { comparisonsTo } from '../../src/verify/prove-lanes.js';
import { filesBelow, goldenCases } from '../support/cases.js';
import { differences, settings } from './support/intents.js';
import { peerAuthentication, policy, service, threeNamespaces, workload } from './support/mesh.js';

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

it('writes nothing where a proof fails, and says which line is to blame', () => {
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
    const manifests = `${threeNamespaces.replaceAll('    metadata: { labels: { app: server } }', "    metadata: { labels: { app: server }, annotations: { traffic.sidecar.istio.io/excludeInboundPorts: '8080' } }")}${strict}`;
    const sources = [
      { path: 'manifests.yaml', text: manifests },
      { path: 'intents.yaml', text: settings('{ namespace: side }', 'authorization: { default: Deny }') },
    ];
    const { diagnostics, proof } = verify(sources, { today: '2026-06-01' });
    expect(proof?.doubts).toMatchObject([
      { fact: 'inbound ports that annotations take away from the sidecar', isCrossing: false },
    ]);
    expect(diagnostics.filter(({ code }) => code === 'AMB5005')).toHaveLength(1);
    expect(proof?.differences.length).toBeGreaterThan(0);
    expect(proof && proofToText({ ...proof, differences: [] })).toContain('except for 1 fact that is not modelled');
  });
});

/** The keys of all lanes to two workloads of `side`, and whether what stands behind equal keys is proved alike. */
function keysOf(first: string, second: string, intents: string) {
  const text = `${threeNamespaces}${['one', 'two'].map((name) => workload('side', name) + service('side', name)).join('')}${strict}${first}${second}`;
  const sources = [
    { path: 'manifests.yaml', text },
    { path: 'intents.yaml', text: intents },
  ];
  const parsed = parseSources(sources).value;
  const topology = buildTopology(parsed.mesh, parsed.objects).value;
  const mesh = readMesh(topology).value;
  const context = { mesh, pool: callerPool(mesh), makeSpace: spaceMaker(), isExisting: () => false };
  const resolved = resolve(parsed.intents, topology, '2026-06-01').value;
  const [given] = topology.clusters;
  return [...demandsOf(resolved).values()].map((demand) => {
    const comparisons = given === undefined ? [] : comparisonsTo(context, demand, given);
    return comparisons.map((comparison) => comparisonKey(mesh, comparison));
  });
}

describe('lanes that differ in names alone', () => {
  const rule = (name: string, account: string, more = '') =>
    policy(
      'side',
      name,
      `{ selector: { matchLabels: { app: ${name} } }, rules: [{ from: [{ source: { serviceAccounts: [${account}] } }]${more} }] }`,
    );
  const intents = (one: string, two: string) =>
    ['one', 'two']
      .map((name, index) =>
        settings(
          `{ service: side/${name} }`,
          `authorization: { default: Deny, allow: [{ name: a, from: [{ workload: ${index === 0 ? one : two} }] }] }`,
          name,
        ),
      )
      .join('---\n');

  it('have one key', () => {
    const [one, two] = keysOf(
      rule('one', 'side/client'),
      rule('two', 'side/server'),
      intents('side/client', 'side/server'),
    );
    expect(one).toEqual(two);
    expect(one).not.toContain(undefined);
  });

  it.each([
    ['another caller than the rule names', rule('two', 'side/client'), 'side/server'],
    ['a caller of another plane', rule('two', 'amb/client'), 'amb/client'],
    ['a condition more', rule('two', 'side/server', ', to: [{ operation: { methods: [GET] } }]'), 'side/server'],
    ['a caller more', rule('two', 'side/server, side/client'), 'side/server'],
    ['a caller of another namespace', rule('two', 'plain/client'), 'plain/client'],
  ])('but not with %s', (_, second, caller) => {
    const [one = [], two = []] = keysOf(rule('one', 'side/client'), second, intents('side/client', caller));
    expect(two.some((key) => !one.includes(key))).toBe(true);
  });

  it('have none where a waiver or a shared identity makes names matter', () => {
    const waived = settings(
      '{ service: side/one }',
      'authorization: { default: Deny, allow: [{ name: a, from: [{ workload: side/client }], accept: [{ path: sharedIdentity, until: 2027-01-01, reason: tried }] }] }',
    );
    expect(keysOf(rule('one', 'side/client'), '', waived).flat()).toEqual(expect.arrayContaining([undefined]));
  });
});

it('knows a mesh that lets everything through from one that does not', () => {
  const closed = policy('side', 'none', '{}');
  const rule = settings('{ namespace: side }', 'authorization: { default: Deny }');
  expect(differences(threeNamespaces + strict + closed, rule)).toEqual([]);
  expect(differences(threeNamespaces + strict, rule).length).toBeGreaterThan(0);
});
