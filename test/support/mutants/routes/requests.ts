import { lanesToGateway } from '../../../../src/algebra/gateway-lanes.js';
import {
  type Destination,
  type HttpRequest,
  type Payload,
  type Request,
  type Source,
  usualHost,
} from '../../../../src/mesh/request.js';
import type { JsonValue } from '../../../../src/parse/document.js';
import type { Cluster, Topology } from '../../../../src/topology/model.js';
import { listOf, objectOf } from '../emitted.js';

/**
 * Requests that routes may treat in different ways: by everybody, to every Service and gateway, made of all that routes and
 * policies mention. Each has one thing of a kind that is asked for, or none, so that few stand for many.
 */
export function requestsFor(topology: Topology, objects: readonly JsonValue[]): readonly Request[] {
  const payloads = payloadsFrom(wordsOf(objects));
  return topology.clusters.flatMap((cluster) => {
    return destinationsIn(cluster).flatMap((destination) =>
      sourcesIn(cluster).flatMap((source) =>
        payloads.map((payload): Request => ({ source, destination, payload: namedFor(destination, payload) })),
      ),
    );
  });
}

function namedFor(destination: Destination, payload: Payload): Payload {
  return payload.kind === 'http' && payload.host === '' ? { ...payload, host: usualHost(destination) } : payload;
}

function sourcesIn({ name, workloads, gateways }: Cluster): readonly Source[] {
  return [
    ...[...workloads.keys()].map(
      (workload) => ({ kind: 'workload', cluster: name, workload, ip: '10.0.0.7' }) as const,
    ),
    ...[...gateways.keys()].map((gateway) => ({ kind: 'gateway', cluster: name, gateway, ip: '10.0.0.7' }) as const),
    { kind: 'outside', name: 'anyone', ip: '192.88.99.1' },
  ];
}

/** Every port of every Service at each of its pods, every listener of every gateway, and every host outside. */
function destinationsIn({ name, services, workloads, gateways, serviceEntries }: Cluster): readonly Destination[] {
  const isOfGateway = (key: string) => workloads.get(key)?.mode.plane === 'gateway';
  const ofServices = [...services].flatMap(([service, { ports, workloads: pods }]) =>
    ports.flatMap(({ number }) =>
      pods
        .filter((key) => !isOfGateway(key))
        .map((workload) => ({ kind: 'service', cluster: name, service, port: number, workload }) as const),
    ),
  );
  const ofGateways = [...gateways.values()].flatMap((gateway) =>
    lanesToGateway(gateway).map(({ lane }) => lane.destination),
  );
  const ofEntries = [...serviceEntries].flatMap(([entry, { hosts, ports }]) =>
    hosts.flatMap((host) =>
      ports.map(
        ({ number }) => ({ kind: 'external', cluster: name, entry, host: nameNear(host), port: number }) as const,
      ),
    ),
  );
  return [...ofServices, ...ofGateways, ...ofEntries];
}

interface Words {
  readonly paths: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly headers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly query: ReadonlyMap<string, ReadonlySet<string>>;
}

function wordsOf(values: readonly JsonValue[]): Words {
  const words = { paths: new Set<string>(), methods: new Set<string>(), hosts: new Set<string>() };
  const headers = new Map<string, Set<string>>();
  const query = new Map<string, Set<string>>();
  const note = (names: Map<string, Set<string>>, name: string, text: string) =>
    names.set(name, (names.get(name) ?? new Set()).add(text));
  const walk = (value: JsonValue, key: string): void => {
    if (typeof value === 'string') {
      if (value.startsWith('/')) words.paths.add(value);
      else if (/^[A-Z]{3,7}$/.test(value) && /method|exact/i.test(key)) words.methods.add(value);
      else if (/host|authority/i.test(key) && value.includes('.')) words.hosts.add(value.split('/').at(-1) ?? value);
    }
    if (typeof value !== 'object' || value === null) return;
    if (/^(?:withoutH|h)eaders$|^queryParams$/.test(key))
      noteNames(value, (name, text) => note(key === 'queryParams' ? query : headers, name, text));
    const condition = /^request\.headers\[(.*)\]$/.exec(String(objectOf(value).key ?? ''))?.[1];
    if (condition !== undefined) {
      for (const text of [...listOf(objectOf(value).values), ...listOf(objectOf(value).notValues)])
        note(headers, condition, String(text));
    }
    for (const [name, child] of Object.entries(value)) walk(child, Array.isArray(value) ? key : name);
  };
  for (const value of values) walk(value, '');
  return { ...words, headers, query };
}

/** Headers and parameters of both APIs: by name, or as items with a name and a value. */
function noteNames(value: JsonValue, note: (name: string, text: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) note(String(objectOf(item).name), String(objectOf(item).value ?? ''));
    return;
  }
  for (const [name, match] of Object.entries(objectOf(value))) {
    const { exact, prefix, regex } = objectOf(match);
    note(name, String(exact ?? prefix ?? regex ?? 'any'));
  }
}

/** Each path with each host, and each of these with one thing more: a method, a header or a parameter. */
function payloadsFrom({ paths, methods, hosts, headers, query }: Words): readonly Payload[] {
  const near = ['/', ...new Set([...paths].flatMap(pathsNear))];
  const named = ['', ...new Set([...hosts].map(nameNear))];
  const more: ReadonlyArray<Partial<HttpRequest>> = [
    {},
    ...[...methods, ...(methods.size === 0 ? [] : ['PUT'])]
      .filter((method) => method !== 'GET')
      .map((method) => ({ method })),
    ...[...headers].flatMap(([name, values]) =>
      [...values].map((value) => ({ headers: { [name.toLowerCase()]: nameNear(value) } })),
    ),
  ];
  const parameters = ['', ...[...query].flatMap(([name, values]) => [...values].map((value) => `?${name}=${value}`))];
  const requests = near.flatMap((path) =>
    named.flatMap((host) =>
      parameters.flatMap((parameter) =>
        more.map((each): Payload => {
          return { kind: 'http', method: 'GET', host, headers: {}, ...each, path: `${path}${parameter}` };
        }),
      ),
    ),
  );
  return [{ kind: 'tcp' }, ...requests];
}

function pathsNear(pattern: string): readonly string[] {
  const path = pattern.replace(/[*{].*$|\.\*.*$/, '').replace(/(?<=.)\/$/, '');
  return [path, `${path}/more`, `${path}x`];
}

/** A text that a pattern with a `*` matches. */
function nameNear(pattern: string): string {
  return pattern.replace('*', 'any');
}
