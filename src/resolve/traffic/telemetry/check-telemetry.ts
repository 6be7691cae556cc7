import { diagnostic } from '../../../diagnostics/create.js';
import type { Located, Span } from '../../../diagnostics/diagnostic.js';
import type { IstioSettings } from '../../../parse/mesh.js';
import type { MetricChange, Telemetry } from '../../../parse/traffic/telemetry.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import type { ResolveContext } from '../../context.js';
import { expressionFault } from './expression-fault.js';

/** What no scope can make right: providers that do not exist, and expressions that are none. */
export function checkTelemetry(context: ResolveContext, { accessLogs, metrics, tracing }: Telemetry): void {
  const logs = accessLogs?.kind === 'enabled' ? accessLogs : undefined;
  for (const provider of logs?.providers ?? []) checkProvider(context, provider);
  if (tracing?.kind === 'enabled') checkProvider(context, tracing.provider);
  if (logs?.filter) checkExpression(context, logs.filter.value, logs.filter.span);
  for (const change of metrics) checkChange(context, change);
}

function checkChange(context: ResolveContext, { set, remove, metric }: MetricChange): void {
  for (const expression of Object.values(set)) checkExpression(context, expression, metric.span);
  for (const label of remove.filter((each) => Object.hasOwn(set, each))) {
    const parameters = { first: 'set', second: 'remove', subject: `label \`${label}\`` };
    context.report(diagnostic('telemetry-twice', parameters, metric.span, { help: 'keep one of the two' }));
  }
}

/** Providers that every MeshConfig has. */
const builtIn = ['envoy', 'prometheus', 'stackdriver'];

/** istiod compares names without regard to case, and leaves out one that it does not find. */
function checkProvider({ topology, report }: ResolveContext, { value: provider, span }: Located<string>): void {
  for (const { name: cluster, settings } of topology.clusters) {
    const known = providersOf(settings.istio);
    if (known === undefined || known.some((name) => name.toLowerCase() === provider.toLowerCase())) continue;
    report(diagnostic('unknown-provider', { provider, cluster }, span, didYouMean(suggest(provider, known))));
  }
}

/** `undefined` where nobody says what the MeshConfig lists. */
function providersOf({ recorders, extensionProviders }: IstioSettings): readonly string[] | undefined {
  if (recorders === undefined && extensionProviders === undefined) return undefined;
  return [...builtIn, ...(recorders ?? []), ...(extensionProviders ?? []).map(({ name }) => name)];
}

function checkExpression({ report }: ResolveContext, expression: string, span: Span): void {
  const fault = expressionFault(expression);
  if (fault !== undefined) report(diagnostic('malformed-expression', { expression, fault }, span));
}
