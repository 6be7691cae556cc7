import { indexesOf } from '../../algebra/bits.js';
import type { CallerKind, Callers } from '../../algebra/callers.js';
import { nobody } from '../../algebra/mentions.js';
import type { Source } from '../../mesh/request.js';
import { appliesTo } from '../../mesh/routes/obeyed-rules.js';
import type { VersionRule } from '../../mesh/routes/read/read-versions.js';
import { type CallerContext, isMeantFor } from '../traffic/callers.js';
import type { AskedPort } from './asked-port.js';

/** Callers who come the same way, and those of them whose proxies may keep to different things. */
export interface CallingKind {
  /** Everybody, of whom this is one kind. */
  readonly all: Callers;
  readonly kind: CallerKind;
  readonly sources: readonly Source[];
}

/** Everybody with a proxy, as DestinationRules tell them apart: by namespace, and by pod where one is for some pods (T-08). */
export function callingKinds({ pool }: CallerContext, asked: AskedPort): readonly CallingKind[] {
  const { cluster } = asked.destination;
  const rules = rulesFor(asked);
  const { readers } = asked.traffic;
  const namespaces = new Set([...rules.map(({ namespace }) => namespace), ...(readers ?? [])]);
  const callers = pool.callers(cluster, { ...nobody, namespaces });
  const isForSome = rules.some((rule) => rule.isForSome);
  return callers.kindsByNamespace
    .filter(({ representative: { caller } }) => caller.cluster === cluster && caller.speaks !== 'plaintext')
    .filter((kind) => isMeantFor(readers, kind))
    .map((kind) => ({
      all: callers,
      kind,
      sources: isForSome
        ? indexesOf(kind.callers).flatMap((index) => callers.classes[index]?.sources ?? [])
        : [kind.representative.source],
    }));
}

/** Every DestinationRule for a Service that leads to the pods. */
function rulesFor({ at, service, destination }: AskedPort): readonly VersionRule[] {
  const keys = new Set(destination.workloads.flatMap(({ services }) => services));
  const hosts = new Set([service.host, ...[...keys].flatMap((key) => at.cluster.services.get(key)?.host ?? [])]);
  return at.versions.filter(({ host }) => [...hosts].some((each) => appliesTo(host, each)));
}
