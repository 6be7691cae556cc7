import { dump } from 'js-yaml';
import type { Source } from '../../../src/pipeline.js';
import { fc } from '../fast-check.js';
import { type SmallProject, smallProject } from '../generate.js';
import { existingObjects } from './existing.js';
import { clusterName, manifestsOf, meshDocument, type SmallMesh, type SmallNamespace } from './mesh.js';
import { caller, type Rule, type Target } from './settings.js';

/** What a small project may have besides: each is absent more often than not. */
interface Variations {
  readonly hosts: readonly number[];
  readonly headers: readonly number[];
  readonly externals: readonly number[];
  readonly acceptances: ReadonlyArray<{ readonly rule: number; readonly path: string }>;
  readonly existing: readonly object[];
  readonly others: readonly object[];
  readonly waypoints: 'as they are' | 'not ready' | 'missing';
  readonly second:
    | { readonly network: string; readonly version: string; readonly namespaces: readonly SmallNamespace[] }
    | undefined;
  readonly trustDomainAliases: readonly string[];
  /** Acceptances beside the default or the mode of a document. */
  readonly settingAcceptances: ReadonlyArray<{
    readonly document: number;
    readonly path: string;
    readonly of: SettingKind;
  }>;
}

type SettingKind = 'authorization' | 'mtls';

/** A small project with whatever the language and a deployment may hold, as texts. */
export const variedSources: fc.Arbitrary<readonly Source[]> = smallProject.chain((project) =>
  variations(project.mesh).map((chosen) => sourcesOf(project, chosen)),
);

const nth = fc.nat({ max: 20 });

function variations(mesh: SmallMesh): fc.Arbitrary<Variations> {
  const few = fc.array(nth, { maxLength: 1 });
  return fc.record({
    hosts: few,
    headers: few,
    externals: few,
    acceptances: fc.array(fc.record({ rule: nth, path: fc.constantFrom(...acceptancePaths) }), { maxLength: 2 }),
    existing: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: existingObjects(mesh) }),
    others: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: otherSettings(mesh) }),
    waypoints: fc.constantFrom('as they are', 'as they are', 'as they are', 'not ready', 'missing'),
    trustDomainAliases: fc.constantFrom([], [], [], ['old.example']),
    settingAcceptances: fc.array(
      fc.record({
        document: nth,
        path: fc.constantFrom(...acceptancePaths),
        of: fc.constantFrom('authorization' as const, 'mtls' as const),
      }),
      { maxLength: 1 },
    ),
    second: fc.option(secondCluster(mesh), { freq: 2, nil: undefined }),
  });
}

const acceptancePaths = [
  'sidecarCallers',
  'gatewayCallers',
  'outsideCallers',
  'sharedIdentity',
  'existingPolicies',
  'unmeshedWorkloads',
] as const;

/** Some of the same namespaces, perhaps on another plane. */
function secondCluster({ namespaces }: SmallMesh): fc.Arbitrary<Variations['second']> {
  const copies = fc.subarray([...namespaces], { minLength: 1 }).chain((chosen) => fc.tuple(...chosen.map(copyOf)));
  return fc.record({
    network: fc.constantFrom(clusterName, 'west'),
    version: fc.constantFrom('1.28', '1.29', '1.30', '1.31'),
    namespaces: copies,
  });
}

function copyOf(namespace: SmallNamespace): fc.Arbitrary<SmallNamespace> {
  return fc
    .constantFrom(namespace.mode, 'ambient' as const, 'sidecar' as const)
    .map((mode) => ({ ...namespace, mode }));
}

/** Settings of one service or workload, or of the mesh, beside those of namespaces. */
function otherSettings(mesh: SmallMesh): fc.Arbitrary<readonly object[]> {
  const services = mesh.namespaces.flatMap(({ name, services: own }) =>
    own.map((service) => `${name}/${service.name}`),
  );
  const names = fc.constantFrom(...services);
  const scopes = fc.oneof(
    names.map((service) => ({ service })),
    names.map((workload) => ({ workload })),
    fc.constant('mesh' as const),
  );
  const effect = fc.option(fc.constantFrom('Allow', 'Deny'), { nil: undefined });
  const mode = fc.option(fc.constantFrom('Strict', 'Permissive'), { nil: undefined });
  return fc.tuple(scopes, effect, mode, caller(mesh)).map(([scope, byDefault, mtls, from]) => {
    const allow = scope === 'mesh' ? [] : [{ name: 'own', from: [from] }];
    const authorization = { default: byDefault ?? 'Deny', ...(allow.length > 0 && { allow }) };
    const spec = { scope, authorization, ...(mtls !== undefined && { mtls: { mode: mtls } }) };
    return [{ apiVersion: 'ambit.dev/v1alpha1', kind: 'SecuritySettings', metadata: { name: 'other' }, spec }];
  });
}

