import { type CountingPoint, type CountKind, limitCapabilities } from '../../../src/dataplanes/limits.js';
import type { PlacedRateLimits } from '../../../src/ir/placed-limits.js';
import { compile } from '../../../src/pipeline.js';
import { goldenCases } from '../cases.js';
import { withCase } from './golden-case.js';

/** By kind of count and point: the first golden case in which a limit is written there, or a waypoint planned for it. */
export function limitEvidence(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const golden of goldenCases()) {
    if (!golden.name.startsWith('traffic/limits')) continue;
    const { placed, ir } = compile(golden.sources, { ...golden.options, verify: false });
    const isPlanned = ir?.destinations.some(({ waypoint }) => (waypoint?.because.length ?? 0) > 0) ?? false;
    for (const each of (placed?.limits ?? []).flatMap((limits) => cellsOf(limits, isPlanned)))
      if (!found.has(each)) found.set(each, golden.name);
  }
  return found;
}

/** What a cell is called among the evidence. */
export function limitCell(count: CountKind, point: CountingPoint): string {
  return `${count} ${point}`;
}

function cellsOf(placed: PlacedRateLimits, isPlanned: boolean): readonly string[] {
  const point = pointOf(placed);
  const counts = placed.limits.map(({ through }): CountKind => (through === undefined ? 'own' : 'shared'));
  const points: readonly CountingPoint[] = point === 'waypoint' && isPlanned ? [point, 'ztunnel'] : [point];
  return counts.flatMap((count) => points.map((each) => limitCell(count, each)));
}

function pointOf({ attachment, chains: [chain] }: PlacedRateLimits): CountingPoint {
  const isNamed = attachment.kind === 'gateway';
  if (chain === undefined || !('portNumber' in chain)) return isNamed ? 'waypoint' : 'sidecar';
  return isNamed ? 'Gateway of Gateway API' : 'Istio’s own Gateway';
}

const introduction = `## Limits of requests

They are written where \`extensions: Accept\` stands beside (AMB3096). A Service with ambient pods that can have no waypoint, and
callers who come past it, are refused (AMB3097), and so are proxies that cannot ask a service for all of them (AMB5126).

How it was confirmed: Envoy was asked at a sidecar and at a waypoint what it answers beyond a limit of its own. With the filters that are
written for a service, and a service of one’s own behind them, Envoy 1.38.3 asked for the descriptors that a request has, answered 429
where the service said so, and let it pass or answered 500 where no answer came in time (istio-traffic-topology F-64). That istiod hands
these filters on was read in the code.

`;

const asked: Readonly<Record<CountKind, string>> = {
  own: '`limits: [{ requests: …, per: …, each: Instance }]`',
  shared: '`limits: [{ requests: …, per: …, through: …, by: … }]`',
};

/** A table of docs/traffic.md. */
export function limitTable(): string {
  const evidence = limitEvidence();
  const points = [...new Set(limitCapabilities.map(({ point }) => point))];
  const head = ['Asked for', ...points];
  const rows = (['own', 'shared'] as const).map((count) => [
    asked[count],
    ...limitCapabilities
      .filter((row) => row.count === count)
      .map(
        ({ point, form = 'a waypoint is planned', because }) =>
          `${withCase(form, evidence.get(limitCell(count, point)))}: ${because}`,
      ),
  ]);
  const lines = [head, head.map(() => '---'), ...rows];
  return `${introduction}${lines.map((each) => `| ${each.join(' | ')} |`).join('\n')}\n`;
}
