import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Acceptance } from '../parse/acceptance.js';
import type { Cluster, Topology } from '../topology/model.js';
import type { DestinationIndex } from './destinations.js';
import type { NameIndex } from './name-index.js';
import type { PlannedGateway } from './planned-gateway.js';
import type { GroupIndex } from './resolved.js';
import type { SourceIndex } from './sources.js';
import type { OutsideHosts } from './traffic/outside/outside-hosts.js';

/** What binding a name needs: the topology, its indexes, and somewhere to report. */
export interface ResolveContext extends BindContext {
  readonly topology: Topology;
  readonly outside: OutsideHosts;
  /** The Gateways that Ambit writes; the topology holds them already. */
  readonly planned: readonly PlannedGateway[];
}

/** What binding the rules of a scope needs: what is deployed is known by its indexes alone, which can tell what they were asked. */
export interface BindContext {
  readonly topology: Pick<Topology, 'mesh'> & {
    readonly clusters: ReadonlyArray<Pick<Cluster, 'name' | 'settings'>>;
  };
  readonly destinations: DestinationIndex;
  readonly sources: SourceIndex;
  readonly names: NameIndex;
  readonly groups: GroupIndex;
  /** Whether an acceptance holds today. One that does not is as good as absent. */
  isInForce(acceptance: Acceptance): boolean;
  /** Whether a day, as YYYY-MM-DD, is not over yet. */
  isBeforeEnd(until: string): boolean;
  report(diagnostic: Diagnostic): void;
}
