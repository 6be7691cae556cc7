import type { Encryption } from '../../access/access.js';
import type { Proved } from '../proved.js';
import type { WaypointReport } from '../waypoints/waypoints-of.js';

/** All that `ambit report` tells of a mesh, as its JSON has it: texts and numbers alone. Fields are only ever added. */
export interface MeshReport {
  readonly title: string;
  /** The day that what is accepted was judged by, as YYYY-MM-DD. */
  readonly day: string;
  /** What was judged: the mesh with the compiled output applied, the same though it is refused, or the manifests alone. */
  readonly state: 'after-apply' | 'refused' | 'as-is';
  readonly clusters: ReadonlyArray<{ readonly name: string; readonly istio: string }>;
  readonly findings: { readonly errors: number; readonly warnings: number };
  /** What was compared with the intents; `null` where nothing was. */
  readonly proved: Proved | null;
  readonly workloads: readonly WorkloadReport[];
  /** Why nothing is said of calls between some clusters. */
  readonly crossings: readonly string[];
  readonly entries: readonly EntryReport[];
  readonly gateways: readonly GatewayReport[];
  readonly hosts: readonly HostReport[];
  readonly rules: readonly RuleReport[];
  readonly tests: readonly TestReport[];
  readonly accepted: readonly AcceptedReport[];
  readonly waypoints: readonly WaypointReport[];
  readonly compliance: readonly FrameworkReport[];
}

export interface WorkloadReport {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** In words: `sidecar`, `ambient`, `outside the mesh`. */
  readonly plane: string;
  /** Why it is so. */
  readonly because: string;
  readonly services: readonly string[];
  readonly ways: readonly WayReport[];
}

export interface WayReport {
  /** `Service payments/ledger:80`, `pod port 8080`, `any other pod port`. */
  readonly by: string;
  readonly podPort: number | null;
  readonly carries: 'requests' | 'connections';
  readonly points: readonly PointReport[];
  /** Who gets anything through; nobody where it is empty. */
  readonly access: readonly AccessReport[];
}

export interface PointReport {
  readonly name: string;
  readonly policies: readonly string[];
}

export interface AccessReport {
  /** `shop/checkout`, `namespace shop`, `every other workload in the mesh`, `anyone outside`. */
  readonly who: string;
  readonly kind: 'identity' | 'namespace' | 'rest' | 'outside';
  /** The workloads and gateways that it is, as `namespace/name`; where many are meant, one name for them. */
  readonly callers: readonly string[];
  readonly clusters: readonly string[];
  readonly planes: readonly string[];
  /** Whether nobody runs as it yet. */
  readonly nobodyYet: boolean;
  readonly verdict: 'all' | 'some' | 'none' | 'undecided';
  /** What is let through where it is some: alternatives. */
  readonly through: readonly string[];
  /** External authorizers that are asked about some of it. */
  readonly asks: readonly string[];
  readonly because: string | null;
  readonly encryption: Encryption;
  readonly needsToken: boolean;
  /** Ids of the rules that say so; none where it is so by default. */
  readonly rules: readonly string[];
}

export interface GatewayReport {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** Every listener, with whoever gets anything through it. */
  readonly ways: readonly WayReport[];
  /** What it leads on to: `https://shop.example.com → shop/web:8080`, `api.partner.example:443 outside the mesh`. */
  readonly leadsTo: readonly string[];
}

/** One port of a host outside the mesh, and who may call it. */
export interface HostReport {
  readonly cluster: string;
  /** `null`: whatever no ServiceEntry makes known. */
  readonly host: string | null;
  readonly port: number | null;
  /** As its ServiceEntry declares it: `HTTP`, `TLS`. */
  readonly protocol: string | null;
  /** `namespace/name` */
  readonly serviceEntry: string | null;
  readonly carries: 'requests' | 'connections';
  readonly access: readonly AccessOutReport[];
}

export interface AccessOutReport extends AccessReport {
  /** What decides about it on the way; nothing does where it is empty. */
  readonly points: readonly string[];
}

/** A name by which a gateway leads on to pods from outside. */
export interface EntryReport {
  readonly url: string;
  readonly gateway: string;
  readonly pods: readonly string[];
  readonly access: ReadonlyArray<{
    readonly who: string;
    readonly verdict: AccessReport['verdict'];
    readonly through: readonly string[];
    readonly because: string | null;
    readonly needsToken: boolean;
  }>;
}

export interface RuleReport {
  readonly id: string;
  /** `allow out`: a call to a host outside the mesh. */
  readonly effect: 'allow' | 'deny' | 'ask' | 'audit' | 'allow out' | 'default' | 'mutual TLS';
  /** What it says, in a line. */
  readonly says: string;
  readonly file: string;
  readonly line: number;
  readonly owner: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** The objects that enforce it, and what each is for. */
  readonly enforcedBy: ReadonlyArray<{ readonly cluster: string; readonly object: string; readonly purpose: string }>;
  /** The tests of which it decides the request. */
  readonly tests: readonly string[];
}

export interface TestReport {
  readonly kind: 'AccessTest' | 'Guardrail';
  /** `document/name` */
  readonly name: string;
  readonly claim: string;
  readonly status: 'passed' | 'failed' | 'undecided' | 'vacuous';
  readonly because: string;
  readonly leavesOut: string | null;
  readonly file: string;
  readonly line: number;
}

export interface AcceptedReport {
  readonly what: string;
  readonly until: string | null;
  readonly reason: string;
  readonly owner: string | null;
  readonly file: string;
  readonly line: number;
  /** What it covers at present. */
  readonly covers: readonly string[];
}

export interface FrameworkReport {
  readonly name: string;
  readonly title: string;
  readonly controls: readonly ControlReport[];
}

export interface ControlReport {
  readonly id: string;
  readonly says: string;
  /** `not-evidenced`: no query is asked for it. */
  readonly status: AnswerStatus | 'not-evidenced';
  readonly answers: readonly Answer[];
}

/** `listed`: nothing has to hold, and what there is stands in the report. */
export type AnswerStatus = 'holds' | 'fails' | 'undecided' | 'listed';

export interface Answer {
  readonly query: string;
  readonly namespaces: readonly string[];
  readonly status: AnswerStatus;
  /** The answer in a sentence. */
  readonly says: string;
  /** What it rests on, or what stands against it; the first of many. */
  readonly evidence: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}
