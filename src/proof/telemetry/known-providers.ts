import type { IstioSettings } from '../../parse/mesh.js';
import { sortedUnique } from '../../util/order.js';
import type { MeantRecords } from './meant.js';

/** Those that Istio brings along, whatever its MeshConfig says. */
const builtIn: readonly string[] = ['envoy', 'prometheus', 'stackdriver'];

/** The providers that settings name and of which nobody says whether they exist. */
export function unknownProviders({ accessLogs, tracing }: MeantRecords, istio: IstioSettings): readonly string[] {
  if (knownIn(istio) !== undefined) return [];
  const logs = accessLogs?.kind === 'enabled' ? accessLogs.providers.map(({ value }) => value) : [];
  const spans = tracing?.disabled === false ? [tracing.provider ?? ''] : [];
  return sortedUnique([...logs, ...spans].filter((name) => !builtIn.includes(name)));
}

/** Whether a MeshConfig has a provider; where nobody knows, it is taken to have those that are named. */
export function isKnownBy(istio: IstioSettings): (provider: string) => boolean {
  const known = knownIn(istio)?.map((name) => name.toLowerCase());
  return (provider) => known?.includes(provider.toLowerCase()) ?? true;
}

function knownIn({ recorders, extensionProviders }: IstioSettings): readonly string[] | undefined {
  if (recorders === undefined && extensionProviders === undefined) return undefined;
  return [...builtIn, ...(recorders ?? []), ...(extensionProviders ?? []).map(({ name }) => name)];
}
