import { dump } from 'js-yaml';
import type { Source } from '../../../src/pipeline.js';
import { fc } from '../fast-check.js';
import { type SmallProject, smallProject } from '../generate.js';
import { clusterName, gatewayReference, manifestsOf, meshDocument, type SmallMesh } from './mesh.js';
import { type Construct, callerGroups, constructs, exception, token, withConstructs } from './secured-rules.js';
import type { SecuritySettings } from './settings.js';

/** A small project that says one or two things of its security which plain rules do not. */
export const securedSources: fc.Arbitrary<readonly Source[]> = smallProject.chain(({ mesh, ...project }) =>
  fc
    .subarray([...constructs], { minLength: 1, maxLength: 2 })
    .chain((chosen) => sourcesWith({ ...project, mesh: joined(mesh) }, new Set(chosen))),
);

/** Every workload takes part in the mesh: what becomes of others is tried by other projects, and is mostly refused. */
function joined(mesh: SmallMesh): SmallMesh {
  const namespaces = mesh.namespaces.map(({ mode, services, ...rest }) => ({
    ...rest,
    mode: mode === 'none' ? ('sidecar' as const) : mode,
    services: services.map(({ asks, ...service }) => ({
      ...service,
      asks: asks === 'opt-out' ? ('namespace' as const) : asks,
    })),
  }));
  return { ...mesh, namespaces };
}

function sourcesWith(
  { mesh, settings }: SmallProject,
  chosen: ReadonlySet<Construct>,
): fc.Arbitrary<readonly Source[]> {
  const none = fc.constant<readonly object[]>([]);
  return fc
    .record({
      namespaces: fc.tuple(...settings.map((document) => changedSettings(document, chosen, mesh))),
      groups: callerGroups(mesh),
      edge: chosen.has('gateway') ? gatewaySettings(chosen).map((each) => [each]) : none,
    })
    .map(({ namespaces, groups, edge }) => [
      { path: 'mesh.yaml', text: streamOf([meshWith(mesh)]) },
      { path: 'intents.yaml', text: streamOf([...namespaces, ...groups, ...edge].map(versioned)) },
      {
        path: `manifests/${clusterName}.yaml`,
        text: streamOf([...manifestsOf(mesh), ...authorizer]),
        cluster: clusterName,
      },
    ]);
}

function versioned(document: object): object {
  return { apiVersion: 'ambit.dev/v1alpha1', ...document };
}

/** The Service that is asked about requests, which no settings speak of. */
const authorizer: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'auth' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'login', namespace: 'auth' },
    spec: { ports: [{ name: 'http', port: 4180, targetPort: 4180 }] },
  },
];

function meshWith(mesh: SmallMesh): object {
  const document = meshDocument(mesh) as {
    readonly spec: { readonly clusters: ReadonlyArray<{ readonly istio: object }> };
  };
  const clusters = document.spec.clusters.map(({ istio, ...rest }) => ({
    ...rest,
    istio: {
      ...istio,
      flags: { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: true },
      gatewayTopology: { numTrustedProxies: 0 },
      extensionProviders: [
        { name: 'login', kind: 'http', service: 'auth/login', port: 4180, headersToUpstreamOnAllow: [] },
      ],
    },
  }));
  const tokenIssuers = [
    { name: 'corp', issuer: 'https://corp.example', jwksUri: 'https://corp.example/keys' },
    { name: 'partner', issuer: 'https://partner.example', jwksUri: 'https://partner.example/keys' },
  ];
  return { ...document, spec: { clusters, tokenIssuers } };
}

function changedSettings(
  document: SecuritySettings,
  chosen: ReadonlySet<Construct>,
  mesh: SmallMesh,
): fc.Arbitrary<object> {
  const { mtls, authorization } = document.spec;
  const { namespace } = document.spec.scope;
  const ifChosen = <T>(construct: Construct, arbitrary: fc.Arbitrary<T>) =>
    chosen.has(construct) ? fc.option(arbitrary, { freq: 3, nil: undefined }) : fc.constant(undefined);
  return fc
    .record({
      rules: withConstructs(authorization, chosen, mesh),
      mode: ifChosen('modes', mode),
      external: ifChosen('authorizer', external(mesh, namespace)),
      egress: ifChosen('egress', egress(mesh, namespace)),
      stage: ifChosen('stages', fc.constant('Shadow')),
    })
    .map(({ rules, mode, external, egress, stage }) => {
      const { default: byDefault, allow, deny } = Object(rules);
      const isOpen = Object(mode).mode === 'Disabled';
      const isPlaintext = chosen.has('plaintext') && mode === undefined;
      return {
        kind: 'SecuritySettings',
        metadata: document.metadata,
        spec: {
          ...(stage && { stage }),
          scope: { namespace },
          ...(!stage && { mtls: isPlaintext ? { mode: 'Disabled' } : mtls }),
          authorization: {
            ...(mode ?? { default: byDefault }),
            ...(!isOpen && {
              ...(allow && { allow }),
              ...(deny && { deny }),
              ...(external && { external: [external] }),
            }),
          },
          ...(egress && !stage && { egress }),
        },
      };
    });
}

