import type { OutputFile } from '../../emit/output-files.js';
import type { CompileResult } from '../../pipeline.js';
import { keyInMesh, type Waypoint } from '../../topology/model.js';
import { waypointsAskedFor } from '../states/bindings.js';
import { subjectOf } from './commands.js';
import type { Command } from './phase.js';

/** Waypoints that Ambit did not write, which calls come through in one resting state, and nothing in the next. */
export function leftWaypoints(before: CompileResult, after: CompileResult): readonly Waypoint[] {
  const [was, is] = [waypointsInUse(before), waypointsInUse(after)];
  const written = new Set(before.files.flatMap(gatewayIn));
  return (before.topology?.clusters ?? [])
    .flatMap(({ waypoints }) => [...waypoints.values()])
    .filter((each) => was.has(keyInMesh(each)) && !is.has(keyInMesh(each)) && !written.has(keyInMesh(each)));
}

/** What a person may do with one of them. */
export function mayBeDeleted({ cluster, namespace, name }: Waypoint): Command {
  const inWords =
    `Gateway ${namespace}/${name}, which Ambit did not write, may go, since nothing asks for it any more: take it out of your ` +
    `manifests, and \`kubectl delete gateway ${name} --namespace ${namespace}\``;
  return { cluster, inWords };
}

/** Likewise on the way back. */
export function isNeededAgain({ cluster, namespace, name }: Waypoint): Command {
  return { cluster, inWords: `apply Gateway ${namespace}/${name} again if you have deleted it` };
}

/** Those that labels ask for, and those through which the compiler sends calls. */
function waypointsInUse({ topology, ir }: CompileResult): ReadonlySet<string> {
  const asked = (topology?.clusters ?? []).flatMap((cluster) =>
    [...waypointsAskedFor(cluster)].map((key) => `${cluster.name}/${key}`),
  );
  const chosen = (ir?.destinations ?? []).flatMap(({ waypoint }) => (waypoint ? [keyInMesh(waypoint)] : []));
  return new Set([...asked, ...chosen]);
}

function gatewayIn({ path }: OutputFile): readonly string[] {
  const { kind, ...subject } = subjectOf(path);
  return kind === 'gateway' ? [keyInMesh(subject)] : [];
}
