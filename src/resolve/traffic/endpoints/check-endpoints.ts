import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic, Span } from '../../../diagnostics/diagnostic.js';
import type { EndpointSettings } from '../../../parse/traffic/endpoints.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import type { ResolveContext } from '../../context.js';
import type { Destination } from '../../resolved.js';
import { isToBeWritten } from '../outside/outside-hosts.js';
import { checkPort, portNamed } from '../route-ports.js';
import { sharesOf } from '../shares.js';
import { checkLimits, checkLimitsOfPorts } from './check-limits.js';
import { checkLocality } from './check-locality.js';
import { checkRequestWishes, requestWishes } from './request-wishes.js';
import { endpointsOfVersion, resolveEndpoints } from './resolve-endpoints.js';

/** Reports settings of endpoints that contradict each other, or that no proxy can keep to. */
export function checkEndpoints(
  context: ResolveContext,
  settings: TrafficSettings,
  destinations: readonly Destination[],
): void {
  const resolved = resolveEndpoints(settings);
  const ofVersions = settings.versions.flatMap(({ endpoints }) => endpointsOfVersion(resolved, endpoints) ?? []);
  const oncePerPlace = withoutRepeats(context);
  for (const { whole, ports } of [resolved, ...ofVersions])
    for (const each of [whole, ...ports.map((port) => port.settings)]) checkTogether(oncePerPlace, each);
  checkAffinityOfSplits(context, settings);
  for (const destination of destinations) {
    for (const each of [resolved, ...ofVersions]) checkLimitsOfPorts(oncePerPlace, destination, each);
    checkRequestWishes(context, destination, requestWishes(settings.endpoints));
    for (const { endpoints } of settings.versions) checkRequestWishes(context, destination, requestWishes(endpoints));
    for (const { port, settings: own } of settings.ports) {
      // What a new entry lacks was said before.
      if (!isToBeWritten(destination, context.topology)) checkPort(context, destination, port);
      checkRequestWishes(context, destination, requestWishes(own), portNamed(destination.service, port.value));
    }
  }
}

/** A port or a version takes over what is said for all: what is wrong with that is reported once. */
function withoutRepeats(context: ResolveContext): ResolveContext {
  const reported = new Set<string>();
  const report = (found: Diagnostic) => {
    const places = [found.span, ...found.notes.map(({ span }) => span)].map((span) => span?.start);
    const key = [found.message, ...places].join(' ');
    if (!reported.has(key)) context.report(found);
    reported.add(key);
  };
  return { ...context, report };
}

/** What holds at one place at once. */
function checkTogether(context: ResolveContext, settings: EndpointSettings): void {
  const { balance, affinity, locality, connections, outliers, tls } = settings;
  const unused = affinity && (balance?.algorithm ?? balance?.warmup);
  if (unused) {
    const notes = [{ message: 'the affinity', span: affinity.span }];
    const field = balance?.algorithm ? 'algorithm' : 'warmup';
    context.report(diagnostic('balance-beside-affinity', { field }, unused.span, { notes }));
  }
  const algorithm = balance?.algorithm?.value ?? 'LeastRequest';
  if (balance?.warmup && !['LeastRequest', 'RoundRobin'].includes(algorithm))
    context.report(diagnostic('warmup-without-effect', { algorithm }, balance.warmup.span));
  if (algorithm === 'PassThrough') checkPassThrough(context, settings);
  if (connections) checkLimits(context, connections);
  if (locality) checkLocality(context, locality, outliers !== undefined);
  if (
    outliers?.consecutive5xx?.value === 0 &&
    !outliers.consecutiveGatewayErrors?.value &&
    !outliers.consecutiveLocalFailures
  )
    context.report(diagnostic('nothing-counted', {}, outliers.consecutive5xx.span));
  if (tls) checkTls(context, tls);
}

/** Requests go on to the address that was asked for, and to no pod that a proxy chose (F-11). */
function checkPassThrough(context: ResolveContext, { balance, locality, outliers }: EndpointSettings): void {
  const notes = balance?.algorithm ? [{ message: 'the algorithm', span: balance.algorithm.span }] : [];
  const [detection] = Object.values(outliers ?? {});
  if (locality && locality.kind !== 'disabled')
    context.report(diagnostic('choice-without-effect', { field: 'locality' }, locality.span, { notes }));
  if (detection) context.report(diagnostic('choice-without-effect', { field: 'outliers' }, detection.span, { notes }));
}

function checkTls(
  context: ResolveContext,
  { mode, credential, clientCertificate, span }: NonNullable<EndpointSettings['tls']>,
): void {
  if (mode === 'Mutual' && credential === undefined && clientCertificate === undefined)
    context.report(diagnostic('tls-incomplete', { why: 'the proxy has no certificate to show' }, span));
  if (mode === 'Simple' && clientCertificate !== undefined)
    context.report(diagnostic('tls-incomplete', { why: 'with mode `Simple` no certificate is shown' }, span));
}

/** Which version a request goes to is drawn anew each time: nothing binds a caller to one pod of all of them (T-40). */
function checkAffinityOfSplits(context: ResolveContext, settings: TrafficSettings): void {
  const { endpoints, rollout, weights } = settings;
  const { affinity } = endpoints;
  if (affinity === undefined) return;
  const isFixed = rollout === undefined && weights === undefined;
  const splits: ReadonlyArray<ReadonlyArray<{ readonly weight: number; readonly span: Span }>> = [
    sharesOf(settings).map(({ version, weight }) => ({ weight, span: version.span })),
    ...settings.routes.map(({ to }) => to ?? []),
  ];
  for (const shares of splits) {
    const [first, ...others] = shares.filter(({ weight }) => weight > 0 || !isFixed);
    if (first === undefined || others.length === 0) continue;
    const notes = [{ message: 'the affinity', span: affinity.span }];
    context.report(diagnostic('affinity-under-split', {}, first.span, { notes }));
  }
}
