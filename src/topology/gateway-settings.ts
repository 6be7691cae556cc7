import { diagnostic } from '../diagnostics/create.js';
import { type ManifestObject, type Path, spanIn } from '../parse/document.js';
import { readEmbedded } from '../parse/embedded.js';
import type { ClusterSettings, GatewaySettings, GatewayTopology } from '../parse/mesh.js';
import { didYouMean, suggest } from '../util/suggest.js';
import { describe, integerAt, labelsAt, mappingAt, type Report } from './fields.js';
import { annotation } from './labels.js';
import type { Gateway, Workload } from './model.js';
import { podPath } from './pod-template.js';

/** Where the annotations of a gateway's pods are written. */
export interface Annotations {
  readonly object: ManifestObject;
  readonly path: Path;
}

/** The pods of a Gateway that Istio deploys carry its own annotations, or those of its `infrastructure` instead (W-42). */
export function annotationsOf(object: ManifestObject, workload: Workload | undefined, report: Report): Annotations {
  if (workload !== undefined) {
    return { object: workload.object, path: [...podPath(workload.object.kind), 'metadata', 'annotations'] };
  }
  const instead = ['spec', 'infrastructure', 'annotations'];
  const isInstead = Object.keys(labelsAt(object, instead, report)).length > 0;
  return { object, path: isInstead ? instead : ['metadata', 'annotations'] };
}

/**
 * What stands before a gateway: what its pods say of themselves takes the place of what is said of all, and the Mesh
 * document knows best, as far as it does not contradict them.
 */
export function topologyOf(
  key: string,
  { istio, gateways }: ClusterSettings,
  annotations: Annotations,
  report: Report,
): Gateway['topology'] {
  const own = annotatedTopology(annotations, report);
  const declared = gateways.find(({ name }) => name.value === key);
  if (own !== undefined && declared !== undefined) reportContradictions(declared, own, annotations, report);
  return { ...(own ?? istio.gatewayTopology), ...declared?.topology };
}

function annotatedTopology({ object, path }: Annotations, report: Report): Required<GatewayTopology> | undefined {
  if (labelsAt(object, path, report)[annotation.proxyConfig] === undefined) return undefined;
  const { value, diagnostics } = readEmbedded(object, [...path, annotation.proxyConfig], 'ProxyConfig');
  for (const found of diagnostics) report(found);
  if (value === undefined || mappingAt(value, ['gatewayTopology'], report) === undefined) return undefined;
  return {
    numTrustedProxies: integerAt(value, ['gatewayTopology', 'numTrustedProxies'], report) ?? 0,
    proxyProtocol: mappingAt(value, ['gatewayTopology', 'proxyProtocol'], report) !== undefined,
  };
}

function reportContradictions(
  { name, topology }: GatewaySettings,
  own: Required<GatewayTopology>,
  { object, path }: Annotations,
  report: Report,
): void {
  for (const fact of ['numTrustedProxies', 'proxyProtocol'] as const) {
    const value = topology[fact];
    if (value === undefined || value === own[fact]) continue;
    const first = `the Mesh document of gateway ${name.value}`;
    const second = describe(object);
    const parameters = { fact, first, value: String(value), second, other: String(own[fact]) };
    const span = spanIn(object, [...path, annotation.proxyConfig]);
    const notes = [{ message: `${second} says it here`, span }];
    report(diagnostic('contradicting-installation', parameters, name.span, { notes }));
  }
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
