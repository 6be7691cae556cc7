import { diagnostic } from '../../../diagnostics/create.js';
import type { PlacedLimitConfig, PlacedRateLimits } from '../../../ir/placed-limits.js';
import { isManaged } from '../../../parse/document.js';
import type { LimitService, ResolvedRateLimit } from '../../../resolve/resolved-traffic.js';
import { groupBy, sortBy } from '../../../util/order.js';
import type { PlaceContext } from '../context.js';

/** What each rate limit service is told: the amounts, of which its clients say nothing (F-64). */
export function placeLimitConfigs(context: PlaceContext, placed: readonly PlacedRateLimits[]): PlacedLimitConfig[] {
  const asked = placed.flatMap(({ cluster, limits }) =>
    limits.flatMap((limit) => (limit.through ? [{ cluster, service: limit.through, limit }] : [])),
  );
  const configs = [...groupBy(asked, ({ cluster, service }) => `${cluster}\n${service.name}`).values()].flatMap(
    (each) => {
      const [first] = each;
      return first ? [{ cluster: first.cluster, service: first.service, limits: distinct(each) }] : [];
    },
  );
  for (const config of configs) checkDomain(context, config);
  return sortBy(
    configs,
    ({ cluster }) => cluster,
    ({ service }) => service.name,
  );
}

function distinct(asked: ReadonlyArray<{ readonly limit: ResolvedRateLimit }>): readonly ResolvedRateLimit[] {
  const byId = new Map(asked.map(({ limit }) => [limit.origin.id, limit]));
  return sortBy([...byId.values()], ({ origin }) => origin.id);
}

/** A server that reads one domain twice takes neither (F-64). */
function checkDomain(context: PlaceContext, { cluster, service, limits }: PlacedLimitConfig): void {
  const configs = context.ir.topology.clusters.find(({ name }) => name === cluster)?.limitConfigs ?? [];
  const other = configs.find((object) => !isManaged(object) && isOf(object, service));
  const [limit] = limits;
  if (other === undefined || limit === undefined) return;
  const parameters = { existing: `${other.namespace ?? 'default'}/${other.name}`, domain: service.domain };
  context.report(diagnostic('limit-domain-taken', parameters, limit.origin.span));
}

function isOf(
  {
    namespace = 'default',
    value,
  }: { readonly namespace: string | undefined; readonly value: { readonly data?: unknown } },
  service: LimitService,
): boolean {
  const texts = Object.values(Object(value.data)).filter((text) => typeof text === 'string');
  const domain = new RegExp(`^domain:\\s*["']?${service.domain}["']?\\s*$`, 'm');
  return namespace === service.namespace && texts.some((text) => domain.test(text));
}
