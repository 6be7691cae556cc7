import type { TrafficSettings } from '../../parse/traffic/settings.js';
import { groupBy } from '../../util/order.js';

/** Versions by `namespace/name` of their Service. */
export type VersionsOfServices = ReadonlyMap<string, readonly string[]>;

/** The versions that settings of Services define. */
export function definedVersions(settings: readonly TrafficSettings[]): VersionsOfServices {
  return new Map(settings.map(({ scope, versions }) => [scope.reference, versions.map(({ name }) => name.value)]));
}

/** The versions to which routes of gateways lead. */
export function versionsNamedByGateways(settings: readonly TrafficSettings[]): VersionsOfServices {
  const named = settings.flatMap(({ scope, routes }) =>
    routes.flatMap(({ to, mirror }) =>
      [...(to ?? []), ...mirror].flatMap(({ kind, reference, versionOfOther }) =>
        kind === 'service' && versionOfOther
          ? [{ service: wholeIn(scope.reference, reference), version: versionOfOther.value }]
          : [],
      ),
    ),
  );
  const groups = groupBy(named, ({ service }) => service);
  return new Map([...groups].map(([service, all]) => [service, all.map(({ version }) => version)]));
}

function wholeIn(scope: string, reference: string): string {
  return reference.includes('/') ? reference : `${scope.slice(0, scope.indexOf('/'))}/${reference}`;
}
