import type { JsonObject, JsonValue, ManifestObject } from '../../parse/document.js';
import { describe } from '../../topology/fields.js';
import type { Cluster, Service } from '../../topology/model.js';
import { compareText, groupBy, sortedUnique } from '../../util/order.js';
import { otherRevision } from '../doubts/revision.js';
import { asArray, asLabels, asObject, asText, asTexts } from '../json.js';

/** For which host and which clients a DestinationRule is. */
export interface ScopedRule {
  readonly namespace: string;
  readonly name: string;
  /** The full name of a service, or `*.suffix`. */
  readonly host: string;
  /** When it was created, as far as manifests tell. */
  readonly created: string;
  /** Namespaces, `.` and `*`; sorted. */
  readonly exportTo: readonly string[];
  /** Whether it is for clients of certain labels alone. */
  readonly isForSome: boolean;
}

/** What a DestinationRule says of how sidecars and gateways speak TLS to a host (§4.5). */
export interface TlsSetting extends ScopedRule {
  /** Whether it says anything of traffic: rules that say nothing leave the word to another for the same host. */
  readonly hasPolicy: boolean;
  readonly tls: ClientTls | undefined;
  /** Whether connections go on to the address that the client chose (`PASSTHROUGH`, F-11). */
  readonly keepsAddress: boolean;
  /** Ports with settings of their own, which leave nothing of those for the whole. */
  readonly ports: ReadonlyArray<Pick<TlsSetting, 'tls' | 'keepsAddress'> & { readonly port: number }>;
  /** The subset to which a route leads and that is spoken to in a way of its own. */
  readonly routedSubset: string | undefined;
  /** What else of it leaves open how its clients connect, in words. */
  readonly open: string | undefined;
  readonly object: ManifestObject;
}

export interface ClientTls {
  readonly mode: string;
  /** The certificates that are expected; none: those of the service. */
  readonly subjectAltNames: readonly string[];
  /** The server name that is sent, where it is said. */
  readonly sni: string | undefined;
}

/** What a rule makes of one port of a service. */
export interface PortTls {
  /** What the proxy of the client is told to speak. */
  readonly tls: ClientTls | undefined;
  /** What it takes the endpoints to speak, where the rule says it: settings of the port add to those of the whole. */
  readonly endpoints: string | undefined;
  /** Whether connections go on to the address that the client chose: `otherwise` where the rule says so for all ports but this, or for this alone. */
  readonly keepsAddress: boolean | 'otherwise';
}

export function tlsOfPort({ tls, keepsAddress, ports }: TlsSetting, number: number): PortTls {
  const own = ports.find(({ port }) => port === number);
  return {
    tls: own === undefined ? tls : own.tls,
    endpoints: (own?.tls ?? tls)?.mode,
    keepsAddress: own === undefined || own.keepsAddress === keepsAddress ? keepsAddress : 'otherwise',
  };
}

/** The DestinationRules that apply to the host of each Service, given or made for a gateway, where one of them says how they are spoken to. */
export function readTlsSettings(
  {
    routes,
    services,
    serviceEntries,
    gateways,
    settings,
    tlsPolicies,
  }: Pick<Cluster, 'routes' | 'services' | 'serviceEntries' | 'gateways' | 'settings' | 'tlsPolicies'>,
  clusterDomain: string,
): ReadonlyMap<string, readonly TlsSetting[]> {
  const rules = routes
    .filter(({ kind }) => kind === 'DestinationRule')
    .map((rule) => readSetting(rule, clusterDomain, { routes, settings }));
  const isIgnored = ({ value }: ManifestObject) =>
    settings.istio.version === '1.31' &&
    asLabels(asObject(value.metadata)?.annotations)['istio.io/ignore-policy-attachment']?.toLowerCase() === 'true';
  const read = tlsPolicies.filter((policy) => !isIgnored(policy));
  const policies = read.flatMap((policy) => readTlsPolicy(policy, services, serviceEntries));
  if (rules.length + policies.length === 0) return new Map();
  const exact = groupBy([...rules, ...policies], ({ host }) => host);
  const wildcards = rules.filter(({ host }) => host.startsWith('*'));
  const made = [...gateways.values()].flatMap(({ fronts }) => fronts.map(({ host }) => host));
  const outside = policies.map(({ host }) => host);
  const hosts = new Set([...[...services.values()].map(({ host }) => host), ...made, ...outside]);
  const applying = [...hosts].map((host) => {
    const wide = wildcards.filter((rule) => host.endsWith(rule.host.slice(1)));
    return [host, [...(exact.get(host) ?? []), ...wide]] as const;
  });
  return new Map(applying.filter(([, settings]) => settings.some(saysHow)));
}

