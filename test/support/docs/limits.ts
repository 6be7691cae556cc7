import { type CountingPoint, limitCapabilities } from '../../../src/dataplanes/limits.js';
import type { PlacedRateLimits } from '../../../src/ir/placed-limits.js';
import { compile } from '../../../src/pipeline.js';
import { goldenCases } from '../cases.js';
import { withCase } from './golden-case.js';

/** By point: the first golden case in which a limit is written there, or a waypoint planned for it. */
export function limitEvidence(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const golden of goldenCases()) {
    if (!golden.name.startsWith('traffic/limits')) continue;
    const { placed, ir } = compile(golden.sources, { ...golden.options, verify: false });
    const points = (placed?.limits ?? []).map(pointOf);
    const isPlanned = ir?.destinations.some(({ waypoint }) => (waypoint?.because.length ?? 0) > 0);
    for (const point of [...points, ...(isPlanned ? ['ztunnel'] : [])])
      if (!found.has(point)) found.set(point, golden.name);
  }
  return found;
}

function pointOf({ attachment, chains: [chain] }: PlacedRateLimits): CountingPoint {
  const isNamed = attachment.kind === 'gateway';
  if (chain === undefined || !('portNumber' in chain)) return isNamed ? 'waypoint' : 'sidecar';
  return isNamed ? 'Gateway of Gateway API' : 'Istio’s own Gateway';
}

const introduction = `## Limits of requests

They are written where \`extensions: Accept\` stands beside (AMB3096). A Service with ambient pods that can have no waypoint, and
callers who come past it, are refused (AMB3097).

`;

/** A table of docs/traffic.md. */
export function limitTable(): string {
  const evidence = limitEvidence();
  const head = ['Asked for', ...limitCapabilities.map(({ point }) => point)];
  const cells = limitCapabilities.map(
    ({ point, form = 'a waypoint is planned', because }) => `${withCase(form, evidence.get(point))}: ${because}`,
  );
  const lines = [head, head.map(() => '---'), ['`limits: [{ requests: …, per: …, each: Instance }]`', ...cells]];
  return `${introduction}${lines.map((each) => `| ${each.join(' | ')} |`).join('\n')}\n`;
}
