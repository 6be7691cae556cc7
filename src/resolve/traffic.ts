import { diagnostic } from '../diagnostics/create.js';
import type { TrafficSettings, Version } from '../parse/ast.js';
import { selects } from '../topology/model.js';
import { milliseconds } from '../util/duration.js';
import { sortBy } from '../util/order.js';
import type { ResolveContext } from './context.js';
import { destinationLabel } from './destinations.js';
import type { Destination, ResolvedTraffic } from './resolved.js';
import { bindScope, destinationsIn } from './scopes.js';

/** Binds traffic settings to their service; each service takes them from one document. */
export function resolveTraffic(context: ResolveContext, settings: readonly TrafficSettings[]): ResolvedTraffic[] {
  const owners = new Map<string, TrafficSettings>();
  return sortBy(settings, ({ name }) => name.value).flatMap((each) => {
    const scope = bindScope(context, each.scope);
    if (scope === undefined) return [];
    const destinations = destinationsIn(context, scope);
    reportSecondOwner(context, each, destinations, owners);
    checkTimes(context, each);
    checkVersions(context, each, destinations);
    return [bound(each, destinations)];
  });
}

function bound(settings: TrafficSettings, destinations: readonly Destination[]): ResolvedTraffic {
  const weights = new Map(settings.split.map(({ version, weight }) => [version.value, weight]));
  const versions = settings.versions.map(({ name, labels }) => ({
    name: name.value,
    labels,
    weight: weights.get(name.value) ?? 0,
  }));
  return {
    origin: {
      id: settings.name.value,
      span: settings.name.span,
      reason: undefined,
      owner: undefined,
      ticket: undefined,
    },
    destinations,
    timeout: settings.timeout?.value,
    retries: settings.retries,
    versions: settings.split.length > 0 ? sortBy(versions, ({ name }) => name) : [],
  };
}

function reportSecondOwner(
  context: ResolveContext,
  settings: TrafficSettings,
  destinations: readonly Destination[],
  owners: Map<string, TrafficSettings>,
): void {
  for (const destination of destinations) {
    const owner = owners.get(destination.id);
    if (owner === undefined) owners.set(destination.id, settings);
    else {
      const parameters = {
        first: owner.name.value,
        second: settings.name.value,
        service: destinationLabel(destination),
      };
      const notes = [{ message: 'the other is here', span: owner.name.span }];
      context.report(diagnostic('duplicate-traffic', parameters, settings.name.span, { notes }));
    }
  }
}

function checkTimes(context: ResolveContext, { timeout, retries }: TrafficSettings): void {
  const perTry = retries?.perTryTimeout;
  if (retries?.attempts === 0 && (perTry !== undefined || retries.retryOn.length > 0))
    context.report(diagnostic('retries-switched-off', {}, retries.span));
  if (timeout === undefined || perTry === undefined) return;
  const whole = milliseconds(timeout.value);
  if (whole === 0 || milliseconds(perTry.value) <= whole) return;
  context.report(diagnostic('try-outlasts-timeout', { perTry: perTry.value, timeout: timeout.value }, perTry.span));
}

function checkVersions(
  context: ResolveContext,
  { versions, split }: TrafficSettings,
  destinations: readonly Destination[],
): void {
  const names = new Set(versions.map(({ name }) => name.value));
  for (const { version } of split) {
    if (!names.has(version.value))
      context.report(diagnostic('unknown-version', { version: version.value }, version.span));
  }
  const [firstVersion] = versions;
  if (firstVersion && split.length === 0)
    context.report(diagnostic('split-without-versions', {}, firstVersion.name.span));
  const [firstShare] = split;
  if (firstShare && split.every(({ weight }) => weight === 0))
    context.report(diagnostic('zero-split', {}, firstShare.version.span));
  for (const version of versions) for (const destination of destinations) checkVersion(context, version, destination);
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
  context.report(
    diagnostic(
      'empty-version',
      { version: name.value, service: destinationLabel(destination), labels: listed },
      name.span,
    ),
  );
}