function saysHow({ tls, keepsAddress, ports, routedSubset, open }: TlsSetting): boolean {
  const isSaid = [tls, routedSubset, open, ...ports.map((port) => port.tls)].some((part) => part !== undefined);
  return isSaid || keepsAddress || ports.some((port) => port.keepsAddress);
}

/** Reads the scope of a DestinationRule. */
export function readScope(
  { namespace = 'default', name, value }: ManifestObject,
  clusterDomain: string,
  exportedByDefault: readonly string[],
): ScopedRule {
  const spec = asObject(value.spec) ?? {};
  return {
    namespace,
    name,
    host: fullHost(asText(spec.host) ?? '', namespace, clusterDomain),
    created: asText(asObject(value.metadata)?.creationTimestamp) ?? '',
    exportTo: exportsOf(asTexts(spec.exportTo), exportedByDefault),
    isForSome: asObject(spec.workloadSelector) !== undefined,
  };
}

function readSetting(
  object: ManifestObject,
  clusterDomain: string,
  { routes, settings }: Pick<Cluster, 'routes' | 'settings'>,
): TlsSetting {
  const spec = asObject(object.value.spec) ?? {};
  const policy = asObject(spec.trafficPolicy);
  return {
    ...readScope(object, clusterDomain, settings.istio.defaultDestinationRuleExportTo),
    hasPolicy: policy !== undefined,
    tls: readTls(policy),
    keepsAddress: keepsAddress(policy),
    ports: asArray(policy?.portLevelSettings).flatMap(readPort),
    routedSubset: routedSubset(spec, routes),
    open: openPartOf(object, policy, settings.istio.revision),
    object,
  };
}

/** Bytes that do not arrive as they were sent, and rules that name another revision than the cluster's (E-30). */
function openPartOf(object: ManifestObject, policy: JsonObject | undefined, revision: string): string | undefined {
  const other = otherRevision(object, revision);
  if (other !== undefined) return `whether ${describe(object)} of revision \`${other}\` counts (E-30)`;
  const field = ['tunnel', 'proxyProtocol'].find((each) => policy?.[each] !== undefined);
  return field && `\`trafficPolicy.${field}\` of ${describe(object)}`;
}

/** A BackendTLSPolicy is made into a DestinationRule for the Service or the hosts of the ServiceEntry that it names, or for one port (T-46). */
function readTlsPolicy(
  object: ManifestObject,
  services: Cluster['services'],
  serviceEntries: Cluster['serviceEntries'],
): readonly TlsSetting[] {
  const { namespace = 'default', name, value } = object;
  const created = asText(asObject(value.metadata)?.creationTimestamp) ?? '';
  const { hostname } = asObject(asObject(value.spec)?.validation) ?? {};
  const tls: ClientTls = { mode: 'SIMPLE', subjectAltNames: [], sni: asText(hostname) };
  return asArray(asObject(value.spec)?.targetRefs).flatMap((target) => {
    const { kind, name: named, sectionName } = asObject(target) ?? {};
    const key = `${namespace}/${asText(named) ?? ''}`;
    const found =
      kind === 'Service' ? services.get(key) : kind === 'ServiceEntry' ? serviceEntries.get(key) : undefined;
    if (found === undefined) return [];
    const port = found.ports.find((each) => each.name === sectionName)?.number;
    // A target without such a port is left out.
    if (sectionName !== undefined && port === undefined) return [];
    const said =
      port === undefined ? { tls, ports: [] } : { tls: undefined, ports: [{ port, tls, keepsAddress: false }] };
    const hosts = 'hosts' in found ? found.hosts.map((host) => host.toLowerCase()) : [found.host];
    return hosts.map((host) => {
      const scope = { namespace, name, host, created, exportTo: [], isForSome: false };
      return {
        ...scope,
        ...said,
        hasPolicy: true,
        keepsAddress: false,
        routedSubset: undefined,
        open: undefined,
        object,
      };
    });
  });
}

/** A rule that does not say is exported to all unless the mesh's default keeps it at home. */
function exportsOf(own: readonly string[], defaults: readonly string[]): readonly string[] {
  if (own.length > 0) return sortedUnique(own);
  return defaults.includes('.') ? ['.'] : [];
}

function readTls(policy: JsonObject | undefined): ClientTls | undefined {
  const tls = asObject(policy?.tls);
  return tls && clientTlsIn(tls);
}

/** Of the settings of a client; DISABLE is the mode of those that name none. */
export function clientTlsIn({ mode, subjectAltNames, sni }: JsonObject): ClientTls {
  return { mode: asText(mode) ?? 'DISABLE', subjectAltNames: asTexts(subjectAltNames), sni: asText(sni) };
}

function readPort(settings: JsonValue): TlsSetting['ports'] {
  const number = asObject(asObject(settings)?.port)?.number;
  if (typeof number !== 'number') return [];
  const own = asObject(settings);
  return [{ port: number, tls: readTls(own), keepsAddress: keepsAddress(own) }];
}

