import type { JsonObject } from '../../parse/document.js';
import type { Requests } from '../lift/lifted.js';
import { commonPort, itemsFor, type Numbering, type Target } from '../names/targets.js';
import type { Subject } from '../subjects.js';

const anything: Requests = { port: undefined, exceptPorts: [], looks: {}, except: [] };

/** The requests of a rule to everybody in the scope. */
export function toEverybody(
  requests: readonly Requests[],
  subjects: readonly Subject[],
): readonly JsonObject[] | undefined {
  const portOf = (port: number): JsonObject => ({ port: commonPort(subjects, port) });
  const items = requests.map((each) => ({
    ...(each.port !== undefined && portOf(each.port)),
    ...restOf(each, portOf),
  }));
  return items.length === 0 || items.some((item) => Object.keys(item).length === 0) ? undefined : items;
}

/** The requests of a rule to some targets by name; `isScope`: to the one that is the scope. */
export function toTargets(
  requests: readonly Requests[],
  targets: readonly Target[],
  isScope: boolean,
  numbering: Numbering,
): readonly JsonObject[] | undefined {
  const wanted = requests.length === 0 ? [anything] : requests;
  const items = targets.flatMap((target) =>
    wanted.flatMap((each) =>
      itemsFor(target, each.port, isScope, numbering).map((item) => ({
        ...item,
        ...restOf(each, (port) => itemsFor(target, port, true, numbering)[0] ?? { port }),
      })),
    ),
  );
  return items.some((item) => Object.keys(item).length === 0) ? undefined : items;
}

function restOf({ looks, except, exceptPorts }: Requests, portOf: (port: number) => JsonObject): JsonObject {
  const all = [...except, ...exceptPorts.map((port) => ({ port: portOf(port).port ?? port }))];
  return { ...looks, ...(all.length > 0 && { except: all }) };
}
