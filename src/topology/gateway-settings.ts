import { diagnostic } from '../diagnostics/create.js';
import type { ClusterSettings, GatewaySettings } from '../parse/mesh.js';
import { didYouMean, suggest } from '../util/suggest.js';
import type { Report } from './fields.js';
import type { Gateway } from './model.js';

/** What the Mesh document says of one gateway, and else of all. */
export function topologyOf(key: string, { istio, gateways }: ClusterSettings): Gateway['topology'] {
  return { ...istio.gatewayTopology, ...gateways.find(({ name }) => name.value === key)?.topology };
}

export function reportUnknownGateway(
  { name }: GatewaySettings,
  found: ReadonlyMap<string, Gateway>,
  report: Report,
): void {
  if (found.has(name.value)) return;
  const near = suggest(name.value, found.keys());
  report(diagnostic('settings-of-no-gateway', { gateway: name.value }, name.span, didYouMean(near)));
}
