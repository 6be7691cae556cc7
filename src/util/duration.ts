const units = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** Milliseconds of a Gateway API duration such as `1m30s` (at most four parts of at most five digits each). */
export function milliseconds(duration: string): number {
  return [...duration.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (total, [, count, unit]) => total + Number(count) * units[unit as keyof typeof units],
    0,
  );
}

/** The same in words: `1m30s`, `500ms`. */
export function durationText(duration: number): string {
  let rest = duration;
  const parts = Object.entries(units).map(([unit, size]) => {
    const count = unit === 'ms' ? rest : Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return parts.join('') || '0s';
}
