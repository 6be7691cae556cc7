import { diagnostic } from '../../diagnostics/create.js';
import type { ExternalRule, TargetReference } from '../../parse/ast.js';
import { type Gateway, keyOf } from '../../topology/model.js';
import type { ResolveContext } from '../context.js';
import { checkProvider, speaksGrpc } from '../external.js';
import type { AskedAtGateway } from '../resolved-gateway-security.js';
import { portsOfGateway, servedListeners } from './gateway-ports.js';
import { requestsOf } from './gateway-requests.js';

/** A rule by which an external authorizer is asked about requests to a gateway. */
export function askedAtGateway(
  context: ResolveContext,
  settings: string,
  gateway: Gateway,
  { name, provider, to, pin, reason, owner, ticket }: ExternalRule,
): AskedAtGateway {
  checkProvider(context, provider);
  const everything = { destination: undefined, port: undefined, conditions: [], except: [], span: name.span };
  return {
    origin: { id: `${settings}/${name.value}`, span: name.span, reason, owner, ticket },
    authorizer: provider.value,
    ...(pin && { pin }),
    requests: (to ?? [everything]).flatMap((target) => {
      if (!speaksGrpc(context, provider.value)) checkNamedListener(context, gateway, target);
      return requestsOf(context, gateway, target, true);
    }),
  };
}

/** Bytes that are no request would pass without it (istio-security §2.5). */
function checkNamedListener(context: ResolveContext, gateway: Gateway, { port, conditions }: TargetReference): void {
  if (port === undefined || conditions.length > 0) return;
  const meant = portsOfGateway(context, gateway, port);
  const deaf = servedListeners(gateway).find(({ podPort, reads }) => meant.includes(podPort) && reads !== 'requests');
  if (deaf === undefined) return;
  const what = `reads connections only (${deaf.protocol})`;
  const parameters = { port: String(port.value), destination: `gateway \`${keyOf(gateway)}\``, what };
  const witness = `a connection arrives at listener \`${deaf.name}\`, and nobody is asked`;
  context.report(diagnostic('authorizer-without-requests', parameters, port.span, { witness }));
}
