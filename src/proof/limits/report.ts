import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Origin } from '../../resolve/resolved.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import type { Unasked } from './counted.js';
import type { GatewayLimitProof } from './prove-gateway-limits.js';
import type { DeviatingLimits, LimitProof } from './prove-limits.js';

/** What a person is told of it: nothing, if every proxy in front of the pods counts as the intents say. */
export function limitDiagnostics({ deviating, unasked, open, atGateways }: LimitProof): Diagnostic[] {
  const alike = groupBy(deviating, ({ service, found }) => [keyOf(service), ...found].join('\n'));
  const facts = groupBy(open, ({ service, fact }) => [keyOf(service), fact].join('\n'));
  return [
    ...[...alike.values()].flatMap(([first]) => (first ? [deviatingDiagnostic(first)] : [])),
    ...[...facts.values()].flatMap(([first]) => {
      if (first === undefined) return [];
      const parameters = { service: keyOf(first.service), fact: first.fact };
      return [diagnostic('endpoints-not-proved', parameters, first.traffic.origin.span)];
    }),
    ...gatewayDiagnostics(atGateways),
    ...unaskedDiagnostics([
      ...unasked.map(({ proxy, asked, traffic: { origin } }) => ({ proxy, origin, ...asked })),
      ...atGateways.unasked.map(({ gateway, ...each }) => ({ proxy: `gateway \`${keyOf(gateway)}\``, ...each })),
    ]),
  ];
}

function unaskedDiagnostics(
  found: ReadonlyArray<Unasked & { readonly proxy: string; readonly origin: Origin }>,
): Diagnostic[] {
  const alike = groupBy(found, ({ proxy, service, because }) => [proxy, service, because].join('\n'));
  return [...alike.values()].flatMap(([first]) => {
    if (first === undefined) return [];
    const { proxy, service, because, origin } = first;
    return [diagnostic('rate-limit-service-unasked', { proxy, service, because }, origin.span)];
  });
}

function gatewayDiagnostics({ deviating, open }: GatewayLimitProof): Diagnostic[] {
  const alike = groupBy(deviating, ({ gateway, found }) => [keyOf(gateway), ...found].join('\n'));
  const facts = groupBy(open, ({ gateway, fact }) => [keyOf(gateway), fact].join('\n'));
  return [
    ...[...alike.values()].flatMap(([first]) => {
      if (first === undefined) return [];
      const { gateway, meant, found, origin } = first;
      const parameters = { gateway: keyOf(gateway), meant: inWords(meant), found: inWords(found) };
      return [diagnostic('gateway-limits-otherwise', parameters, origin.span)];
    }),
    ...[...facts.values()].flatMap(([first]) => {
      if (first === undefined) return [];
      const parameters = { gateway: keyOf(first.gateway), fact: first.fact };
      return [diagnostic('gateway-limits-not-proved', parameters, first.origin.span)];
    }),
  ];
}

function deviatingDiagnostic({ traffic, service, proxy, meant, found }: DeviatingLimits): Diagnostic {
  const parameters = { service: keyOf(service), proxy, meant: inWords(meant), found: inWords(found) };
  return diagnostic('limits-otherwise', parameters, traffic.origin.span);
}

function inWords(limits: readonly string[]): string {
  return limits.length === 0 ? 'no limit' : limits.join('; ');
}
