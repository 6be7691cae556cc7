import type { JsonObject } from '../parse/document.js';
import type { Origin } from '../resolve/resolved.js';

/** What the sidecars of a namespace, or of some of its pods, know of the mesh. */
export interface PlacedSidecar {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** `undefined`: every pod of the namespace. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  /** As a Sidecar names them, `namespace/host`: sorted. */
  readonly hosts: readonly string[];
  /** What the Sidecar of the root namespace says of other things, whose place this one takes. */
  readonly kept: JsonObject;
  readonly purpose: string;
  readonly origin: Origin;
}
