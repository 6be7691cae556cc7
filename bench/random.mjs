/**
 * A seeded source of choices: the same seed makes the same mesh on every machine.
 * mulberry32, 32 bits of state; good enough to spread names, and nothing else depends on it.
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (items) => items[below(items.length)];
  return { below, pick, chance: (share) => next() < share, weighted: (shares) => weighted(shares, next()) };
}

/** The key in whose part of the whole the point falls. */
function weighted(shares, point) {
  const entries = Object.entries(shares);
  let rest = point * entries.reduce((sum, [, share]) => sum + share, 0);
  for (const [key, share] of entries) {
    if (rest < share) return key;
    rest -= share;
  }
  return entries[0][0];
}
