import { hanging, wrap } from '../layout.js';
import { counted, shortList } from '../words.js';
import type { WaypointReport } from './waypoints-of.js';

const shownWaypoints = 6;
const shownReasons = 2;
const shownServices = 4;

/**
 * The waypoints for a person: what each costs, why it is there, and who goes down with one that is shared. `listing`: the
 * command that lists all.
 */
export function waypointsToText(
  waypoints: readonly WaypointReport[],
  columns: number,
  listing: string,
): readonly string[] {
  const rest = waypoints.length - shownWaypoints;
  const more = rest > 0 ? [`and ${counted(rest, 'more waypoint')}: \`${listing}\` lists all`] : [];
  return [...waypoints.slice(0, shownWaypoints).flatMap((each) => linesOf(each, columns)), ...more];
}

function linesOf(report: WaypointReport, columns: number): readonly string[] {
  const { cluster, waypoint } = report;
  const first = `waypoint ${waypoint} in ${cluster}: ${headingOf(report)}`;
  return [...wrap(first, columns), ...detailsOf(report).flatMap((line) => hanging('  ', line, columns))];
}

function headingOf({ state, services, namespaces, pods }: WaypointReport): string {
  const shared = namespaces.length > 1 ? ` of ${counted(namespaces.length, 'namespace')}` : '';
  const front = services.length === 0 ? 'no Service' : `${counted(services.length, 'Service')}${shared}`;
  if (state === 'unneeded') return `no longer needed, in front of ${front}`;
  return pods === undefined ? `used as it is, in front of ${front}` : `${costOf(pods)}, in front of ${front}`;
}

function costOf({ replicas, maxReplicas, cpuMillicores, memoryMebibytes }: NonNullable<WaypointReport['pods']>) {
  const range = maxReplicas === null ? counted(replicas, 'pod') : `${replicas} to ${counted(maxReplicas, 'pod')}`;
  return `${range}, asking for ${cpuMillicores}m CPU and ${memoryMebibytes}Mi memory${maxReplicas === null ? '' : ' at least'}`;
}

function detailsOf(report: WaypointReport): readonly string[] {
  const { state, reasons, services, namespaces } = report;
  if (state === 'unneeded') return [whatToDo(report)];
  const hidden = reasons.length - shownReasons;
  return [
    ...reasons.slice(0, shownReasons).map((reason) => `because ${reason}`),
    ...(hidden > 0 ? [`and for ${counted(hidden, 'more reason')}`] : []),
    ...(namespaces.length > 1 ? [`without it nobody reaches ${shortList(services, shownServices)}`] : []),
  ];
}

function whatToDo({ isWritten, services }: WaypointReport): string {
  const nothing = 'nothing that the intents say needs it';
  if (services.length === 0) return `${nothing}, and no label leads to it: delete it`;
  const labels = `the label \`istio.io/use-waypoint\` that leads ${shortList(services, shownServices)} to it`;
  return `${nothing}: take away ${labels}${isWritten ? ', and Ambit writes it no longer' : ', then delete it'}`;
}
