import type { Document, ManifestObject, Path } from '../parse/document.js';
import type {
  ExtensionProvider,
  LabelSelector,
  OpenInstallation,
  OutboundTrafficPolicy,
  PathNormalization,
  Recorder,
  TrafficDefault,
} from '../parse/mesh.js';
import { describe } from '../topology/fields.js';

/** What the texts of an installation say of Istio, under the names that the Mesh document has for it. */
export interface Facts {
  /** `1.29`, or a release of which nothing is known. */
  readonly version: string;
  readonly revision: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly enableAutoMtls: boolean;
  readonly pathNormalization: PathNormalization;
  readonly outboundTrafficPolicy: OutboundTrafficPolicy;
  readonly discoverySelectors: readonly LabelSelector[];
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly extensionProviders: readonly ExtensionProvider[];
  readonly numTrustedProxies: number;
  readonly proxyProtocol: boolean;
  readonly ambient: boolean;
  readonly sidecarsListenHbone: boolean;
  readonly excludeNamespaces: readonly string[];
}

export type Fact = keyof Facts;

/** A value, and where it is written. */
export interface Said<T> {
  readonly value: T;
  readonly document: Document;
  readonly path: Path;
  /** What says it: "ConfigMap `istio-system/istio`". */
  readonly by: string;
}

export type Sayings = { readonly [F in Fact]?: Said<Facts[F]> | undefined };

export type Flags = ReadonlyMap<string, Said<boolean>>;

/** How messages name the Mesh document. */
export const meshDocument = 'the Mesh document';

/** One text that speaks of a control plane, or of the whole cluster where it names no revision. */
export interface Voice {
  readonly revision: Said<string> | undefined;
  readonly facts: Sayings;
  readonly flags: Flags;
  /** What it says and nobody reads any further. */
  readonly open?: readonly OpenInstallation[];
  /** What proxies send by where nothing else says it. */
  readonly traffic?: readonly TrafficDefault[];
  /** Its extension providers; absent where it is no MeshConfig. */
  readonly recorders?: readonly InstalledRecorder[] | undefined;
}

/** An extension provider, and the host that proxies ask for it, as `host` or `namespace/host`. */
export interface InstalledRecorder extends Recorder {
  readonly service: string | undefined;
}

/** What an object says at a path; `undefined` where it says nothing. */
export function said<T>(object: ManifestObject, path: Path, value: T | undefined): Said<T> | undefined {
  return value === undefined ? undefined : place(object, path, value);
}

export function place<T>(object: ManifestObject, path: Path, value: T): Said<T> {
  return { value, document: object.document, path: [...object.path, ...path], by: describe(object) };
}

export function spanOf({ document, path }: Said<unknown>) {
  return document.spanOf(path);
}

/** The sayings of two texts of which the first counts where both speak. */
export function over(first: Sayings, second: Sayings): Sayings {
  const spoken = Object.entries(first).filter(([, value]) => value !== undefined);
  return { ...second, ...Object.fromEntries(spoken) };
}
