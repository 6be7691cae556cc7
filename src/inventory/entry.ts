/** A kind of object, and what becomes of everything that one may say. */
export interface Kind {
  /** `networking.istio.io/VirtualService`; `/Pod` of a kind of Kubernetes' own core. */
  readonly name: string;
  /** What objects of the kind are for, as the end of a sentence that begins with them. */
  readonly about: string;
  readonly entries: readonly Entry[];
}

/** What becomes of some fields, each with all that lies below it, unless another entry names that. */
export type Entry = Modelled | Said | Irrelevant;

interface Fields {
  /**
   * Paths with points, lists as their items: `spec.http.match.uri`, `metadata.labels[istio.io/rev]`. Where anything may stand
   * below a path, `spec.*` is all of it that no other entry names.
   */
  readonly fields: readonly [string, ...string[]];
}

/** Verdicts follow from it. */
export interface Modelled extends Fields {
  readonly becomes: 'modelled';
  /** Files or folders below `src`. */
  readonly where: readonly [string, ...string[]];
  /** What it decides, citing the laws. */
  readonly decides: string;
}

/** It may change who gets in, and what it concerns is undecided. */
export interface Said extends Fields {
  readonly becomes: 'said';
  /** Who says it where nothing is asked: codes; none where only an answer can tell. */
  readonly codes: readonly string[];
  /** What is undecided: for which workloads, callers and ports. */
  readonly undecided: string;
}

/** It changes nobody's access, nor where a request ends. */
export interface Irrelevant extends Fields {
  readonly becomes: 'irrelevant';
  readonly why: string;
}

type Paths = Fields['fields'];

export function modelled(fields: Paths, where: string | readonly [string, ...string[]], decides: string): Modelled {
  return { becomes: 'modelled', fields, where: typeof where === 'string' ? [where] : where, decides };
}

export function said(fields: Paths, codes: readonly string[], undecided: string): Said {
  return { becomes: 'said', fields, codes, undecided };
}

export function irrelevant(fields: Paths, why: string): Irrelevant {
  return { becomes: 'irrelevant', fields, why };
}

/** Several fields of one owner: `below('spec', 'hosts', 'gateways')`. */
export function below(owner: string, ...[first, ...others]: Paths): [string, ...string[]] {
  const path = (name: string) => `${owner}.${name}`;
  return [path(first), ...others.map(path)];
}

/** Labels by their keys, as fields. */
export function labels(...keys: Paths): [string, ...string[]] {
  return keyed('metadata.labels', keys);
}

/** Annotations by their keys, as fields. */
export function annotations(...keys: Paths): [string, ...string[]] {
  return keyed('metadata.annotations', keys);
}

function keyed(owner: string, [first, ...others]: Paths): [string, ...string[]] {
  const path = (key: string) => `${owner}[${key}]`;
  return [path(first), ...others.map(path)];
}

/** What controllers write back about an object of Istio's, and nobody reads to route or to judge. */
export const status = irrelevant(['status'], 'controllers write it, and nobody decides by it');
