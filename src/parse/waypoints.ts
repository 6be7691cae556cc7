import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { Cursor } from './cursor.js';

/** What a project says of the waypoints that are planned. */
export interface WrittenWaypoints {
  readonly everywhere: WaypointWishes;
  readonly overrides: readonly WaypointOverride[];
  readonly span: Span;
}

interface WaypointOverride extends WaypointWishes {
  readonly namespaces: ReadonlyArray<Located<string>>;
}

/** What is not written is `undefined`. */
export interface WaypointWishes {
  readonly placement: WaypointPlacement | undefined;
  /** `namespace/name` of a shared one. */
  readonly in: Located<string> | undefined;
  readonly replicas: Located<number> | undefined;
  readonly maxReplicas: Located<number> | undefined;
  readonly disruption: Located<Disruption> | undefined;
}

export type WaypointPlacement = 'Namespace' | 'Service' | 'Shared';

/** What an eviction leaves of its pods, or takes: a number of them, or a share. */
export interface Disruption {
  readonly bound: 'minAvailable' | 'maxUnavailable';
  readonly pods: number | string;
}

export function readWaypoints(waypoints: Cursor): WrittenWaypoints {
  return {
    everywhere: readWishes(waypoints),
    overrides:
      waypoints.optional('overrides', (list) =>
        list.items().map((item) => ({
          namespaces: item
            .field('namespaces')
            .items()
            .map((name) => name.text()),
          ...readWishes(item),
        })),
      ) ?? [],
    span: waypoints.keySpan,
  };
}

function readWishes(node: Cursor): WaypointWishes {
  return {
    placement: node.optional('placement', (field) => field.text().value as WaypointPlacement),
    in: node.optional('in', (field) => field.text()),
    replicas: node.optional('replicas', numberOf),
    maxReplicas: node.optional('maxReplicas', numberOf),
    disruption: node.optional('disruption', readDisruption),
  };
}

export function readDisruption(node: Cursor): Located<Disruption> {
  const [field] = node.fields();
  const bound = field?.key as Disruption['bound'];
  return { value: { bound, pods: node.field(bound).value as Disruption['pods'] }, span: node.span };
}

function numberOf({ value, span }: Cursor): Located<number> {
  return { value: value as number, span };
}
