const nanoseconds: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** The nanoseconds of a duration as Go writes it, such as `1.5s` or `1m30s`; `undefined` where it is none. */
export function nanosecondsOf(written: string): number | undefined {
  const parts = [...written.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  if (written === '0') return 0;
  if (written === '' || parts.map(([part]) => part).join('') !== written) return undefined;
  return parts.reduce((sum, [, amount = '', unit = '']) => sum + Number(amount) * (nanoseconds[unit] ?? 0), 0);
}
