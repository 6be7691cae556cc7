import type { EndpointSettings, Outliers } from '../../../parse/traffic/endpoints.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import type { ResolvedEndpoints } from '../../resolved-traffic.js';

/** What holds for the Service as a whole, and for each of its ports that has settings of its own. */
export function resolveEndpoints({ endpoints, ports }: TrafficSettings): ResolvedEndpoints {
  return {
    whole: endpoints,
    ports: ports
      .filter(({ settings }) => Object.keys(settings).length > 0)
      .map(({ port, settings }) => ({ port, settings: over(endpoints, settings) })),
  };
}

/** What holds for a version: its own words before those of a port, and these before those for all. */
export function endpointsOfVersion(
  { whole, ports }: ResolvedEndpoints,
  own: EndpointSettings,
): ResolvedEndpoints | undefined {
  if (Object.keys(own).length === 0) return undefined;
  return {
    whole: over(whole, own),
    ports: ports.map(({ port, settings }) => ({ port, settings: over(settings, own) })),
  };
}

/** The nearer words before the others, field by field. */
function over(base: EndpointSettings, own: EndpointSettings): EndpointSettings {
  const balance = own.balance && { ...base.balance, ...own.balance };
  const connections = own.connections && { ...base.connections, ...own.connections };
  const outliers = own.outliers && outliersOver(base.outliers, own.outliers);
  return {
    ...base,
    ...own,
    ...(balance && { balance }),
    ...(connections && { connections }),
    ...(outliers && { outliers }),
  };
}

/** A sensitivity is a word for all fields at once. */
function outliersOver(base: Outliers | undefined, own: Outliers): Outliers {
  return own.sensitivity === undefined ? { ...base, ...own } : own;
}
