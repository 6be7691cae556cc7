import { diagnostic } from '../diagnostics/create.js';
import { type JsonValue, type ManifestObject, type Path, spanIn } from '../parse/document.js';
import { type ExtensionProvider, outboundTrafficPolicies, pathNormalizations } from '../parse/mesh.js';
import {
  booleanAt,
  describe,
  integerAt,
  itemsAt,
  mappingAt,
  type Report,
  textAt,
  textsAt,
} from '../topology/fields.js';
import { readSelector } from '../topology/label-selector.js';
import { didYouMean, suggest } from '../util/suggest.js';
import { type Said, type Sayings, said } from './facts.js';
import { meshConfigFields } from './mesh-config-fields.js';
import { isWritten, pathIn } from './mesh-config-path.js';
import { readProvider } from './read-provider.js';

type Reader<T> = (object: ManifestObject, path: Path, report: Report) => T | undefined;

/** What a MeshConfig says of what decides about requests; the mapping at `base` of an object. */
export function readMeshConfig(object: ManifestObject, base: Path, report: Report): Sayings {
  reportUnknownFields(object, base, report);
  const at = (...names: readonly string[]) => pathIn(object, base, names);
  const fact = <T>(path: Path, read: Reader<T>): Said<T> | undefined =>
    isWritten(object, path) ? said(object, path, read(object, path, report)) : undefined;
  return {
    rootNamespace: fact(at('rootNamespace'), nameAt),
    trustDomain: fact(at('trustDomain'), nameAt),
    trustDomainAliases: fact(at('trustDomainAliases'), textsAt),
    enableAutoMtls: fact(at('enableAutoMtls'), booleanAt),
    pathNormalization: fact(at('pathNormalization', 'normalization'), normalizationAt),
    outboundTrafficPolicy: fact(at('outboundTrafficPolicy'), outboundPolicyAt),
    discoverySelectors: fact(at('discoverySelectors'), selectorsAt),
    defaultServiceExportTo: fact(at('defaultServiceExportTo'), textsAt),
    defaultVirtualServiceExportTo: fact(at('defaultVirtualServiceExportTo'), textsAt),
    defaultDestinationRuleExportTo: fact(at('defaultDestinationRuleExportTo'), textsAt),
    extensionProviders: fact(at('extensionProviders'), providersAt),
    ...readProxyConfig(object, at('defaultConfig'), report),
  };
}

/** The same of the settings of a proxy, which an annotation may say too. */
function readProxyConfig(
  object: ManifestObject,
  base: Path,
  report: Report,
): Pick<Sayings, 'numTrustedProxies' | 'proxyProtocol' | 'sidecarsListenHbone'> {
  const topology = pathIn(object, base, ['gatewayTopology']);
  const proxies = pathIn(object, topology, ['numTrustedProxies']);
  const protocol = pathIn(object, topology, ['proxyProtocol']);
  const tunnel = [...pathIn(object, base, ['proxyMetadata']), 'ISTIO_META_ENABLE_HBONE'];
  const speaks = isWritten(object, topology);
  return {
    numTrustedProxies: said(object, proxies, speaks ? (integerAt(object, proxies, report) ?? 0) : undefined),
    proxyProtocol: said(object, protocol, speaks ? mappingAt(object, protocol, report) !== undefined : undefined),
    sidecarsListenHbone: said(object, tunnel, textAt(object, tunnel, report) === 'true' ? true : undefined),
  };
}

/** The empty text is what istiod takes for nothing. */
function nameAt(object: ManifestObject, path: Path, report: Report): string | undefined {
  return textAt(object, path, report) || undefined;
}

function normalizationAt(object: ManifestObject, path: Path, report: Report) {
  const found = oneOf(['DEFAULT', ...pathNormalizations] as const, object, path, report);
  return found === 'DEFAULT' ? 'BASE' : found;
}

/** A policy that names no mode is of the first one. */
function outboundPolicyAt(object: ManifestObject, path: Path, report: Report) {
  const mode = [...path, 'mode'];
  return isWritten(object, mode) ? oneOf(outboundTrafficPolicies, object, mode, report) : 'REGISTRY_ONLY';
}

function oneOf<T extends string>(
  values: readonly T[],
  object: ManifestObject,
  path: Path,
  report: Report,
): T | undefined {
  const written = textAt(object, path, report);
  const found = values.find((value) => value === written);
  if (written !== undefined && found === undefined) {
    const parameters = { field: path.join('.'), object: describe(object), value: written };
    report(
      diagnostic('unknown-mesh-config-value', parameters, spanIn(object, path), didYouMean(suggest(written, values))),
    );
  }
  return found;
}

function selectorsAt(object: ManifestObject, path: Path, report: Report) {
  return itemsAt(object, path, report).map((item) => readSelector(object, item, report));
}

function providersAt(object: ManifestObject, path: Path, report: Report): readonly ExtensionProvider[] {
  return itemsAt(object, path, report).flatMap((item) => readProvider(object, item, report) ?? []);
}

/** istiod ignores a field that it does not know, and says nothing. */
function reportUnknownFields(object: ManifestObject, base: Path, report: Report): void {
  const mapping = base.length === 0 ? object.value : (mappingAt(object, base, report) ?? {});
  for (const field of Object.keys(mapping as Readonly<Record<string, JsonValue>>)) {
    const name = field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (meshConfigFields.has(name)) continue;
    const span = spanIn(object, [...base, field], 'key');
    const near = didYouMean(suggest(field, meshConfigFields));
    report(diagnostic('unknown-mesh-config-field', { field, object: describe(object) }, span, near));
  }
}
