import { diagnostic } from '../../diagnostics/create.js';
import type { TrafficSettings, Version } from '../../parse/traffic/settings.js';
import { selects } from '../../topology/model.js';
import type { ResolveContext } from '../context.js';
import { destinationLabel } from '../destinations.js';
import type { Destination } from '../resolved.js';
import { sharesOf } from './shares.js';

/** Reports shares of versions that nobody defines, versions that no share or route uses, and versions without pods. `named`: by gateways. */
export function checkVersions(
  context: ResolveContext,
  settings: TrafficSettings,
  destinations: readonly Destination[],
  named: ReadonlySet<string>,
): void {
  const { versions, split, rollout } = settings;
  const names = new Set(versions.map(({ name }) => name.value));
  const place = rollout ? '`rollout`' : '`split`';
  for (const { version } of sharesOf(settings)) {
    if (names.has(version.value)) continue;
    context.report(diagnostic('unknown-version', { version: version.value, place }, version.span));
  }
  const used = usedVersions(settings);
  for (const { name } of versions)
    if (!used.has(name.value) && !named.has(name.value))
      context.report(diagnostic('version-unused', { version: name.value }, name.span));
  const [firstShare] = split;
  if (firstShare && split.every(({ weight }) => weight === 0))
    context.report(diagnostic('zero-split', {}, firstShare.version.span));
  for (const version of versions) for (const destination of destinations) checkVersion(context, version, destination);
}

function usedVersions(settings: TrafficSettings): ReadonlySet<string> {
  const targets = settings.routes.flatMap(({ to, mirror }) => [...(to ?? []), ...mirror]);
  return new Set([
    ...sharesOf(settings).map(({ version }) => version.value),
    ...targets.flatMap(({ kind, reference }) => (kind === 'version' ? [reference] : [])),
  ]);
}

function checkVersion(context: ResolveContext, { name, labels }: Version, destination: Destination): void {
  if (destination.workloads.some((workload) => selects(labels, workload.labels))) return;
  const keys = new Set(Object.keys(labels));
  const seen = destination.workloads.flatMap((workload) =>
    Object.entries(workload.labels)
      .filter(([key]) => keys.has(key))
      .map(([key, value]) => `\`${key}: ${value}\``),
  );
  const listed = [...new Set(seen)].join(', ') || 'other labels';
  const parameters = { version: name.value, service: destinationLabel(destination), labels: listed };
  context.report(diagnostic('empty-version', parameters, name.span));
}
