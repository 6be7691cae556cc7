import { classifyLayer } from './classify-layer.js';
import { deniedRules } from './denied-rules.js';
import { normalize } from './normalize.js';
import type { Pass } from './pass.js';
import { planWaypoints } from './plan-waypoints.js';
import { spreadAllows, spreadDenials, spreadRequests } from './spread-rules.js';

/** The passes before placement, in order, each with the reason for its position. */
export const passes: readonly Pass[] = [
  // First, so that every later step and every dump is the same however the intents were written.
  normalize,
  // Before spreading: what is written contradicts itself, not what becomes of it.
  deniedRules,
  // Spreading and planning ask what needs a proxy that parses requests.
  classifyLayer,
  // Before planning: a rule that holds for another Service of the same pods may need a waypoint there too.
  spreadRequests,
  planWaypoints,
  // After planning: they ask which destinations have a waypoint in front. Allows first: a denial asks whom they let in.
  spreadAllows,
  spreadDenials,
];
