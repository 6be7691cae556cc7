import { type CallerClass, classesOf } from '../algebra/callers.js';
import { lastPort } from '../algebra/lanes.js';
import type { Mesh, MeshCluster } from '../mesh/mesh.js';
import type { NetworkPolicy } from '../mesh/network-policies/policy.js';
import { stoppedAtAddress } from '../mesh/paths/leaving.js';
import { outboundToUnknownHost } from '../mesh/paths/outbound.js';
import { sortedNumbers } from '../util/order.js';
import { namedTogether, type Told } from './alike.js';
import { closersOf } from './closers.js';
import type { AccessOut } from './out-of-mesh.js';

/** Who of a cluster may call hosts and addresses outside that no ServiceEntry makes known. */
export interface UnknownHosts {
  readonly cluster: string;
  readonly access: readonly AccessOut[];
}

/** A gateway sends nothing of its own, and nothing where no route leads. */
export function unknownHosts(mesh: Mesh, { cluster: { name } }: MeshCluster): UnknownHosts {
  const own = classesOf(mesh).filter(({ caller }) => caller.cluster === name && caller.speaks !== 'gateway');
  return { cluster: name, access: namedTogether(own.map(told)) };
}

function told(caller: CallerClass): Told<Content> {
  const content = contentOf(caller);
  return { caller, content, points: content.kind === 'all' ? [] : closersOf(caller.caller) };
}

type Content = Omit<AccessOut, 'who' | 'points' | 'workloads'>;

function contentOf({ caller }: CallerClass): Content {
  const base = { asks: [], needsToken: false, encryption: 'unknown' } as const;
  const outbound = outboundToUnknownHost(caller);
  if (outbound !== 'passed on') {
    return outbound.kind === 'no-path'
      ? { ...base, kind: 'none', through: [], because: undefined }
      : { ...base, kind: 'not-modelled', through: [], because: outbound.because };
  }
  const answers = portsOf(caller.networkPolicies ?? []).map((port) => ({ port, stop: stoppedAtAddress(caller, port) }));
  const open = answers.filter(({ stop }) => stop === undefined);
  if (open.length === answers.length) return { ...base, kind: 'all', through: [], because: undefined };
  const through = open.map(({ port }) => `port ${port}`);
  const doubt = answers.find(({ stop }) => stop?.kind === 'not-modelled')?.stop;
  if (doubt !== undefined) return { ...base, kind: 'not-modelled', through, because: doubt.because };
  return { ...base, kind: open.length === 0 ? 'none' : 'some', through, because: undefined };
}

/** The ports that NetworkPolicies name, and one for all others. */
function portsOf(policies: readonly NetworkPolicy[]): readonly number[] {
  const ranges = policies.flatMap(({ rules }) => rules.flatMap(({ ports = [] }) => ports));
  const named = ranges.flatMap((range) => (range.kind === 'numbers' ? [range.first, range.last] : []));
  return sortedNumbers([...named, lastPort]);
}
