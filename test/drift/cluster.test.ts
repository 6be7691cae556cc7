import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dumpedKinds } from '../../src/changes/dumped-kinds.js';
import { load } from '../../src/cli/project/load.js';
import { runCli } from '../../src/cli/run-cli.js';
import { filesBelow } from '../support/cases.js';
import { printed } from '../support/cluster/dump.js';
import { clustersRunning } from '../support/cluster/running-project.js';
import type { Served } from '../support/cluster/served.js';
import { memoryHost } from '../support/memory-host.js';
import { describeWithShared, sharedDirectory } from '../support/shared.js';

const root = new URL('../../examples/', import.meta.url).pathname;
const examples = readdirSync(root).filter((name) => existsSync(join(root, name, 'ambit.yaml')));

describe.each(examples)('examples/%s, as its clusters give it to whoever asks as told', (name) => {
  it('has not drifted', async () => {
    const files = textsBelow(join(root, name));
    const whole = await dumpsOf(files);
    const dumps = new Map([...whole].map(([cluster, objects]) => [cluster, objects.filter(isAskedFor)]));
    const { exitCode, stdout, stderr } = await drift(files, dumps);
    expect(stderr).toBe('');
    expect([stdout, exitCode]).toEqual([expect.stringMatching(/enforces? what the project says/), 0]);
  });
});

/** By the command that `ambit drift --help` prints. */
const asked = new Set(dumpedKinds.map(({ kind }) => kind));
const isAskedFor = ({ kind }: Served) => asked.has(kind);

/** What somebody does in a cluster behind the project's back. */
type Deed = (objects: readonly Served[]) => readonly Served[];

const changing = (kind: string, name: string, change: (object: Served) => Served): Deed => {
  return (objects) => objects.map((each) => (each.kind === kind && each.metadata.name === name ? change(each) : each));
};

const without =
  (isGone: (object: Served) => boolean): Deed =>
  (objects) =>
    objects.filter((each) => !isGone(each));

const withoutLabel = (kind: string, name: string, label: string): Deed =>
  changing(kind, name, ({ metadata, ...rest }) => {
    const { [label]: _, ...labels } = metadata.labels;
    return { ...rest, metadata: { ...metadata, labels } } as Served;
  });

const withPolicy =
  (namespace: string, spec: object): Deed =>
  (objects) => [
    ...objects,
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'by-hand', namespace, uid: '1' },
      spec,
    },
  ];

const letAnyoneIn = withPolicy('default', { action: 'ALLOW', rules: [{}] });
const refuseNamespace = withPolicy('istio-system', {
  action: 'DENY',
  rules: [{ from: [{ source: { namespaces: ['default'] } }] }],
});
const withoutMtls = without(({ kind }) => kind === 'PeerAuthentication');
const olderIstio = changing('Deployment', 'istiod', (object) =>
  JSON.parse(JSON.stringify(object).replaceAll('pilot:1.29.0', 'pilot:1.28.3')),
);
const withMeshConfig =
  (text: string): Deed =>
  (objects) => [
    ...objects,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: text, meshNetworks: 'networks: {}' },
    },
  ];
const usualMeshConfig = withMeshConfig(
  'accessLogFile: /dev/stdout\ndefaultConfig:\n  discoveryAddress: istiod.istio-system.svc:15012\n' +
    'enablePrometheusMerge: true\nrootNamespace: istio-system\ntrustDomain: cluster.local\n',
);
/** Pods that were started anew after their namespace had left the mesh. */
const startedOutside: Deed = (objects) =>
  withoutLabel(
    'Namespace',
    'default',
    'istio-injection',
  )(objects).map((each) => {
    if (each.kind !== 'Pod' || each.metadata.namespace !== 'default') return each;
    const { initContainers: _, ...spec } = each.spec;
    return { ...each, spec, metadata: { ...each.metadata, annotations: {} } };
  });

const lostOfWaypoint = without(
  ({ kind, metadata }) => metadata.name.startsWith('waypoint') && !['AuthorizationPolicy', 'ConfigMap'].includes(kind),
);

