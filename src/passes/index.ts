import { classifyLayer } from './classify-layer.js';
import { normalize } from './normalize.js';
import type { Pass } from './pass.js';
import { planWaypoints } from './plan-waypoints.js';
import { spreadDenials, spreadToWaypoints } from './spread-rules.js';

/** The passes before placement, in order, each with the reason for its position. */
export const passes: readonly Pass[] = [
  // First, so that every later step and every dump is the same however the intents were written.
  normalize,
  // Planning asks what needs a proxy that parses requests.
  classifyLayer,
  // Before planning: a denial that holds for another Service of the same pods may need a waypoint there too.
  spreadDenials,
  planWaypoints,
  // After planning: it asks which destinations have a waypoint in front, as placement does.
  spreadToWaypoints,
];
