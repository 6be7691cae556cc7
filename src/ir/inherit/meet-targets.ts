import { workloadDestination } from '../../resolve/deployed-parts.js';
import { podPort, portsOf } from '../../resolve/ports.js';
import type { Destination, DestinationPort, Target } from '../../resolve/resolved.js';
import { keyInMesh, type Workload } from '../../topology/model.js';
import { type Excess, meetConditions } from './meet-conditions.js';
import { isUnsayable, type Meeting } from './meeting.js';

export interface CommonTarget {
  readonly target: Target;
  readonly excess: Excess | undefined;
}

/** The destinations and requests of which two targets both speak. A rule that names a Service is about requests to that one. */
export function meetTargets(own: Target, wide: Target): Meeting<CommonTarget> {
  if (own.named && wide.named && own.destination.id !== wide.destination.id) return [];
  const theirs = new Set(wide.destination.workloads.map(keyInMesh));
  const shared = own.destination.workloads.filter((workload) => theirs.has(keyInMesh(workload)));
  if (shared.length === 0) return [];
  const requests = meetConditions(own.conditions, wide.conditions);
  if (isUnsayable(requests)) return requests;
  const [looks] = requests;
  if (looks === undefined) return [];
  const { conditions, excess } = looks;
  const homes = homesOf(own, wide, shared);
  if (isUnsayable(homes)) return homes;
  const found: CommonTarget[] = [];
  for (const { destination, named } of homes) {
    const ports = meetPorts(destination, own, wide);
    if (isUnsayable(ports)) return ports;
    const base = { destination, named, conditions, span: own.span };
    found.push(...ports.map((place) => ({ target: { ...place, ...base }, excess })));
  }
  return found;
}

type Home = Pick<Target, 'destination' | 'named'>;

/** The destination that holds exactly the pods of both, or else one for each of their workloads. */
function homesOf(own: Target, wide: Target, shared: readonly Workload[]): Meeting<Home> {
  const isWhole = ({ destination }: Target) => destination.workloads.length === shared.length;
  const named = [own, wide].find((each) => each.named);
  if (named !== undefined && !isWhole(named)) {
    const { name } = named.destination;
    const because = `only some of the pods of service ${name} are meant by both, and the Service leads to all`;
    return { because, witness: `a request to ${name} arrives at any of its pods` };
  }
  const home = named ?? [own, wide].find(isWhole);
  if (home !== undefined) return [{ destination: home.destination, named: home.named }];
  return shared.map((workload) => ({ destination: workloadDestination(workload), named: false }));
}

type Place = Pick<Target, 'ports' | 'exceptPorts'>;

/** The ports of a destination that both mean; nothing where there are none. */
function meetPorts(destination: Destination, own: Target, wide: Target): Meeting<Place> {
  const [mine, theirs] = [own, wide].map((target) => placeAt(destination, target));
  if (mine === undefined || theirs === undefined) return [];
  const except = [...mine.exceptPorts, ...theirs.exceptPorts];
  if (mine.ports === undefined && theirs.ports === undefined) return [{ ports: undefined, exceptPorts: except }];
  const removed = new Set(except.map(keyOf));
  const [some, others] = mine.ports === undefined ? [theirs.ports ?? [], undefined] : [mine.ports, theirs.ports];
  const known = others && new Set(others.map(keyOf));
  const ports = some.filter((port) => (known?.has(keyOf(port)) ?? true) && !removed.has(keyOf(port)));
  return ports.length === 0 ? [] : [{ ports, exceptPorts: [] }];
}

/** The ports of a target as another destination of its pods calls them. */
function placeAt(destination: Destination, { destination: home, ports, exceptPorts }: Target): Place {
  if (home.id === destination.id) return { ports, exceptPorts };
  const translate = (some: readonly DestinationPort[]) => {
    const numbers = new Set(some.flatMap(({ pod }) => pod));
    const own = portsOf(destination).filter(({ pod }) => pod.length > 0 && pod.every((number) => numbers.has(number)));
    const covered = new Set(own.flatMap(({ pod }) => pod));
    const alone = [...numbers].filter((number) => !covered.has(number));
    return [...own, ...alone.map((number) => podPort(number, String(number)))];
  };
  return { ports: ports && translate(ports), exceptPorts: translate(exceptPorts) };
}

function keyOf({ service, pod }: DestinationPort): string {
  return `${service ?? ''} ${pod}`;
}
