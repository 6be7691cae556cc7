import type { PortLayer } from '../../topology/model.js';
import { oncePerObject } from '../../util/once.js';
import { groupBy } from '../../util/order.js';
import type { Route } from '../routes/route.js';
import type { Caller } from './caller.js';
import { noPath, notModelled, type Stop } from './hops.js';
import type { SidecarScope } from './sidecar-scope.js';
import { isVisible } from './visibility.js';

/** A host of a Service or a ServiceEntry, and a port of it. */
export interface AddressedHost {
  readonly host: string;
  readonly namespace: string;
  readonly exportTo: readonly string[] | undefined;
  readonly port: { readonly number: number; readonly layer: PortLayer };
}

/**
 * What the proxy of a caller does with what is addressed to a host: it knows the host, and treats the traffic as it is
 * told to; or it passes it on as it came, in plaintext; or it sends nothing (§2.9). Whoever has no proxy of Envoy's
 * knows all hosts.
 */
export type Outbound = 'known' | 'passed on' | Stop;

export function outboundTo(caller: Caller, addressed: AddressedHost): Outbound {
  if (caller.speaks === 'gateway') {
    return isVisible(addressed, caller.namespace) ? 'known' : noPath('the Service is not exported to the gateway');
  }
  if (caller.speaks !== 'sidecar') return 'known';
  const isExported = isVisible(addressed, caller.namespace);
  const { scopes = [] } = caller;
  if (scopes.length === 0) return isExported ? 'known' : unknownTo(caller, undefined);
  return agreed(caller, (scope) => (isExported ? throughScope(caller, scope, addressed) : unknownTo(caller, scope)));
}

/** What it does with a host that no Service and no ServiceEntry has. */
export function outboundToUnknownHost(caller: Caller): Exclude<Outbound, 'known'> {
  if (caller.speaks !== 'sidecar') return 'passed on';
  if ((caller.scopes ?? []).length === 0) return unknownTo(caller, undefined);
  return agreed(caller, (scope) => unknownTo(caller, scope));
}

/** Where manifests do not tell which Sidecar counts, all that may count must agree. */
export function agreed<T extends Outbound | boolean>(
  { scopes = [] }: Caller,
  answer: (scope: SidecarScope) => T,
): T | Stop {
  const answers = scopes.map(answer);
  const [first, ...others] = answers;
  const isSame = (other: T) => JSON.stringify(other) === JSON.stringify(first);
  if (first !== undefined && others.every(isSame)) return first;
  return notModelled(`which of Sidecar ${scopes.map(({ name }) => name).join(', ')} is the oldest (§2.9)`);
}

function throughScope(caller: Caller, scope: SidecarScope, addressed: AddressedHost): Outbound {
  const { number, layer } = addressed.port;
  const rest = scope.egress.find(({ port }) => port === undefined);
  const own = scope.egress.find(({ port }) => port === number);
  if (own?.isAddressed === true || rest?.isAddressed === true) {
    return notModelled(`what is sent to the egress listeners of Sidecar ${scope.name} (§2.9)`);
  }
  if (own !== undefined && imports(own, addressed)) {
    // The listener is of the protocol that the Sidecar says, whatever the Service says.
    if (own.readsRequests ? layer === 'http' : layer === 'tcp') return 'known';
    return notModelled(`port ${number} of Sidecar ${scope.name}, of another protocol than the port of the host (§2.9)`);
  }
  if (rest === undefined || !imports(rest, addressed)) return unknownTo(caller, scope);
  // A listener for one port takes all HTTP on it, and leaves other bytes to the listeners of their own addresses.
  if (own === undefined || layer === 'tcp') return 'known';
  return layer === 'http' ? unknownTo(caller, scope) : notModelled(`port ${number} of Sidecar ${scope.name} (§2.9)`);
}

/** Whether the listener for a port imports a route: one of its hosts, from its namespace. */
export function importsRoute({ egress }: SidecarScope, { namespace, hosts }: Route, port: number): boolean {
  const listener = egress.find((each) => each.port === port) ?? egress.find((each) => each.port === undefined);
  const fits = (host: string, imported: string) => covers(imported, host) || covers(host, imported);
  return (listener?.imports ?? []).some(
    (each) => [namespace, '*'].includes(each.namespace) && hosts.some((host) => fits(host, each.host)),
  );
}

function imports({ imports: imported }: SidecarScope['egress'][number], { host, namespace }: AddressedHost): boolean {
  const { exact, wildcards } = indexed(imported);
  const from = exact.get(host);
  if (from?.has(namespace) || from?.has('*')) return true;
  return wildcards.some((each) => (each.namespace === '*' || each.namespace === namespace) && covers(each.host, host));
}

/** A derived Sidecar names hosts by the hundred, and each is asked for by each caller. */
const indexed = oncePerObject((imported: SidecarScope['egress'][number]['imports']) => {
  const isWildcard = ({ host }: (typeof imported)[number]) => host.startsWith('*');
  const named = groupBy(
    imported.filter((each) => !isWildcard(each)),
    ({ host }) => host,
  );
  return {
    exact: new Map([...named].map(([host, all]) => [host, new Set(all.map(({ namespace }) => namespace))])),
    wildcards: imported.filter(isWildcard),
  };
});

/** Whether all names of a host are among those that are imported. */
function covers(imported: string, host: string): boolean {
  return imported.startsWith('*') ? host.endsWith(imported.slice(1)) : imported === host;
}

/** A Sidecar that says nothing of it leaves it to the policy of the mesh. */
function unknownTo(
  { outboundPolicy = 'ALLOW_ANY' }: Caller,
  scope: SidecarScope | undefined,
): Exclude<Outbound, 'known'> {
  const own = scope?.outbound;
  const policy = own ?? outboundPolicy;
  if (policy === 'ALLOW_ANY') return 'passed on';
  const name = scope?.name ?? '';
  if (policy === 'egress proxy') return notModelled(`what the egress proxy of Sidecar ${name} does (§2.9)`);
  if (policy !== 'REGISTRY_ONLY') return notModelled(`what a proxy does with unknown hosts by policy ${policy} (§2.9)`);
  const why =
    scope === undefined
      ? 'the host is in no registry that the proxy knows'
      : `the host is not among those that Sidecar ${name} imports`;
  return noPath(`${why}, and the policy${own === undefined ? ' of the mesh' : ''} is REGISTRY_ONLY (§2.9)`);
}
