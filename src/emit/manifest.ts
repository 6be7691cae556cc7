import type { JsonObject, JsonValue } from '../parse/document.js';

/** The order in which an apply must happen; each is a directory of the output tree (docs/decisions.md). */
export const phases = ['10-infrastructure', '20-policies', '30-enrolment', '40-guards'] as const;
export type Phase = (typeof phases)[number];

/** One Kubernetes object to print, with the comments that say where it and its parts come from. */
export interface Manifest {
  readonly cluster: string;
  readonly phase: Phase;
  readonly object: KubernetesObject;
  /** Lines printed as `# …` above the object. */
  readonly header: readonly string[];
  /** Lines printed above the node at a path, e.g. above one rule. */
  readonly comments: ReadonlyArray<{
    readonly path: ReadonlyArray<string | number>;
    readonly lines: readonly string[];
  }>;
  /** The rules that it helps to enforce. Every placed rule must appear in one of them (AMB4001). */
  readonly realises: readonly string[];
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: JsonObject;
  readonly data?: Readonly<Record<string, string>>;
  readonly [key: string]: JsonValue | undefined;
}
