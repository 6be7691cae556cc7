import type { IstioSettings, Recorder } from '../parse/mesh.js';

/** What proxies may hand to an extension provider. */
export type Recorded = 'access logs' | 'spans';

/** The kinds of provider, by their fields in a MeshConfig, that take it in some release (F-66). */
const takers: Readonly<Record<Recorded, readonly string[]>> = {
  'access logs': ['envoyFileAccessLog', 'envoyHttpAls', 'envoyTcpAls', 'envoyOtelAls', 'stackdriver'],
  spans: ['zipkin', 'lightstep', 'datadog', 'stackdriver', 'opencensus', 'skywalking', 'opentelemetry'],
};

/** Those that every MeshConfig has. */
const builtIn: readonly Recorder[] = [
  { name: 'envoy', kind: 'envoyFileAccessLog' },
  { name: 'prometheus', kind: 'prometheus' },
  { name: 'stackdriver', kind: 'stackdriver' },
];

/** Whether Istio brings a provider along, whatever its MeshConfig says. */
export function isBuiltIn(provider: string): boolean {
  return builtIn.some(({ name }) => name === provider);
}

/** The providers of a MeshConfig; `undefined` where nobody says which it lists. */
export function providersOf({ recorders, extensionProviders }: IstioSettings): readonly Recorder[] | undefined {
  if (recorders === undefined && extensionProviders === undefined) return undefined;
  const declared = (extensionProviders ?? []).map(({ name }) => ({ name, kind: undefined }));
  return [...builtIn, ...(recorders ?? []), ...declared];
}

/** istiod compares the names of providers without regard to case. */
export function isNamed(provider: string): (other: Recorder) => boolean {
  const name = provider.toLowerCase();
  return (other) => other.name.toLowerCase() === name;
}

/** Whether a provider may take it; of a kind that nobody shows it may be. */
export function mayTake({ kind }: Recorder, recorded: Recorded): boolean {
  return kind === undefined || takers[recorded].includes(kind);
}
