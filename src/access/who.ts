import { accountOfCaller, type CallerClass, travelKey } from '../algebra/callers.js';
import type { Mentions } from '../algebra/mentions.js';
import { standingBy } from '../mesh/network-policies/admission.js';

/** Callers that no policy on a way tells apart. */
export interface Who {
  /**
   * `identity`: whoever runs as one ServiceAccount; `namespace` and `rest`: the others of a namespace, and all others, as
   * no rule on the way names them; `outside`: who comes without an identity.
   */
  readonly kind: 'identity' | 'namespace' | 'rest' | 'outside';
  /** The ServiceAccount, the namespace, or the name of a caller from outside; empty for all others. */
  readonly name: string;
  readonly namespace: string | undefined;
  /** In words. */
  readonly label: string;
  /** The workloads and gateways that it is, as `namespace/name`; none where many are meant. */
  readonly members: readonly string[];
  readonly clusters: readonly string[];
  /** How they take part in the mesh: `ambient`, `sidecar`, `gateway`, `plaintext`. */
  readonly planes: readonly string[];
  /** Whether nobody runs as it yet. */
  readonly isFuture: boolean;
  /** Callers that travel alike, and whom NetworkPolicies do not tell apart, have the same. */
  readonly kindKey: string;
}

/** Whom one representative of a way stands for. */
export function whoIn(each: CallerClass, { accounts, namespaces, patterns, admissions }: Mentions): Who {
  const { caller, source } = each;
  const { cluster, namespace, speaks, identity } = caller;
  const base = {
    namespace,
    members: [] as readonly string[],
    clusters: cluster === undefined ? [] : [cluster],
    planes: [speaks],
    isFuture: false,
    kindKey: `${travelKey(caller)}\n${standingBy(admissions, () => caller)(each)}`,
  };
  if (identity === null) return { ...base, kind: 'outside', ...outsider(each) };
  const account = accountOfCaller(each);
  if (accounts.has(account) || patterns.length > 0) {
    const members = each.sources.flatMap((one) =>
      one.kind === 'workload' ? [one.workload] : one.kind === 'gateway' ? [one.gateway] : [],
    );
    const label = accounts.has(account) ? account : `${account}, and whoever no rule tells from it`;
    return { ...base, kind: 'identity', name: account, label, members, isFuture: source.kind === 'future' };
  }
  if (namespace !== undefined && namespaces.has(namespace)) {
    return { ...base, kind: 'namespace', name: namespace, label: `namespace ${namespace}` };
  }
  return { ...base, kind: 'rest', name: '', label: speaks === 'gateway' ? 'gateway' : 'workload in the mesh' };
}

function outsider({ source, caller }: CallerClass): Pick<Who, 'name' | 'label'> {
  if (source.kind === 'outside' && source.name !== 'anyone') return { name: source.name, label: source.name };
  return caller.cluster === undefined
    ? { name: 'anyone', label: 'anyone outside' }
    : { name: 'pods', label: 'pods outside the mesh' };
}
