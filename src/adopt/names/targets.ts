import type { JsonObject, JsonValue } from '../../parse/document.js';
import { arrivalPortsOf, type Gateway, keyOf, type Service, type Workload } from '../../topology/model.js';
import { groupBy, sortBy, sortedUnique } from '../../util/order.js';
import type { Subject } from '../subjects.js';
import { distance } from './same-pods.js';

/** Some subjects under the one name that means them and nobody else. */
export interface Target {
  readonly kind: 'service' | 'workload' | 'gateway';
  /** `namespace/name` */
  readonly key: string;
  readonly subjects: readonly Subject[];
}

/**
 * The fewest names for some workloads: Services that lead to them alone, those with the most pods first, and for what is
 * left their own.
 */
export function targetsFor(subjects: readonly Subject[]): readonly Target[] {
  const wanted = new Map(subjects.filter(({ kind }) => kind === 'workload').map((each) => [each.key, each]));
  const left = new Set(wanted.keys());
  const targets: Target[] = [];
  for (const [key, services] of candidates(wanted)) {
    const members = sortedUnique(services.flatMap(({ workloads }) => workloads));
    if (!members.every((each) => wanted.has(each)) || !members.some((each) => left.has(each))) continue;
    for (const member of members) left.delete(member);
    targets.push({ kind: 'service', key, subjects: members.flatMap((member) => wanted.get(member) ?? []) });
  }
  const alone = [...left].flatMap((key) => wanted.get(key) ?? []);
  const gateways = subjects.filter(({ kind }) => kind === 'gateway');
  return sortBy(
    [
      ...targets,
      ...alone.map((each): Target => ({ kind: 'workload', key: each.key, subjects: [each] })),
      ...gateways.map((each): Target => ({ kind: 'gateway', key: each.key, subjects: [each] })),
    ],
    ({ key }) => key,
  );
}

function candidates(subjects: ReadonlyMap<string, Subject>): ReadonlyArray<readonly [string, readonly Service[]]> {
  const all = [...subjects.values()].flatMap(({ instances }) => instances.flatMap(({ services }) => services));
  return sortBy(
    groupBy(new Set(all), keyOf),
    ([, services]) => -Math.max(...services.map(({ workloads }) => workloads.length)),
    ([, services]) => Math.min(...services.map(distance)),
    ([key]) => key,
  );
}

/** Whose numbers of ports a policy compares: those of pods, or at a waypoint those of the Service. */
export type Numbering = 'pods' | 'service';

/** An item of `to` without anything said of requests; `isScope`: the target is the scope itself. */
export function itemsFor(
  target: Target,
  port: number | undefined,
  isScope: boolean,
  numbering: Numbering = 'pods',
): readonly JsonObject[] {
  const named: JsonObject = isScope ? {} : { [target.kind]: target.key };
  if (port === undefined) return [named];
  if (target.kind === 'gateway') return [{ ...named, port: listenerName(target, port) }];
  const ofService = target.kind === 'service' ? servicePort(target, port, numbering) : undefined;
  if (ofService !== undefined) return [{ ...named, port: ofService }];
  return target.subjects.map((subject) => ({
    ...(isScope && target.kind === 'workload' ? {} : { workload: subject.key }),
    port: containerPort(subject, port),
  }));
}

/** A port of many, by the name that all of them have for it, if they have one. */
export function commonPort(subjects: readonly Subject[], port: number): JsonValue {
  const targets = targetsFor(subjects);
  const names = targets.flatMap((target) => itemsFor(target, port, true).map((item) => item.port));
  const [only, ...others] = [...new Set(names.filter((name) => typeof name === 'string'))];
  const isOther = (name: string) =>
    subjects.some(({ instances }) =>
      instances.some(({ object, services }) =>
        services.some((service) =>
          service.ports.some((each) => each.name === name && !podPorts(service, each, object).includes(port)),
        ),
      ),
    );
  return only === undefined || others.length > 0 || isOther(only) ? port : only;
}

function servicePort({ key, subjects }: Target, port: number, numbering: Numbering): JsonValue | undefined {
  const found = subjects.flatMap(({ instances }) =>
    instances.flatMap(({ object, services }) =>
      services
        .filter((service) => keyOf(service) === key)
        .flatMap((service) =>
          service.ports.filter((each) =>
            numbering === 'service' ? each.number === port : podPorts(service, each, object).includes(port),
          ),
        ),
    ),
  );
  return found[0] && (found[0].name ?? found[0].number);
}

function podPorts(service: Service, port: Service['ports'][number], object: Workload | Gateway): readonly number[] {
  return 'mode' in object ? arrivalPortsOf(service, port, object) : [];
}

function containerPort({ instances }: Subject, port: number): JsonValue {
  const ports = instances.flatMap(({ object }) => ('ports' in object ? object.ports : []));
  return ports.find(({ number }) => number === port)?.name ?? port;
}

function listenerName({ subjects }: Target, port: number): JsonValue {
  const listeners = subjects.flatMap(({ instances }) =>
    instances.flatMap(({ object }) => ('listeners' in object ? object.listeners : [])),
  );
  const found = listeners.filter(({ podPort }) => podPort === port);
  const [only, ...others] = found;
  return only !== undefined && others.length === 0 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(only.name)
    ? only.name
    : (only?.port ?? port);
}
