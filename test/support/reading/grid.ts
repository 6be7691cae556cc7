import { load } from 'js-yaml';
import type { AppliedFile } from '../../../src/mesh/applied.js';
import {
  type Destination,
  type HttpRequest,
  type Payload,
  type Request,
  type Source,
  type Token,
  usualHost,
} from '../../../src/mesh/request.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import type { Cluster, Workload } from '../../../src/topology/model.js';
import { podPortOf } from './asked.js';
import { tokensOf } from './tokens.js';

/** The requests that are tried one by one: every caller, every address, and every value that anybody mentions. */
export interface Grid {
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
  readonly payloads: readonly Payload[];
}

interface Parties {
  readonly callers: readonly Cluster[];
  readonly called: readonly Cluster[];
}

/** A grid over a deployment, from the words of its intents and of some texts that are applied. */
export function gridOf(resolved: Resolved, { callers, called }: Parties, files: readonly AppliedFile[]): Grid {
  const words = wordsOf([...ruleWords(resolved), ...files.flatMap(({ text }) => policyWords(load(text)))]);
  return {
    sources: callers.flatMap((cluster) => sourcesIn(cluster, callers, words)).concat(outsiders(resolved, words)),
    destinations: called.flatMap((cluster) => destinationsIn(cluster, words)),
    payloads: withTokens(payloadsOf(words), tokensOf(resolved)),
  };
}

/** Every request of a grid, in a fixed order. */
export function* requestsOf({ sources, destinations, payloads }: Grid): Generator<Request> {
  for (const destination of destinations) {
    for (const source of sources) {
      for (const payload of payloads) yield { source, destination, payload: namedFor(destination, payload) };
    }
  }
}

/** A request without a host of its own names its destination as clients do. */
function namedFor(destination: Destination, payload: Payload): Payload {
  return payload.kind === 'http' && payload.host === '' ? { ...payload, host: usualHost(destination) } : payload;
}

export function sizeOf({ sources, destinations, payloads }: Grid): number {
  return sources.length * destinations.length * payloads.length;
}

type Field = 'ports' | 'methods' | 'paths' | 'hosts' | 'ipBlocks' | 'accounts' | 'namespaces' | `header ${string}`;
type Word = readonly [Field, string];
type Words = ReadonlyMap<Field, readonly string[]>;

function wordsOf(words: readonly Word[]): Words {
  const fields = [...new Set(words.map(([field]) => field))];
  return new Map(
    fields.map((field) => [field, [...new Set(words.filter(([each]) => each === field).map(([, word]) => word))]]),
  );
}

function ruleWords({ rules, plaintext }: Resolved): readonly Word[] {
  return [...rules, ...plaintext].flatMap(({ callers, targets }): readonly Word[] => [
    ...callers.flatMap((caller): readonly Word[] => {
      if (caller.kind === 'addresses') return caller.ipBlocks.map((block) => ['ipBlocks', block]);
      if (caller.kind === 'namespace') return [['namespaces', caller.namespace]];
      return caller.kind === 'identities' ? caller.serviceAccounts.map((account) => ['accounts', account]) : [];
    }),
    ...targets.flatMap(({ ports = [], conditions }): readonly Word[] => [
      ...ports.flatMap(({ pod }) => pod.map((port): Word => ['ports', String(port)])),
      ...conditions.flatMap(({ key, name, values }) => {
        if (key === 'token' || key === 'serverNames') return [];
        const field: Field = key === 'headers' ? `header ${(name ?? '').toLowerCase()}` : key;
        return values.map(({ value }): Word => [field, value]);
      }),
    ]),
  ]);
}

const fieldNames: Readonly<Record<string, Field>> = {
  ports: 'ports',
  methods: 'methods',
  paths: 'paths',
  hosts: 'hosts',
  ipBlocks: 'ipBlocks',
  remoteIpBlocks: 'ipBlocks',
  serviceAccounts: 'accounts',
  namespaces: 'namespaces',
};

