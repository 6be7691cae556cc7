import { describe, expect, it } from 'vitest';
import { verify } from '../../src/pipeline.js';
import { proofToJson, proofToText } from '../../src/report/proof.js';
import { settings } from '../mesh/support/intents.js';
import { peerAuthentication, policy, threeNamespaces, waypoint, workload } from '../mesh/support/mesh.js';

const mesh = `apiVersion: ambit.dev/v1alpha1
kind: Mesh
metadata: { name: test }
spec: { clusters: [{ name: east }] }
`;

const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: side }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
`;

/** An output over manifests, and settings that speak of `side/client` alone. */
function proofOf(applied: string, given = '') {
  const sources = [
    { path: 'mesh.yaml', text: mesh },
    { path: 'intents.yaml', text: settings('{ workload: side/client }', 'authorization: { default: Allow }') },
    { path: 'manifests.yaml', text: withGiven(given) },
  ];
  const files = applied
    .split(/^---\n/m)
    .filter((text) => text.trim() !== '')
    .map((text, index) => ({ path: `east/20-policies/${index}.yaml`, text }));
  const { proof } = verify(sources, { today: '2026-06-01', applied: files });
  if (proof === undefined) throw new Error('nothing was compared');
  return proof;
}

/** A Namespace that is given stands for the one of its name. */
function withGiven(given: string): string {
  const isReplaced = given.includes('kind: Namespace\nmetadata: { name: amb,');
  const plain = /^apiVersion: v1\nkind: Namespace\nmetadata: { name: amb, .*\n---\n/m;
  return (isReplaced ? threeNamespaces.replace(plain, '') : threeNamespaces) + given;
}

/** `lost amb/server: anything …`, or the fact that the model lacks. */
function changes(applied: string, given?: string): readonly string[] {
  return proofOf(applied, given).unmentioned.map(({ finding, place, others }) => {
    const who = `${place.namespace}/${place.name}${others === 0 ? '' : ` and ${others} more`}`;
    if (finding.kind === 'too-large') return `${who}: too large`;
    return finding.kind === 'unjudged' ? `${who}: ${finding.fact}` : `${finding.kind} ${who}: ${finding.requests}`;
  });
}

const toServer = 'selector: { matchLabels: { app: server } }';
const byClient = '{ from: [{ source: { principals: [cluster.local/ns/amb/sa/client] } }] }';
/** `amb/server` behind a waypoint, its pods open to nobody else. */
const guarded = `${waypoint('amb')}---
apiVersion: v1
kind: Namespace
metadata: { name: amb, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: waypoint } }
${policy('amb', 'guard', `{ ${toServer}, rules: [{ from: [{ source: { principals: [cluster.local/ns/amb/sa/waypoint] } }] }] }`)}`;
const readOnly = policy(
  'amb',
  'read-only',
  '{ targetRefs: [{ kind: Service, group: "", name: server }], rules: [{ to: [{ operation: { methods: [GET] } }] }] }',
);
const otherAddress = `apiVersion: v1
kind: Service
metadata: { name: other-address, namespace: amb }
spec: { selector: { app: server }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`;
const enrolment = `apiVersion: v1
kind: Service
metadata: { name: server, namespace: amb, labels: { istio.io/use-waypoint: waypoint } }
`;

describe('of those of whom no intent speaks', () => {
  it.each([
    ['an output that says nothing', '', ''],
    [
      'a policy that allows everything where all was allowed',
      policy('amb', 'open', `{ ${toServer}, rules: [{}] }`),
      '',
    ],
    ['a policy for nobody', policy('amb', 'none', '{ selector: { matchLabels: { app: nobody } } }'), ''],
    ['a policy that is only tried out', policy('amb', 'dry', '{}', '{ istio.io/dry-run: "true" }'), ''],
    ['a policy on pods outside the mesh', policy('plain', 'none', '{}'), ''],
    ['a denial of what was denied', policy('amb', 'none', '{}'), policy('amb', 'earlier', '{}')],
    ['a waypoint that lets everything through', `${waypoint('amb')}---\n${enrolment}`, ''],
    ['a new address of what was open', otherAddress, ''],
    ['a new address behind the same waypoint, where that refuses nobody', otherAddress, guarded],
    [
      'a waypoint before a policy that admits it',
      `${waypoint('amb')}---\n${enrolment}`,
      policy('amb', 'all', `{ ${toServer}, rules: [{ from: [{ source: { namespaces: ["*"] } }] }] }`),
    ],
  ])('%s changes nothing', (_, applied, given) => {
    expect(changes(applied, given)).toEqual([]);
  });

  it.each([
    [
      'a policy without selector closes a namespace, its gateway included',
      policy('side', 'none', '{}'),
      gateway,
      ['lost side/server and 1 more: anything from anyone to side/server:80'],
    ],
    [
      'a policy of the root namespace closes the mesh',
      policy('istio-system', 'none', '{}'),
      '',
      ['lost amb/client and 2 more: anything from anyone to pod of amb/client:8080'],
    ],
    [
      'a denial closes one method',
      policy(
        'side',
        'no-posts',
        `{ ${toServer}, action: DENY, rules: [{ to: [{ operation: { methods: [POST] } }] }] }`,
      ),
      '',
      ['lost side/server: POST from anyone to side/server:80'],
    ],
    [
      'an ALLOW policy beside another opens',
      policy('amb', 'more', `{ ${toServer}, rules: [{}] }`),
      policy('amb', 'none', '{}'),
      ['gained amb/server: anything from anyone to amb/server:80'],
    ],
    [
      'STRICT refuses plaintext',
      peerAuthentication('amb', 'default', '{ mtls: { mode: STRICT } }'),
      '',
      [
        'lost amb/client and 1 more: anything from an unauthenticated client, plain/client, side/client to pod of amb/client:8080',
      ],
    ],
    [
      'a waypoint hides callers from a policy at the pods',
      `${waypoint('amb')}---\n${enrolment}`,
      policy('amb', 'by-client', `{ ${toServer}, rules: [${byClient}] }`),
      ['lost amb/server: anything from amb/client to amb/server:80'],
    ],
    [
      'an enrolled namespace brings identities, and refuses those whom plaintext had hidden',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: plain, labels: { istio.io/dataplane-mode: ambient } }\n',
      policy(
        'amb',
        'no-plain',
        `{ ${toServer}, action: DENY, rules: [{ from: [{ source: { namespaces: [plain] } }] }] }`,
      ),
      ['lost amb/server: anything from plain/client, plain/server to amb/server:80'],
    ],
    [
      'a new address goes past a policy for the old one',
      otherAddress,
      guarded + readOnly,
      ['gained amb/server: any but GET from amb/client to amb/other-address:80'],
    ],
    [
      'a policy closes a workload, whatever a policy of another revision does to its neighbour',
      policy('side', 'none', '{ selector: { matchLabels: { team: x } } }'),
      workload('side', 'alpha', ', team: x') +
        workload('side', 'beta', ', team: x') +
        policy('side', 'canary', '{ selector: { matchLabels: { app: alpha } } }').replace(
          'name: canary,',
          'name: canary, labels: { istio.io/rev: canary },',
        ),
      ['lost side/beta: anything from anyone to pod of side/beta:8080'],
    ],
    [
      'an external authorizer is asked',
      policy('side', 'ask', `{ ${toServer}, action: CUSTOM, provider: { name: opa }, rules: [{}] }`),
      '',
      ['side/server: what provider `opa` answers', 'side/server: whether provider `opa` speaks gRPC (§2.5)'],
    ],
  ])('%s', (_, applied, given, expected) => {
    expect(changes(applied, given)).toEqual(expected);
  });
});

it('is in the answer, for people and for programs', () => {
  const proof = proofOf(policy('side', 'none', '{}'));
  expect(proofToText(proof)).toMatch(/^not the same: 1 difference \(/);
  expect(JSON.parse(proofToJson(proof))).toMatchObject({
    proved: false,
    differences: [],
    changesForOthers: [
      {
        kind: 'lost',
        cluster: 'east',
        name: 'side/server',
        others: 0,
        before: { verdict: 'allowed' },
        after: { verdict: 'denied' },
      },
    ],
  });
});

it('tells programs what is not known of whom no intent speaks', () => {
  const asking = policy('side', 'ask', `{ ${toServer}, action: CUSTOM, provider: { name: opa }, rules: [{}] }`);
  expect(JSON.parse(proofToJson(proofOf(asking)))).toMatchObject({
    proved: false,
    changesForOthers: [],
    notModelledForOthers: [
      { fact: 'what provider `opa` answers', cluster: 'east', name: 'side/server', others: 0 },
      { fact: 'whether provider `opa` speaks gRPC (§2.5)' },
    ],
  });
});

describe('a NetworkPolicy of the output', () => {
  const networkPolicy = (namespace: string, spec: string, managed = 'ambit') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: walls, namespace: ${namespace}, labels: { app.kubernetes.io/managed-by: ${managed} } }
spec: ${spec}
`;
  const clientSends = (to: string) =>
    `{ podSelector: { matchLabels: { app: client } }, policyTypes: [Egress], egress: [${to}] }`;
  const onlyToItself = networkPolicy('amb', clientSends('{ to: [{ podSelector: {} }] }'));

  it('stops what a caller of whom nobody speaks sends to others', () => {
    expect(changes(onlyToItself)).toContainEqual(expect.stringMatching(/^lost /));
  });

  it('changes nothing where it lets pods send to all others', () => {
    expect(changes(networkPolicy('amb', clientSends('{ to: [{ namespaceSelector: {} }] }')))).toEqual([]);
  });

  it('is one before and after where somebody else wrote it', () => {
    expect(changes('', networkPolicy('amb', clientSends('{ to: [{ podSelector: {} }] }'), 'helm'))).toEqual([]);
  });

  it('is taken as pruned where it was written before and no longer is', () => {
    expect(changes('', onlyToItself)).toEqual([]);
  });
});
