import { type Assumable, amountOf } from '../../migrate/assumptions.js';
import type { Cost, CostAssumptions } from '../../migrate/cost.js';
import { counted } from '../words.js';

/** Both sides of a migration as a table in Markdown, and what was assumed. */
export function costTable(before: Cost, after: Cost, assumptions: CostAssumptions): readonly string[] {
  const row = (title: string, of: (cost: Cost) => string) => `| ${title} | ${of(before)} | ${of(after)} |`;
  const { nodes, requests, isCounted, assume } = assumptions;
  const of = (what: Assumable) => Math.round(amountOf(assume, what));
  const own = Object.keys(assume).map((what) => `\`${what}\``);
  const except =
    own.length === 0 ? '; `--assume` says otherwise' : `, but for what \`--assume\` says: ${own.join(', ')}`;
  const pods = amountOf(assume, 'node.pods');
  return [
    '| what proxies ask for | before | after |',
    '| --- | --- | --- |',
    row('sidecars', ({ sidecars }) => String(sidecars)),
    row('pods of waypoints', ({ waypoints }) => String(waypoints)),
    row('ztunnels', ({ ztunnels }) => String(ztunnels)),
    row('CPU', ({ cpuMillicores }) => `${cpuMillicores}m`),
    row('memory', ({ memoryMebibytes }) => `${memoryMebibytes}Mi`),
    '',
    `Assumed: ${counted(nodes, 'node')} (${isCounted ? 'as given' : `one for ${pods} pods; \`--nodes\` says otherwise`}), ${requests} requests a second ` +
      `(\`--requests\`); a sidecar ${of('sidecar.cpu')}m and ${of('sidecar.memory')}Mi, a waypoint's pod ${of('waypoint.cpu')}m and ` +
      `${of('waypoint.memory')}Mi, a ztunnel ${of('ztunnel.cpu')}m and ${of('ztunnel.memory')}Mi, as Istio's charts have them; added for load ` +
      `${of('sidecar.load')}m, ${of('waypoint.load')}m and ${of('ztunnel.load')}m for a thousand requests a second${except}.`,
  ];
}