/** What a policy, or a part of it for one port, says of it. */
export function keepsAddress(policy: JsonObject | undefined): boolean {
  return asObject(policy?.loadBalancer)?.simple === 'PASSTHROUGH';
}

/** Only routes lead to subsets. */
function routedSubset({ subsets }: JsonObject, routes: Cluster['routes']): string | undefined {
  const names = asArray(subsets).flatMap((subset) => {
    const { name, trafficPolicy } = asObject(subset) ?? {};
    const policy = asObject(trafficPolicy);
    const parts = [policy, ...asArray(policy?.portLevelSettings)].map((part) => asObject(part));
    const own = parts.some(
      (part) => keepsAddress(part) || (part?.tls ?? part?.tunnel ?? part?.proxyProtocol) !== undefined,
    );
    return own && typeof name === 'string' ? [name] : [];
  });
  return names.find((name) => routes.some(({ kind, value }) => kind === 'VirtualService' && leadsTo(name, value.spec)));
}

function leadsTo(subset: string, value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.some((item) => leadsTo(subset, item));
  const mapping = asObject(value);
  if (mapping === undefined) return false;
  return mapping.subset === subset || Object.values(mapping).some((item) => leadsTo(subset, item));
}

/** A short host belongs to the rule's own namespace. */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  return host.includes('.') || host.startsWith('*') ? host : `${host}.${namespace}.svc.${clusterDomain}`;
}

/** A client and the service that it calls. */
export interface Lookup {
  readonly client: string | undefined;
  readonly service: Pick<Service, 'namespace'>;
  readonly rootNamespace: string;
}

/**
 * Those that a client obeys: from its own namespace, else from the service's, else from the root, as far as they are
 * exported to it; there the most specific host, which several rules can share (T-07). Clients of the root namespace
 * look first at what is not exported from there.
 */
export function decisiveSettings<T extends ScopedRule>(settings: readonly T[], lookup: Lookup): readonly T[] {
  const { client, service, rootNamespace } = lookup;
  const own = settings.filter((setting) => setting.namespace === client && isForHome(setting));
  const exported = (namespace: string) =>
    narrowest(settings.filter((setting) => setting.namespace === namespace && !isPrivate(setting))).filter((setting) =>
      isExportedTo(setting, client),
    );
  const steps = [
    () => narrowest(client === rootNamespace ? own.filter(isPrivate) : own),
    () => exported(service.namespace),
    () => exported(rootNamespace),
  ];
  for (const step of steps) {
    const found = step();
    if (found.length > 0) return found;
  }
  return [];
}

/** What is for clients of certain labels is never exported. */
function isPrivate({ isForSome, exportTo, namespace }: ScopedRule): boolean {
  return isForSome || (exportTo.length === 1 && (exportTo[0] === '.' || exportTo[0] === namespace));
}

function isForHome({ isForSome, exportTo, namespace }: ScopedRule): boolean {
  return isForSome || exportTo.length === 0 || ['*', '.', namespace].some((each) => exportTo.includes(each));
}

function isExportedTo({ exportTo }: ScopedRule, client: string | undefined): boolean {
  return exportTo.length === 0 || exportTo.includes('*') || (client !== undefined && exportTo.includes(client));
}

function narrowest<T extends ScopedRule>(settings: readonly T[]): readonly T[] {
  const most = Math.max(...settings.map(({ host }) => specificity(host)));
  return settings.filter(({ host }) => specificity(host) === most);
}

function specificity(host: string): number {
  return host.startsWith('*') ? host.length : Number.POSITIVE_INFINITY;
}

/**
 * The rule of which a client's proxy takes its settings for one port: of several for one host the oldest that says
 * anything of traffic. `undecided` where they differ and manifests do not tell.
 */
export function obeyedSetting(
  settings: readonly TlsSetting[],
  lookup: Lookup,
  port: number,
): TlsSetting | 'undecided' | undefined {
  const decisive = decisiveSettings(settings, lookup);
  const saying = decisive.filter(
    ({ hasPolicy, routedSubset, open }) => hasPolicy || (routedSubset ?? open) !== undefined,
  );
  const says = (setting: TlsSetting) =>
    JSON.stringify([tlsOfPort(setting, port), setting.isForSome, setting.routedSubset, setting.open]);
  const sayings = new Set(saying.map(says));
  if (sayings.size <= 1) return saying[0] ?? decisive[0];
  if (saying.some(({ created, isForSome }) => created === '' || isForSome)) return 'undecided';
  if (new Set(saying.map(({ exportTo }) => exportTo.join())).size > 1) return 'undecided';
  return [...saying].sort(
    (left, right) => compareText(left.created, right.created) || compareText(left.name, right.name),
  )[0];
}
