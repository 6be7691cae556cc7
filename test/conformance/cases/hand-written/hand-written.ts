import type { JsonObject } from '../../../../src/parse/document.js';
import { pathNormalizations } from '../../../../src/parse/mesh.js';
import { type Dice, diceOf } from '../dice.js';
import { meshDocument } from '../project.js';
import type { Standing } from '../standing.js';
import { peerAuthentication, requestAuthentication } from './authentication.js';
import { authorizationPolicy } from './authorization.js';
import { clientObjects } from './clients.js';
import { type Theme, themes } from './theme.js';
import { worldOf } from './world.js';

/** Meshes as people write them by hand, on each theme in turn; the same for the same seed. */
export function handWritten(seed: number, count: number): Standing[] {
  return Array.from({ length: count }, (_, index) => {
    const theme = themes[index % themes.length] ?? 'policies';
    return standingOf(theme, `hand-written/${theme.replace(' ', '-')}-${seed}-${index}`);
  });
}

const cluster = 'main';

function standingOf(theme: Theme, name: string): Standing {
  const dice = diceOf(name);
  return { name, cluster, mesh: meshOf(theme, dice), objects: objectsOf(theme, dice) };
}

function meshOf(theme: Theme, dice: Dice): JsonObject {
  return meshDocument({
    ...(theme === 'trust domains' && { trustDomain: 'prod.example', trustDomainAliases: ['old.example'] }),
    clusters: [{ name: cluster, istio: { sidecarsListenHbone: dice.chance(0.75), ...meshConfigOf(theme, dice) } }],
    callers: [{ name: 'office', ipBlocks: ['203.0.113.0/24'] }],
  });
}

function meshConfigOf(theme: Theme, dice: Dice): JsonObject {
  if (theme !== 'mesh config') return {};
  return {
    ...(dice.chance(0.3) && { enableAutoMtls: false }),
    ...(dice.chance(0.6) && { pathNormalization: { normalization: dice.pick(pathNormalizations) } }),
    ...(dice.chance(0.3) && { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }),
    ...(dice.chance(0.2) && { defaultServiceExportTo: [dice.pick(['.', '*'])] }),
    ...(dice.chance(0.2) && { discoverySelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }] }),
  };
}

function objectsOf(theme: Theme, dice: Dice): readonly JsonObject[] {
  const world = worldOf(theme, dice);
  const several = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: dice.below(most + 1) }, (_, index) => make(index));
  return [
    ...world.objects,
    authorizationPolicy(world, 0, dice),
    ...several(3, (index) => authorizationPolicy(world, index + 1, dice)),
    ...several(theme === 'mutual TLS' ? 5 : 2, (index) => peerAuthentication(world, index, dice)),
    ...(theme === 'tokens' ? several(3, (index) => requestAuthentication(world, index, dice)) : []),
    ...clientObjects(world, dice),
  ];
}
