import { asObject } from '../../mesh/json.js';
import type { JsonObject, JsonValue } from '../../parse/document.js';
import { nameServed } from '../../topology/listeners/admitted.js';

/** Collects what an object says that has no words here. */
export type Refuse = (because: string) => undefined;

/** What hosts and numbers mean where they are written. */
export interface TrafficNames {
  /** The key of the Service that has a host, where there is one. */
  readonly service: (host: string) => string | undefined;
  /** Likewise by its name, and by its namespace where that is another than the one where it is written. */
  readonly backend: (name: string, namespace: string | undefined) => string | undefined;
  /** A port of a Service by its name, where it has one. */
  readonly port: (service: string, number: JsonValue) => JsonValue;
  /** The ports of a Service, by their names, or of a host, on which requests are read, and those of connections. */
  readonly portsOf: (service: string) => {
    readonly requests: readonly JsonValue[];
    readonly bytes: readonly JsonValue[];
  };
  /** The namespace that makes a host outside the mesh known. */
  readonly homeOf: (host: string) => string | undefined;
  /** The hosts of a ServiceEntry. */
  readonly hostsOf: (namespace: string, name: string) => readonly string[];
  /** Whether a rollout controller changes the weights of the object. */
  readonly hasExternalWeights: boolean;
  /** The workloads of a namespace whose pods have some labels. */
  readonly workloads: (namespace: string, labels: JsonObject) => readonly string[];
  readonly rootNamespace: string;
  /** The ports of listeners of a Gateway that have a name; `undefined` where no pods serve it. */
  readonly listeners: (gateway: string) => readonly ListenerPort[] | undefined;
}

export interface ListenerPort {
  readonly name: string;
  readonly port: number;
  readonly reads: 'requests' | 'connections';
  readonly hosts: ReadonlyArray<{ readonly host: string }>;
}

/** The ports on which a gateway reads requests for some hosts. */
export function portsFor(listeners: readonly ListenerPort[], hosts: readonly string[]): readonly number[] {
  const isFor = (listener: ListenerPort) =>
    listener.hosts.some(({ host }) => hosts.some((each) => nameServed(host, each) !== undefined));
  const meant = listeners.filter((listener) => listener.reads === 'requests' && isFor(listener));
  return [...new Set(meant.map(({ port }) => port))];
}

/** What a refusal is collected for: the first thing that has no words, or what was lifted. */
export function lifted<T>(lift: (refuse: Refuse) => T): T | { readonly because: string } {
  const faults: string[] = [];
  const value = lift((because) => {
    faults.push(because);
    return undefined;
  });
  const [because] = faults;
  return because === undefined ? value : { because };
}

/** Which path of fields in an object is said by which field of an intent. */
export type Words = ReadonlyArray<readonly [path: string, word: string]>;

/** Refuses the fields of a mapping that are none of some. */
export function refuseOthers(value: JsonValue | undefined, known: readonly string[], of: string, refuse: Refuse): void {
  const foreign = Object.keys(asObject(value) ?? {}).find((field) => !known.includes(field));
  if (foreign !== undefined) refuse(`\`${foreign}\` of ${of} is not imported`);
}

/** The fields of an object under other names; each that has none is refused. */
export function renamed(value: JsonValue | undefined, words: Words, of: string, refuse: Refuse): JsonObject {
  const found = leavesOf(value ?? {}).flatMap(([path, leaf]): Array<[string, JsonValue]> => {
    const word = words.find(([field]) => field === path)?.[1];
    if (word === undefined) refuse(`\`${path}\` of ${of} is not imported`);
    return word === undefined ? [] : [[word, leaf]];
  });
  const isSaidTwice = new Set(found.map(([word]) => word)).size < found.length;
  if (isSaidTwice) refuse(`${of} says the same in two fields`);
  return Object.fromEntries(found);
}

/** What stands at the ends of all paths; lists are ends. */
function leavesOf(value: JsonValue, path = ''): ReadonlyArray<readonly [string, JsonValue]> {
  const mapping = asObject(value);
  if (mapping === undefined) return [[path, value]];
  return Object.entries(mapping).flatMap(([name, each]) =>
    each === undefined ? [] : leavesOf(each, path === '' ? name : `${path}.${name}`),
  );
}

/** A part of settings, where it says anything. */
export function where(name: string, part: JsonObject): JsonObject {
  return Object.keys(part).length === 0 ? {} : { [name]: part };
}
