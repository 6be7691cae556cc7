import type { Payload, Request } from '../../src/mesh/request.js';
import type { JsonObject } from '../../src/parse/document.js';

/** What the judge reads: one cluster, all that is applied to it, and what is asked. README.md says what the fields mean. */
export interface JudgeCase {
  readonly name: string;
  readonly cluster: string;
  readonly objects: readonly JsonObject[];
  readonly settings: JudgeSettings;
  readonly topology: JudgeTopology;
  readonly requests: ReadonlyArray<Request & { readonly id: number; readonly follow: boolean }>;
}

export interface JudgeSettings {
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly revision: string;
  readonly sidecarsListenHbone: boolean;
  readonly excludeNamespaces: readonly string[];
  readonly providers: readonly string[];
  readonly meshConfig: object;
}

export interface JudgeTopology {
  readonly workloads: ReadonlyArray<{
    readonly key: string;
    readonly kind: string;
    readonly ns: string;
    readonly name: string;
    readonly plane: string;
    readonly hbone: boolean;
    readonly binding?: string;
  }>;
  readonly services: ReadonlyArray<{
    readonly key: string;
    readonly binding?: string;
    readonly ports: ReadonlyArray<{ readonly number: number; readonly protocol: string; readonly layer: string }>;
  }>;
  readonly gateways: ReadonlyArray<{
    readonly key: string;
    readonly kind: string;
    readonly ns: string;
    readonly podLabels: Readonly<Record<string, string>>;
  }>;
}

/** What the judge writes. */
export interface JudgeAnswer {
  readonly name: string;
  readonly cluster: string;
  readonly istio: { readonly module: string; readonly release: string };
  readonly envoy: string;
  readonly error?: string;
  readonly notes?: readonly string[];
  readonly refused?: readonly string[];
  readonly warned?: readonly string[];
  readonly analyzed?: readonly string[];
  readonly topology?: readonly string[];
  /** What was taken out of the configuration, and how often. */
  readonly dropped?: Readonly<Record<string, number>>;
  /** The routes and clusters that ends name, as istiod configures them. */
  readonly rules?: Readonly<Record<string, JsonObject>>;
  readonly settings?: Readonly<Record<string, JsonObject>>;
  readonly requests: readonly RequestAnswer[];
}

export interface RequestAnswer {
  readonly id: number;
  readonly judge: string;
  readonly asked?: true;
  readonly detail: readonly string[];
  readonly ends?: readonly JudgeEnd[];
}

/** One of the places where a request that is followed may end. */
export interface JudgeEnd {
  readonly judge: string;
  readonly location?: string;
  /** Absent where a proxy answered. */
  readonly cluster?: string;
  readonly service?: string;
  readonly port?: number;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The route that sent it on and the cluster, by their names in the answer. */
  readonly rule?: string;
  readonly settings?: string;
  /** The workloads among the endpoints of the cluster, and the one that the request was sent to. */
  readonly pods?: readonly string[];
  readonly pod?: string;
}

export type HttpPayload = Extract<Payload, { readonly kind: 'http' }>;
