import { type Details, diagnostic } from '../../../diagnostics/create.js';
import type { Located, Span } from '../../../diagnostics/diagnostic.js';
import type { MetricChange, Telemetry } from '../../../parse/traffic/telemetry.js';
import { isBuiltIn, isNamed, mayTake, providersOf, type Recorded } from '../../../topology/recorders.js';
import { didYouMean, suggest } from '../../../util/suggest.js';
import type { ResolveContext } from '../../context.js';
import { expressionFault } from './expression-fault.js';

/** What no scope can make right: providers that do not exist, and expressions that are none. */
export function checkTelemetry(context: ResolveContext, { accessLogs, metrics, tracing }: Telemetry): void {
  const logs = accessLogs?.kind === 'enabled' ? accessLogs : undefined;
  for (const provider of logs?.providers ?? []) checkProvider(context, provider, 'access logs');
  if (tracing?.kind === 'enabled') checkProvider(context, tracing.provider, 'spans');
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

/** istiod leaves out a name that it does not find, and what its provider cannot take (F-62, F-66). */
function checkProvider(
  { topology, report }: ResolveContext,
  { value: provider, span }: Located<string>,
  recorded: Recorded,
): void {
  for (const { name: cluster, settings } of topology.clusters) {
    const known = providersOf(settings.istio);
    if (known === undefined) continue;
    const fitting = known.filter((each) => mayTake(each, recorded)).map(({ name }) => name);
    const named = known.filter(isNamed(provider));
    const [first] = named;
    if (first === undefined) {
      const near = suggest(provider, fitting);
      report(diagnostic('unknown-provider', { provider, cluster }, span, didYouMean(near)));
    } else if (!named.some((each) => mayTake(each, recorded))) {
      const parameters = { provider, cluster, kind: first.kind ?? '', recorded };
      report(diagnostic('provider-of-another-kind', parameters, span, fittingHelp(fitting, recorded)));
    }
  }
}

function fittingHelp(fitting: readonly string[], recorded: Recorded): Details {
  const own = fitting.filter((name) => !isBuiltIn(name));
  return own.length === 0 ? {} : { help: `these take ${recorded}: ${own.map((name) => `\`${name}\``).join(', ')}` };
}

function checkExpression({ report }: ResolveContext, expression: string, span: Span): void {
  const fault = expressionFault(expression);
  if (fault !== undefined) report(diagnostic('malformed-expression', { expression, fault }, span));
}