describeWithShared('Bookinfo with sidecars, as its cluster gives it', () => {
  it.each<[string, Deed, readonly string[]]>([
    ['as it was applied', (objects) => objects, []],
    ['with a MeshConfig as Istio installs it', usualMeshConfig, []],
    ['without its pods', without(({ kind }) => kind === 'Pod'), []],
    ['with a policy that lets anyone in', letAnyoneIn, ['access-granted']],
    ['with a policy that refuses a namespace', refuseNamespace, ['access-revoked']],
    ['without mTLS', withoutMtls, ['plaintext-accepted']],
    ['without the label for sidecars', withoutLabel('Namespace', 'default', 'istio-injection'), ['data-plane-changed']],
    ['with pods without sidecars', startedOutside, ['access-granted', 'data-plane-changed', 'plaintext-accepted']],
    ['of an older Istio', olderIstio, ['istio-changed']],
    [
      'with a MeshConfig that keeps hosts from sidecars',
      withMeshConfig('outboundTrafficPolicy: { mode: REGISTRY_ONLY }\n'),
      [],
    ],
  ])('%s', async (_, deed, kinds) => {
    expect(await driftedIn(bookinfo('istio-injection: enabled'), deed)).toEqual(kinds);
  });
});

describeWithShared('Bookinfo in ambient, as its cluster gives it', () => {
  it.each<[string, Deed, readonly string[]]>([
    ['as it was applied', (objects) => objects, []],
    ['without the label of a Service', withoutLabel('Service', 'details', 'istio.io/use-waypoint'), ['access-revoked']],
    ['without the waypoint', lostOfWaypoint, ['access-revoked', 'routed-anew', 'waypoint-removed']],
    ['with a policy that lets anyone in', letAnyoneIn, ['access-granted']],
    [
      'without the label for ambient',
      withoutLabel('Namespace', 'default', 'istio.io/dataplane-mode'),
      ['data-plane-changed'],
    ],
  ])('%s', async (_, deed, kinds) => {
    expect(await driftedIn(bookinfo('istio.io/dataplane-mode: ambient'), deed)).toEqual(kinds);
  });

  it('says which kinds a dump lacks that somebody may read in part', async () => {
    const files = bookinfo('istio.io/dataplane-mode: ambient');
    const dumps = await dumpsOf(files);
    const routes = without(({ kind }) => kind === 'HTTPRoute');
    const { stderr } = await drift(files, new Map([...dumps].map(([name, objects]) => [name, routes(objects)])));
    expect(stderr).toContain('the dump of cluster main holds no HTTPRoute');
  });
});

/** The kinds of drift, each once. */
async function driftedIn(files: Files, deed: Deed): Promise<readonly string[]> {
  const dumps = await dumpsOf(files);
  const { stdout } = await drift(files, new Map([...dumps].map(([name, objects]) => [name, deed(objects)])), 'json');
  const { changes, undecided } = JSON.parse(stdout);
  expect(undecided).toEqual([]);
  return [...new Set<string>(changes.map(({ kind }: { readonly kind: string }) => kind))].sort();
}

function bookinfo(label: string): Files {
  const intents = new URL('../fixtures/realworld/bookinfo.yaml', import.meta.url);
  return {
    '/work/ambit.yaml': `apiVersion: ambit.dev/v1alpha1
kind: Project
metadata: { name: bookinfo }
spec: { intents: [intents/], output: deploy/ }
---
apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: main }
spec: { clusters: [{ name: main, manifests: [clusters/], istio: { version: "1.29" } }] }
`,
    '/work/intents/bookinfo.yaml': readFileSync(intents, 'utf8'),
    '/work/clusters/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: default, labels: { ${label} } }\n`,
    '/work/clusters/bookinfo.yaml': readFileSync(join(sharedDirectory, 'realworld/bookinfo/bookinfo.yaml'), 'utf8'),
  };
}

type Files = Readonly<Record<string, string>>;

function textsBelow(directory: string): Files {
  return Object.fromEntries(
    filesBelow(directory).map((path) => [`/work/${relative(directory, path)}`, readFileSync(path, 'utf8')]),
  );
}

async function dumpsOf(files: Files): Promise<ReadonlyMap<string, readonly Served[]>> {
  const { value } = await load(memoryHost({ files }), { filename: [] });
  return clustersRunning(value.sources);
}

async function drift(files: Files, dumps: ReadonlyMap<string, readonly Served[]>, format = 'human') {
  const texts = Object.fromEntries([...dumps].map(([name, objects]) => [`/work/${name}.dump.yaml`, printed(objects)]));
  const host = memoryHost({ files: { ...files, ...texts } });
  const named = [...dumps.keys()].flatMap((name) => ['--cluster', `${name}=${name}.dump.yaml`]);
  const exitCode = await runCli(['drift', ...named, '-o', format], host);
  return { exitCode, stdout: host.stdout(), stderr: host.stderr() };
}