function sourcesOf({ mesh, settings }: SmallProject, chosen: Variations): readonly Source[] {
  const { second, existing, others, waypoints } = chosen;
  const west = second && { ...mesh, namespaces: second.namespaces };
  const documents = [...varied(settings, chosen), ...others];
  return [
    { path: 'mesh.yaml', text: streamOf([meshWith(mesh, chosen)]) },
    { path: 'intents.yaml', text: streamOf(documents) },
    manifests(clusterName, [...manifestsOf(mesh).flatMap((object) => asDeployed(object, waypoints)), ...existing]),
    ...(west === undefined ? [] : [manifests('west', manifestsOf(west))]),
  ];
}

function manifests(cluster: string, objects: readonly object[]): Source {
  return { path: `manifests/${cluster}.yaml`, text: streamOf(objects), cluster };
}

function meshWith(mesh: SmallMesh, { second, trustDomainAliases }: Variations): object {
  const document = meshDocument(mesh) as {
    readonly spec: { readonly clusters: ReadonlyArray<{ readonly istio: object }> };
  };
  const west = document.spec.clusters.slice(0, second === undefined ? 0 : 1).map(({ istio, ...rest }) => ({
    ...rest,
    name: 'west',
    network: second?.network,
    istio: { ...istio, version: second?.version },
  }));
  const callers = [{ name: 'office', plaintext: true, ipBlocks: ['203.0.113.0/24'] }];
  const aliases = trustDomainAliases.length === 0 ? {} : { trustDomainAliases };
  return { ...document, spec: { clusters: [...document.spec.clusters, ...west], callers, ...aliases } };
}

function asDeployed(object: object, waypoints: Variations['waypoints']): readonly object[] {
  const { spec } = object as { readonly spec?: { readonly gatewayClassName?: string } };
  if (spec?.gatewayClassName !== 'istio-waypoint' || waypoints === 'as they are') return [object];
  return waypoints === 'missing' ? [] : [{ ...object, status: { addresses: [] } }];
}

function varied(settings: SmallProject['settings'], chosen: Variations): readonly object[] {
  const rules = settings.flatMap(({ spec: { authorization } }) => [
    ...(authorization.allow ?? []),
    ...(authorization.deny ?? []),
  ]);
  const at = (index: number) => rules[index % Math.max(1, rules.length)];
  const change = (rule: Rule): object => ({
    ...rule,
    ...(chosen.externals.some((index) => at(index) === rule) && {
      from: [...(rule.from ?? []), { external: 'office' }],
    }),
    to: rule.to?.map((target) => ({
      ...target,
      ...(isHttp(target) && chosen.hosts.some((index) => at(index) === rule) && { hosts: ['api.example.com'] }),
      ...(isHttp(target) && chosen.headers.some((index) => at(index) === rule) && { headers: { 'X-Env': ['blue'] } }),
    })),
    ...acceptancesOf(chosen.acceptances.filter((each) => at(each.rule) === rule).map(({ path }) => path)),
  });
  return settings.map((document, index) => {
    const { allow, deny, ...rest } = document.spec.authorization;
    const accepted = (of: SettingKind) =>
      acceptancesOf(
        chosen.settingAcceptances
          .filter((each) => each.of === of && each.document % settings.length === index)
          .map(({ path }) => path),
      );
    const authorization = {
      ...rest,
      ...(allow && { allow: allow.map(change) }),
      ...(deny && { deny: deny.map(change) }),
      ...accepted('authorization'),
    };
    const mtls = { ...document.spec.mtls, ...accepted('mtls') };
    return { ...document, spec: { ...document.spec, mtls, authorization } };
  });
}

function isHttp({ port }: Target): boolean {
  return port === 'http';
}

function acceptancesOf(paths: readonly string[]): object {
  if (paths.length === 0) return {};
  return { accept: [...new Set(paths)].map((path) => ({ path, until: '2027-01-31', reason: 'known' })) };
}

function streamOf(documents: readonly object[]): string {
  return documents.map((document) => dump(document, { noRefs: true, lineWidth: -1 })).join('---\n');
}
