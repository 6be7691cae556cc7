import type { Mesh } from '../../mesh/mesh.js';
import { allOnwardFrom } from '../../mesh/paths/onward.js';
import { waysThrough } from '../../mesh/paths/through-gateways.js';
import type { Way } from '../../mesh/paths/ways.js';
import { closestTo } from '../../mesh/routes/owner/at-gateway.js';

/** The ways of all requests for a host, those that lead to a gateway followed by all of its rules for the host. */
export function allThroughGateways(mesh: Mesh, ways: readonly Way[], host: string): readonly Way[] {
  const any = { kind: 'http', method: 'GET', path: '/', host, headers: {} } as const;
  return ways.flatMap((way) => {
    const followed = waysThrough(mesh, [way], any);
    const through = followed[0]?.through;
    const onward = through && allOnwardFrom(mesh)(through.gateway);
    if (through === undefined || onward === undefined || onward === 'nothing') return followed;
    const name = closestTo(
      host,
      onward.named.map((each) => each.name),
    );
    const next = onward.named.find((each) => each.name === name)?.ways ?? [];
    const { cluster, gateway } = through.gateway;
    const source = { kind: 'gateway', cluster, gateway } as const;
    return next.map((each) => ({
      ...way,
      share: way.share * each.share,
      end: each.end,
      copy: way.copy ?? each.copy,
      through: { ...through, onward: { source, sender: onward.sender, way: each } },
    }));
  });
}

/** The way from the last gateway on it; a way itself where it leads through none. */
export function lastPart(way: Way): Way {
  const { onward } = way.through ?? {};
  return onward === undefined ? way : lastPart(onward.way);
}