/** Whatever an object lists under the name of a field of policies, wherever that is. */
function policyWords(value: unknown, name = ''): readonly Word[] {
  if (Array.isArray(value)) return value.flatMap((item) => policyWords(item, name));
  if (typeof value === 'object' && value !== null) {
    const header = /^request\.headers\[(.*)\]$/.exec(String(Object(value).key ?? ''))?.[1];
    return Object.entries(value).flatMap(([key, child]) => {
      if (header !== undefined && /values$/i.test(key)) return policyWords(child, `header ${header.toLowerCase()}`);
      if (key === 'portLevelMtls') return Object.keys(Object(child)).map((port): Word => ['ports', port]);
      return policyWords(child, key);
    });
  }
  if (name.startsWith('header ')) return [[name as Field, String(value)]];
  const field = fieldNames[name.replace(/^not(.)/, (_, letter: string) => letter.toLowerCase())];
  return field === undefined ? [] : [[field, String(value)]];
}

function wordsIn(words: Words, field: Field): readonly string[] {
  return words.get(field) ?? [];
}

/** An address of every block that is mentioned, and one of none. */
function addresses(words: Words): readonly string[] {
  const blocks = wordsIn(words, 'ipBlocks');
  return [...new Set([...blocks.map((block) => block.replace(/\/.*/, '')), '192.88.99.1'])];
}

function sourcesIn(cluster: Cluster, clusters: readonly Cluster[], words: Words): readonly Source[] {
  const named: readonly Source[] = [
    ...[...cluster.workloads.keys()].map(
      (workload) => ({ kind: 'workload', cluster: cluster.name, workload }) as const,
    ),
    ...[...cluster.gateways.keys()].map((gateway) => ({ kind: 'gateway', cluster: cluster.name, gateway }) as const),
  ];
  const accounts = [
    ...wordsIn(words, 'accounts').filter((account) => account.includes('/') && !account.includes('*')),
    ...[...cluster.namespaces.keys(), ...wordsIn(words, 'namespaces'), 'anywhere'].map(
      (name) => `${name.replace('*', 'x')}/new`,
    ),
  ];
  const future = [...new Set(accounts)]
    .filter((account) => !isTaken(cluster, account) && !isOfWaypoint(clusters, account))
    .flatMap((account): readonly Source[] => {
      const [namespace = '', serviceAccount = ''] = account.split('/');
      const base = { kind: 'future', cluster: cluster.name, namespace, serviceAccount } as const;
      return planesOf(cluster).map((speaks) => ({ ...base, speaks }));
    });
  return [...named, ...future].flatMap((source) => addresses(words).map((ip) => ({ ...source, ip })));
}

/** Whoever comes later comes as somebody of the cluster does. */
function planesOf({ workloads }: Cluster): ReadonlyArray<'ambient' | 'sidecar'> {
  const present = new Set([...workloads.values()].map(({ mode }) => mode.plane));
  return (['ambient', 'sidecar'] as const).filter((plane) => present.has(plane));
}

/** Whose identity somebody has already travels as they do. */
function isTaken({ workloads, gateways }: Cluster, account: string): boolean {
  return [workloads, gateways].some((bearers) => isAmong(bearers.values(), account));
}

/** Nobody but a waypoint runs as its ServiceAccount. */
function isOfWaypoint(clusters: readonly Cluster[], account: string): boolean {
  return clusters.some(({ waypoints }) => isAmong(waypoints.values(), account));
}

interface Bearer {
  readonly namespace: string;
  readonly serviceAccount: string;
}

