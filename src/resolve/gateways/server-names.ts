import { diagnostic } from '../../diagnostics/create.js';
import type { Condition } from '../../parse/ast.js';
import { type Gateway, keyOf, type Listener, type ListenerTls } from '../../topology/model.js';
import type { ResolveContext } from '../context.js';
import { podPortsOf, servedListeners } from './gateway-ports.js';

/** Why a listener does not see for which name a client asks, by its mode of TLS. */
const unseenNames: Readonly<Partial<Record<ListenerTls, string>>> = {
  ISTIO_MUTUAL: 'takes the mutual TLS of the mesh, in which proxies write names of their own',
  AUTO_PASSTHROUGH: 'takes the mutual TLS of other clusters, in which proxies write names of their own',
};

/**
 * The ports at which a rule about server names means something, of those that it means otherwise; the same where it is
 * about none. A port that is named and shows no names is reported, and so is a gateway without any that does.
 */
export function portsWithNames(
  context: ResolveContext,
  gateway: Gateway,
  conditions: readonly Condition[],
  ports: readonly number[] | undefined,
  named: readonly number[] | undefined,
): readonly number[] | undefined {
  const condition = conditions.find(({ key }) => key === 'serverNames');
  if (condition === undefined) return ports;
  const meant = servedListeners(gateway).filter(({ podPort }) => ports?.includes(podPort) ?? true);
  const blind = meant.filter((listener) => whyUnseen(listener) !== undefined);
  const seeing = meant.filter(({ podPort }) => blind.every((other) => other.podPort !== podPort));
  const [first] = blind;
  if (first !== undefined && (named !== undefined || seeing.length === 0)) {
    const parameters = { gateway: keyOf(gateway), listener: first.name, why: whyUnseen(first) ?? '' };
    context.report(diagnostic('server-name-unseen', parameters, condition.span));
  }
  return podPortsOf(seeing);
}

function whyUnseen({ tls }: Listener): string | undefined {
  return tls === undefined ? 'takes connections without TLS, which ask for no name' : unseenNames[tls];
}
