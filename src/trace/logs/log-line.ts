/** What one line of a proxy's log says of one request or connection. What it does not say is absent. */
export interface LogLine {
  readonly writtenBy: 'ztunnel' | 'proxy';
  /** Whose proxy wrote it. */
  readonly side: Side | undefined;
  /** When, in RFC 3339. */
  readonly time: string | undefined;
  readonly outcome: Outcome;
  /** Why, in the words of the log. */
  readonly because: string | undefined;
  /** The policy that decided, or would have; `none` where it says that no ALLOW policy matched. */
  readonly policy: NamedPolicy | 'none' | undefined;
  readonly caller: LoggedEnd;
  readonly destination: LoggedEnd;
  readonly request: LoggedRequest | undefined;
  /** Envoy's response flags, such as `UAEX`. */
  readonly flags: readonly string[];
}

/** One call is logged by the proxy of its caller, by that of its destination, and by a waypoint between them. */
export type Side = 'caller' | 'waypoint' | 'destination';

/**
 * `refused` by a policy, a token's validation or an authorizer, `failed` on its way, `passed`; `would be` where a dry run
 * says so, which decides nothing.
 */
export type Outcome = 'refused' | 'failed' | 'passed' | 'would be refused' | 'would be let through';

export interface NamedPolicy {
  readonly namespace: string;
  readonly name: string;
  /** The index of its rule, where the line says it. */
  readonly rule: number | undefined;
}

/** One end of a connection, as far as the line names it. */
export interface LoggedEnd {
  /** The name of a pod. */
  readonly pod?: string | undefined;
  readonly namespace?: string | undefined;
  /** `cluster.local/ns/shop/sa/web`. */
  readonly principal?: string | undefined;
  /** The host of a Service or a ServiceEntry. */
  readonly host?: string | undefined;
  /** Of the Service where there is a host, else of the pod. */
  readonly port?: number | undefined;
  readonly address?: string | undefined;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
}

/** `ns[payments]-policy[ledger-deny]-rule[0]`, as istiod names the rules that it hands to Envoy. */
export function policyOfRule(text: string): LogLine['policy'] {
  const [, namespace, name, rule] = /ns\[([^\]]+)\]-policy\[([^\]]+)\]-rule\[(\d+)\]/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) return /^none\b/.test(text) ? 'none' : undefined;
  return { namespace, name, rule: Number(rule) };
}

/** `10.0.0.7:8080` and `[fd00::7]:8080` in their parts; what is no address is nothing. */
export function addressOf(text: string | undefined): Pick<LoggedEnd, 'address' | 'port'> {
  const [, ip, ip6, port] = /^(?:([\d.]+)|\[([0-9a-f:.]+)\])(?::(\d+))?$/i.exec(text ?? '') ?? [];
  const address = ip ?? ip6;
  return { ...(address !== undefined && { address }), ...(port !== undefined && { port: Number(port) }) };
}

/** The first moment that a text names, in RFC 3339; what is no moment is nothing. */
export function timeIn(text: string | undefined): string | undefined {
  return /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/.exec(text ?? '')?.[0];
}