const mode = fc.constantFrom<object>(
  { mode: 'Disabled' },
  { mode: 'Cluster' },
  { mode: 'Namespace' },
  { mode: 'Group', group: 'friends' },
  { mode: 'Rules' },
);

function external({ namespaces }: SmallMesh, namespace: string): fc.Arbitrary<object> {
  const services = namespaces.filter(({ name }) => name === namespace).flatMap(({ services }) => services);
  const asking = services.filter(({ ports }) => ports.some(({ name }) => name === 'http'));
  const whole = fc.constant<object[]>([]);
  const targets =
    asking.length === 0
      ? whole
      : fc
          .tuple(fc.constantFrom(...asking), fc.option(exception, { nil: undefined }))
          .map(([{ name }, except]) => [{ service: name, port: 'http', ...(except && { except: [except] }) }]);
  return fc.oneof({ weight: 1, arbitrary: whole }, { weight: 3, arbitrary: targets }).map((to) => ({
    name: 'ask',
    reason: 'people sign in',
    provider: 'login',
    ...(to.length > 0 && { to }),
  }));
}

function egress({ namespaces }: SmallMesh, namespace: string): fc.Arbitrary<object> {
  const services = namespaces.filter(({ name }) => name === namespace).flatMap(({ services }) => services);
  const rule = fc.record({
    from: fc.option(
      fc.constantFrom(...services).map(({ name }) => [{ service: name }]),
      { nil: undefined },
    ),
    host: fc.constantFrom('api.cards.example', 'mail.example'),
    port: fc.constantFrom(443, 8443),
  });
  return fc.array(rule, { maxLength: 2 }).map((rules) => ({
    default: 'Deny',
    ...(rules.length > 0 && {
      allow: rules.map(({ from, host, port }, index) => ({
        name: `out-${index + 1}`,
        reason: 'needed',
        ...(from && { from }),
        to: [{ host, port, protocol: 'TLS', addresses: [host === 'mail.example' ? '198.51.100.7' : '198.51.100.9'] }],
      })),
    }),
  }));
}

/** Who may call the gateway itself. */
function gatewaySettings(chosen: ReadonlySet<Construct>): fc.Arbitrary<object> {
  const request = fc.record(
    {
      hosts: fc.subarray(['api.example.com', '*.example.com'], { minLength: 1 }),
      paths: fc.subarray(['/', '/v1/*', '*/report'], { minLength: 1 }),
      methods: fc.subarray(['GET', 'POST'], { minLength: 1 }),
      except: fc.array(exception, { minLength: 1, maxLength: 1 }),
    },
    { requiredKeys: ['hosts'] },
  );
  const rule = fc.record(
    {
      from: fc.constantFrom<unknown[]>([{ ipBlocks: ['203.0.113.0/24'] }], ['anyone'], ['unauthenticated']),
      to: fc.array(request, { minLength: 1, maxLength: 2 }),
      ...(chosen.has('tokens') && { token }),
    },
    { requiredKeys: ['to'] },
  );
  const rules = (verb: string) =>
    fc
      .array(rule, { maxLength: 2 })
      .map((found): object[] => found.map((each, index) => ({ name: `${verb}-${index + 1}`, ...each })));
  return fc
    .tuple(fc.constantFrom('Allow', 'Deny', 'Deny'), rules('allow'), rules('deny'))
    .map(([byDefault, allow, deny]) => ({
      kind: 'SecuritySettings',
      metadata: { name: 'edge' },
      spec: {
        scope: { gateway: gatewayReference },
        authorization: {
          default: byDefault,
          ...(byDefault === 'Deny' && allow.length > 0 && { allow }),
          ...(deny.length > 0 && { deny }),
        },
      },
    }));
}

function streamOf(documents: readonly object[]): string {
  return documents.map((document) => dump(document, { noRefs: true, lineWidth: -1 })).join('---\n');
}
