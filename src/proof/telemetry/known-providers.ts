import type { IstioSettings } from '../../parse/mesh.js';
import { isBuiltIn, isNamed, providersOf } from '../../topology/recorders.js';
import { sortedUnique } from '../../util/order.js';
import type { MeantRecords } from './meant.js';

/** The providers that settings name and of which nobody says whether they exist. */
export function unknownProviders({ accessLogs, tracing }: MeantRecords, istio: IstioSettings): readonly string[] {
  if (providersOf(istio) !== undefined) return [];
  const logs = accessLogs?.kind === 'enabled' ? accessLogs.providers.map(({ value }) => value) : [];
  const spans = tracing?.disabled === false ? [tracing.provider ?? ''] : [];
  return sortedUnique([...logs, ...spans].filter((name) => !isBuiltIn(name)));
}

/** Whether a MeshConfig has a provider; where nobody knows, it is taken to have those that are named. */
export function isKnownBy(istio: IstioSettings): (provider: string) => boolean {
  const known = providersOf(istio);
  return (provider) => known?.some(isNamed(provider)) ?? true;
}
