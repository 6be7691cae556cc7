import { describe, expect, it } from 'vitest';
import { verify } from '../../src/pipeline.js';
import { settings } from '../mesh/support/intents.js';
import { peerAuthentication, policy, threeNamespaces, workload } from '../mesh/support/mesh.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec: { clusters: [{ name: east }] }
`;

/** What is compared of manifests with three namespaces in them. */
function proofOf(policies: string, ...intents: readonly string[]) {
  const sources = [
    { path: 'mesh.yaml', text: mesh },
    { path: 'intents.yaml', text: intents.join('---\n') },
    { path: 'manifests.yaml', text: threeNamespaces + policies },
  ];
  const { proof } = verify(sources, { today: '2026-06-01' });
  if (proof === undefined) throw new Error('nothing was compared');
  return proof;
}

/** What manifests let through to workloads that nobody has deployed yet: `amb: a new ambient workload, anything`. */
function opened(policies: string, ...intents: readonly string[]): readonly string[] {
  return proofOf(policies, ...intents).differences.flatMap(({ kind, demand: { workload, isFuture }, requests }) =>
    isFuture
      ? [
          `${kind} ${workload.namespace}/${workload.name}: ${requests.replace(/ to (?:pod of )?\w[\w ]*\/a new .*/, '')}`,
        ]
      : [],
  );
}

it('is judged, and not counted among those that manifests show', () => {
  const [closing, open] = ['Strict', 'Permissive'].map((mode) => {
    const { workloads, lanes } = proofOf('', settings('{ namespace: side }', `mtls: { mode: ${mode} }`));
    return { workloads, lanes };
  });
  expect(closing).toEqual(open);
});

const closedSide = settings('{ namespace: side }', 'authorization: { default: Deny }');
const closedMesh = settings('mesh', 'authorization: { default: Deny }');
const strictSide = settings('{ namespace: side }', 'mtls: { mode: Strict }');
const bySelector = (app: string) => policy('side', app, `{ selector: { matchLabels: { app: ${app} } } }`);

describe('a workload that no manifest shows', () => {
  it.each([
    ['is closed by a policy for its namespace', policy('side', 'none', '{}'), [closedSide]],
    ['is closed by a policy for the mesh', policy('istio-system', 'none', '{}'), [closedMesh]],
    [
      'is nobody’s concern where no settings of its namespace close it',
      '',
      [settings('{ workload: side/client }', 'authorization: { default: Deny }')],
    ],
    ['may stay open', '', [settings('{ namespace: side }', 'authorization: { default: Allow }')]],
    ['is asked for certificates', peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }'), [strictSide]],
  ])('%s', (_, policies, intents) => {
    expect(opened(policies, ...intents)).toEqual([]);
  });

  it.each([
    [
      'is open where each workload is closed by itself',
      bySelector('client') + bySelector('server'),
      [closedSide],
      [
        'too-much side/a new ambient workload: anything from anyone',
        'too-much side/a new sidecar workload: anything from anyone',
      ],
    ],
    [
      'is open in a namespace that nobody has made, where each namespace is closed by itself',
      ['amb', 'side', 'plain', 'istio-system']
        .map((namespace) => policy(namespace, 'none', '{ selector: {} }'))
        .join(''),
      [closedMesh],
      ['too-much any other namespace/a new ambient workload: anything from anyone'],
    ],
    [
      'is admitted to by an allowance that lost its selector',
      policy('side', 'none', '{}') +
        policy('side', 'theirs', '{ rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }] }] }'),
      [closedSide],
      ['too-much side/a new ambient workload: anything from amb/client'],
    ],
    [
      'takes plaintext where each workload is asked for certificates by itself',
      ['client', 'server']
        .map((app) =>
          peerAuthentication('side', app, `{ selector: { matchLabels: { app: ${app} } }, mtls: { mode: STRICT } }`),
        )
        .join(''),
      [strictSide],
      [
        'too-much side/a new ambient workload: anything from an unauthenticated client, plain/client',
        'too-much side/a new sidecar workload: anything from an unauthenticated client, amb/client, plain/client',
      ],
    ],
  ])('%s', (_, policies, intents, expected) => {
    expect(opened(policies, ...intents)).toEqual(expected);
  });
});

it('a policy that is applied is not excused by one of the same words that was there in another namespace', () => {
  const anyOfSide = (namespace: string) =>
    policy(namespace, 'open', '{ rules: [{ from: [{ source: { serviceAccounts: [side/client] } }] }] }');
  const closed = (namespace: string) =>
    settings(
      `{ namespace: ${namespace} }`,
      'authorization: { default: Deny, allow: [{ name: a, from: [{ workload: side/client }] }] }',
      namespace,
    );
  const sources = [
    { path: 'mesh.yaml', text: mesh },
    { path: 'intents.yaml', text: `${closed('plane')}---\n${closed('side')}` },
    {
      path: 'manifests.yaml',
      text: `${threeNamespaces}---
apiVersion: v1
kind: Namespace
metadata: { name: plane, labels: { istio-injection: enabled } }
${workload('plane', 'server')}${anyOfSide('plane')}`,
    },
  ];
  const applied = [{ path: 'east/20-policies/open.yaml', text: anyOfSide('side').replace('---\n', '') }];
  const { proof } = verify(sources, { today: '2026-06-01', applied });
  expect(
    proof?.differences.flatMap(
      ({
        kind,
        demand: {
          workload: { namespace },
          isFuture,
        },
      }) => (isFuture ? [`${kind} ${namespace}`] : []),
    ),
  ).toContain('too-much side');
});
