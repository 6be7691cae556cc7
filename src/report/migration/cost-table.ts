import { type Cost, type CostAssumptions, shares } from '../../migrate/cost.js';
import { counted } from '../words.js';

/** Both sides of a migration as a table in Markdown, and what was assumed. */
export function costTable(before: Cost, after: Cost, assumptions: CostAssumptions): readonly string[] {
  const row = (title: string, of: (cost: Cost) => string) => `| ${title} | ${of(before)} | ${of(after)} |`;
  const { nodes, requests, isCounted } = assumptions;
  const { sidecar, waypoint, ztunnel } = shares;
  return [
    '| what proxies ask for | before | after |',
    '| --- | --- | --- |',
    row('sidecars', ({ sidecars }) => String(sidecars)),
    row('pods of waypoints', ({ waypoints }) => String(waypoints)),
    row('ztunnels', ({ ztunnels }) => String(ztunnels)),
    row('CPU', ({ cpuMillicores }) => `${cpuMillicores}m`),
    row('memory', ({ memoryMebibytes }) => `${memoryMebibytes}Mi`),
    '',
    `Assumed: ${counted(nodes, 'node')} (${isCounted ? 'as given' : 'one for thirty pods; `--nodes` says otherwise'}), ${requests} requests a second ` +
      `(\`--requests\`); a sidecar ${sidecar.cpu}m and ${sidecar.memory}Mi, a waypoint's pod ${waypoint.cpu}m and ${waypoint.memory}Mi, a ztunnel ` +
      `${ztunnel.cpu}m and ${ztunnel.memory}Mi, as Istio's charts have them; under load ${sidecar.load}m, ${waypoint.load}m and ${ztunnel.load}m for a thousand ` +
      'requests a second.',
  ];
}