function isAmong(bearers: Iterable<Bearer>, account: string): boolean {
  return [...bearers].some(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}` === account);
}

function outsiders({ topology }: Resolved, words: Words): readonly Source[] {
  return [
    ...topology.mesh.callers.map(({ name, ipBlocks: [block = '192.88.99.1'] }) => ({
      name,
      ip: block.replace(/\/.*/, ''),
    })),
    ...addresses(words).map((ip) => ({ name: 'anyone', ip })),
  ].map((each) => ({ kind: 'outside', ...each }));
}

/** Every port of every Service, and every port of every pod and gateway, with one that nobody mentions. */
function destinationsIn(cluster: Cluster, words: Words): readonly Destination[] {
  return [...workloadsIn(cluster, words), ...gatewaysIn(cluster, words)];
}

function gatewaysIn({ name, gateways }: Cluster, words: Words): readonly Destination[] {
  const ports = [...new Set([...wordsIn(words, 'ports').map(Number), 64_123])].filter((port) => port > 0);
  return [...gateways.keys()].flatMap((gateway) =>
    ports.map((port) => ({ kind: 'gateway', cluster: name, gateway, port }) as const),
  );
}

function workloadsIn(cluster: Cluster, words: Words): readonly Destination[] {
  return [...cluster.workloads].flatMap(([name, workload]) => {
    const base = { cluster: cluster.name, workload: name };
    const pods = podPorts(cluster, workload, words).map((port) => ({ kind: 'pod', ...base, port }) as const);
    const services = workload.services.flatMap((service) =>
      (cluster.services.get(service)?.ports ?? [])
        .filter(({ transport }) => transport === 'TCP')
        .map(({ number }) => ({ kind: 'service', ...base, service, port: number }) as const),
    );
    return [...services, ...pods];
  });
}

function podPorts({ services }: Cluster, workload: Workload, words: Words): readonly number[] {
  const behind = workload.services.flatMap((service) =>
    (services.get(service)?.ports ?? []).flatMap((port) => podPortOf(port, workload) ?? []),
  );
  const all = [
    ...behind,
    ...workload.ports.map(({ number }) => number).filter((port) => !isOfSidecar(workload, port)),
    ...wordsIn(words, 'ports').map(Number),
    64_123,
  ];
  return [...new Set(all)].filter((port) => port > 0);
}

/** On these the sidecar answers itself, and no intent speaks of them: pods that were read from a cluster declare them. */
function isOfSidecar({ mode }: Workload, port: number): boolean {
  return mode.plane === 'sidecar' && [15_020, 15_021, 15_090].includes(port);
}

/** Every method with every path; hosts and headers beside those that the rules ask for. */
function payloadsOf(words: Words): readonly Payload[] {
  const methods = [...new Set([...wordsIn(words, 'methods'), 'OPTIONS'])].filter((method) => !method.includes('*'));
  const paths = [...new Set([...wordsIn(words, 'paths').flatMap(samplesOf), '/unmentioned'])];
  const hosts = [...new Set([...wordsIn(words, 'hosts').flatMap(hostsOf), 'unmentioned.example', ''])];
  const requests = methods.flatMap((method) =>
    paths.flatMap((path) =>
      hosts.flatMap((host) =>
        headersOf(words).map((headers): HttpRequest => ({ kind: 'http', method, path, host, headers })),
      ),
    ),
  );
  return [{ kind: 'tcp' }, ...requests];
}

/** Each request without a token, and with each of some. */
function withTokens(payloads: readonly Payload[], tokens: readonly Token[]): readonly Payload[] {
  return payloads.flatMap((payload): readonly Payload[] =>
    payload.kind === 'tcp' ? [payload] : [payload, ...tokens.map((token) => ({ ...payload, token }))],
  );
}

/** A text that a pattern matches, and one that it does not quite match. */
function samplesOf(pattern: string): readonly string[] {
  const filled = pattern.replaceAll('{**}', 'deep/er').replaceAll('{*}', 'one');
  if (filled.startsWith('*')) return [`/or${filled.slice(1)}`, `${filled.slice(1)}`];
  return filled.endsWith('*') ? [`${filled.slice(0, -1)}more`, filled.slice(0, -1)] : [filled, `${filled}more`];
}

/** With and without a port, which is always a number. */
function hostsOf(pattern: string): readonly string[] {
  return samplesOf(pattern.replace(/:\*?$/, '')).flatMap((host) => [host, `${host}:80`]);
}

function headersOf(words: Words): ReadonlyArray<Readonly<Record<string, string>>> {
  const names = [...words.keys()].flatMap((field) => (field.startsWith('header ') ? [field.slice(7)] : []));
  return names.reduce<ReadonlyArray<Readonly<Record<string, string>>>>(
    (found, name) =>
      found.flatMap((headers) => [
        headers,
        ...[...new Set(wordsIn(words, `header ${name}`).flatMap(samplesOf))].map((value) => ({
          ...headers,
          [name]: value,
        })),
      ]),
    [{}],
  );
}
